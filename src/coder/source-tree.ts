import { TurboError } from '../domain/errors.ts';
import type { Sandbox } from '../sandbox/sandbox.ts';

/** The content of every source file by its path. */
export type SourceTree = ReadonlyMap<string, string>;

/** What became of a tree: a file's new content, null when it is gone. Small JSON, so that a checkpoint can hold it. */
export type TreeChanges = Readonly<Record<string, string | null>>;

/** A file that is larger is nobody's source; a checkpoint has to hold it. */
export const LARGEST_SOURCE_CHARACTERS = 200_000;

/** Everything but what tools and the system keep in a project's folder. */
const SOURCE_ENTRIES =
  'find . -mindepth 1 -maxdepth 1 ! -name node_modules ! -name .home ! -name .tmp ! -name .cache ! -name receipt ! -name .env -exec rm -rf {} +';

/** Makes the sandbox hold these files and no others, whatever a crash or a command has left there. */
export async function writeTree(sandbox: Sandbox, tree: SourceTree): Promise<void> {
  try {
    await writeDifferences(sandbox, tree);
  } catch (error) {
    if (!isRefusedPath(error)) throw error;
    // A command has put a link, a folder or thousands of files where the source was.
    await sandbox.run(['/bin/sh', '-c', SOURCE_ENTRIES]);
    await writeDifferences(sandbox, tree);
  }
}

async function writeDifferences(sandbox: Sandbox, tree: SourceTree): Promise<void> {
  const paths = new Set(await sandbox.listFiles());
  const files = [...tree].map(([path, content]) => ({ path, content }));
  const same = await Promise.all(
    files.map(async ({ path, content }) => paths.has(path) && (await sandbox.readFile(path)) === content),
  );
  await sandbox.writeFiles(files.filter((_, index) => same[index] !== true));
  for (const path of paths) if (!tree.has(path)) await sandbox.deleteFile(path);
}

/** What differs from the tree in the sandbox. Files that are too large are left out, and named. */
export async function readChanges(
  sandbox: Sandbox,
  tree: SourceTree,
): Promise<{ readonly changes: TreeChanges; readonly tooLarge: readonly string[] }> {
  const paths = await sandbox.listFiles();
  const changes: Record<string, string | null> = {};
  const tooLarge: string[] = [];
  const contents = await Promise.all(paths.map((path) => readSmall(sandbox, path)));
  for (const [index, path] of paths.entries()) {
    const content = contents[index];
    if (content === undefined) tooLarge.push(path);
    else if (content !== tree.get(path)) changes[path] = content;
  }
  const left = new Set(paths);
  for (const path of tree.keys()) if (!left.has(path)) changes[path] = null;
  return { changes, tooLarge };
}

async function readSmall(sandbox: Sandbox, path: string): Promise<string | undefined> {
  try {
    const content = await sandbox.readFile(path);
    return content.length > LARGEST_SOURCE_CHARACTERS ? undefined : content;
  } catch (error) {
    if (isRefusedPath(error)) return undefined;
    throw error;
  }
}

export function changeTree(tree: SourceTree, changes: TreeChanges): SourceTree {
  const changed = new Map(tree);
  for (const [path, content] of Object.entries(changes)) {
    if (content === null) changed.delete(path);
    else changed.set(path, content);
  }
  return changed;
}

export function isRefusedPath(error: unknown): error is TurboError {
  return error instanceof TurboError && error.code === 'SANDBOX_PATH_REFUSED';
}
