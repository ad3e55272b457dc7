import { existsSync } from 'node:fs';
import { constants, lstat, mkdir, open, readdir, rename, rm, unlink, type FileHandle } from 'node:fs/promises';
import { join } from 'node:path';
import { TurboError } from '../domain/errors.ts';
import { randomText } from '../domain/ids.ts';
import type { SourceFile } from '../domain/source-file.ts';
import { checkedParts, isTooDeep, refusedPath } from './project-path.ts';
import { Slots } from '../domain/slots.ts';
import { isSourceFile, isSourceFolder } from './source-listing.ts';

/** A folder on the way to a file. `path` is good for system calls only. */
interface OpenFolder {
  readonly handle: FileHandle;
  readonly path: string;
}

const MOST_FILES = 5000;
const MOST_ENTRIES = 20_000;
// Each holds a file and the folders above it open, and a process may have 1024 open on many machines.
const MOST_AT_ONCE = 16;
const LARGEST_FILE_BYTES = 8 * 1024 * 1024;
const DRAFT = '.turbobackend-draft-';

const REASONS: ReadonlyMap<string, string> = new Map([
  ['ENOENT', 'there is no such file'],
  ['ELOOP', 'it is a link'],
  ['ENOTDIR', 'a part of it is a link or no folder'],
  ['EISDIR', 'it is a folder'],
  ['EPERM', 'it is a folder'],
]);

const { O_RDONLY, O_WRONLY, O_CREAT, O_EXCL, O_DIRECTORY, O_NOFOLLOW, O_NONBLOCK } = constants;

/**
 * The files of a folder whose content is not trusted. No link is ever followed, whatever the project's own commands do
 * to the folder meanwhile: each folder on the way is opened from the one before it, and used through that handle.
 */
export class ProjectFolder {
  readonly #root: string;
  readonly #owner: number | undefined;
  readonly #slots = new Slots(MOST_AT_ONCE);

  /** `owner`: the user that files and folders are given to when we are root. */
  constructor(root: string, owner: number | undefined) {
    this.#root = root;
    this.#owner = owner;
  }

