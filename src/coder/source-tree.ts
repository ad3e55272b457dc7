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
  const there = await sandbox.readFiles(files.map(({ path }) => path).filter((path) => paths.has(path)));
  const contents = new Map(there.map(({ path, content }) => [path, content]));
  await sandbox.writeFiles(files.filter(({ path, content }) => contents.get(path) !== content));
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
  for (const { path, content } of await readAll(sandbox, paths)) {
    if (content !== undefined && content === tree.get(path)) continue;
    if (content === undefined || content.length > LARGEST_SOURCE_CHARACTERS) tooLarge.push(path);
    else changes[path] = content;
  }
  const left = new Set(paths);
  for (const path of tree.keys()) if (!left.has(path)) changes[path] = null;
  return { changes, tooLarge };
}

interface ReadFile {
  readonly path: string;
  /** Undefined for one that the sandbox does not hand out. */
  readonly content: string | undefined;
}

/** In one go; one after the other only when there is one among them that is refused. */
async function readAll(sandbox: Sandbox, paths: readonly string[]): Promise<readonly ReadFile[]> {
  try {
    return await sandbox.readFiles(paths);
  } catch (error) {
    if (!isRefusedPath(error)) throw error;
    return Promise.all(paths.map((path) => readUnlessRefused(sandbox, path)));
  }
}

async function readUnlessRefused(sandbox: Sandbox, path: string): Promise<ReadFile> {
  try {
    return { path, content: await sandbox.readFile(path) };
  } catch (error) {
    if (isRefusedPath(error)) return { path, content: undefined };
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