  async read(path: string): Promise<string> {
    return this.#inFolderOf(path, false, async (folder, name) => {
      // Without waiting: a named pipe would keep us forever.
      const handle = await open(join(folder, name), O_RDONLY | O_NOFOLLOW | O_NONBLOCK);
      try {
        const { size, isFile } = await handle.stat().then((stats) => ({ size: stats.size, isFile: stats.isFile() }));
        if (!isFile) throw refusedPath(path, 'it is not a file');
        if (size > LARGEST_FILE_BYTES) throw refusedPath(path, `it has more than ${LARGEST_FILE_BYTES} bytes`);
        return await handle.readFile('utf8');
      } finally {
        await handle.close();
      }
    });
  }

  async write(file: SourceFile & { readonly mode?: number }): Promise<void> {
    await this.#inFolderOf(file.path, true, async (folder, name) => {
      const target = join(folder, name);
      if (await isLink(target)) throw refusedPath(file.path, 'it is a link');
      const draft = join(folder, `${DRAFT}${randomText(8)}`);
      try {
        await this.#writeDraft(draft, file);
        await rename(draft, target);
      } catch (error) {
        await rm(draft, { force: true });
        throw error;
      }
    });
  }

  /** Resolves when there is no such file; a link is removed, not what it points to. */
  async delete(path: string): Promise<void> {
    try {
      await this.#inFolderOf(path, false, (folder, name) => unlink(join(folder, name)));
    } catch (error) {
      if (!(error instanceof TurboError) || (error.cause as NodeJS.ErrnoException | undefined)?.code !== 'ENOENT')
        throw error;
    }
  }

  async list(): Promise<readonly string[]> {
    const root = await this.#openRoot();
    try {
      const found: string[] = [];
      await collect(root, '', found, { entries: 0 });
      return found.toSorted();
    } finally {
      await root.handle.close();
    }
  }

  async #writeDraft(draft: string, file: SourceFile & { readonly mode?: number }): Promise<void> {
    const handle = await open(draft, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW, 0o600);
    try {
      await handle.writeFile(file.content);
      if (this.#owner !== undefined) await handle.chown(this.#owner, this.#owner);
      await handle.chmod(file.mode ?? 0o644);
    } finally {
      await handle.close();
    }
  }

  /** Calls `use` with the folder that holds the file, as a path which leads nowhere else, and the file's name. */
  async #inFolderOf<T>(path: string, create: boolean, use: (folder: string, name: string) => Promise<T>): Promise<T> {
    const folders = checkedParts(path);
    const name = folders.pop() as string;
    return this.#slots.use(() => this.#throughFolders(path, folders, create, (folder) => use(folder, name)));
  }

  async #throughFolders<T>(
    path: string,
    folders: readonly string[],
    create: boolean,
    use: (folder: string) => Promise<T>,
  ): Promise<T> {
    const handles: FileHandle[] = [];
    try {
      let folder = await this.#openRoot();
      handles.push(folder.handle);
      for (const part of folders) {
        folder = await this.#enter(folder, part, create);
        handles.push(folder.handle);
      }
      return await use(folder.path);
    } catch (error) {
      if (error instanceof TurboError) throw error;
      throw refusedPath(path, reasonOf(error as NodeJS.ErrnoException), error);
    } finally {
      await Promise.all(handles.map((handle) => handle.close()));
    }
  }

  /** The root may be reached by links: those are the user's. */
  async #openRoot(): Promise<OpenFolder> {
    const handle = await open(this.#root, O_RDONLY | O_DIRECTORY);
    return { handle, path: pathOf(handle, this.#root) };
  }

  async #enter(folder: OpenFolder, name: string, create: boolean): Promise<OpenFolder> {
    if (create) await makeFolder(join(folder.path, name));
    const entered = await enterFolder(folder, name);
    if (create && this.#owner !== undefined) await giveTo(entered.handle, this.#owner);
    return entered;
  }
}

async function enterFolder(folder: OpenFolder, name: string): Promise<OpenFolder> {
  const path = join(folder.path, name);
  const handle = await open(path, O_RDONLY | O_DIRECTORY | O_NOFOLLOW);
  return { handle, path: pathOf(handle, path) };
}

/**
 * On Linux a path that starts at the open handle itself, so that nobody can put a link in its place. Elsewhere the
 * plain path: there we are never another user than the project's commands, who could go through such a link themselves.
 */
function pathOf(handle: FileHandle, path: string): string {
  return existsSync('/proc/self/fd') ? `/proc/self/fd/${handle.fd}` : path;
}

async function makeFolder(path: string): Promise<void> {
  await mkdir(path, { mode: 0o755 }).catch((error: NodeJS.ErrnoException) => {
    if (error.code !== 'EEXIST') throw error;
  });
}

async function giveTo(handle: FileHandle, owner: number): Promise<void> {
  const { uid } = await handle.stat();
  if (uid !== owner) await handle.chown(owner, owner);
}

async function isLink(path: string): Promise<boolean> {
  return lstat(path).then(
    (stats) => stats.isSymbolicLink(),
    () => false,
  );
}

async function collect(folder: OpenFolder, prefix: string, found: string[], seen: { entries: number }): Promise<void> {
  for (const entry of await readdir(folder.path, { withFileTypes: true })) {
    const path = prefix + entry.name;
    if (++seen.entries > MOST_ENTRIES) throw refusedPath(prefix, `the project has more than ${MOST_ENTRIES} entries`);
    if (entry.isFile() && isSourceFile(path) && !entry.name.startsWith(DRAFT)) found.push(path);
    if (found.length > MOST_FILES) throw refusedPath(prefix, `the project has more than ${MOST_FILES} files`);
    if (entry.isDirectory() && isSourceFolder(path)) await collectBelow(folder, entry.name, path, found, seen);
  }
}

async function collectBelow(
  folder: OpenFolder,
  name: string,
  path: string,
  found: string[],
  seen: { entries: number },
): Promise<void> {
  if (isTooDeep(path)) throw refusedPath(path, 'it is too many folders deep');
  const below = await enterFolder(folder, name);
  try {
    await collect(below, `${path}/`, found, seen);
  } finally {
    await below.handle.close();
  }
}

function reasonOf(error: NodeJS.ErrnoException): string {
  return REASONS.get(error.code ?? '') ?? error.message;
}
