import { readdir, readlink, rename, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { randomText } from '../domain/ids.ts';
import { markRuntimeUsed, type BackendRuntime } from './backend-runtime.ts';

/** A process marks its runtime when it starts and, a service, whenever it does this. */
const UNUSED_MS = 86_400_000;

interface RuntimeUse {
  readonly home: string;
  /** The caller's own, which is kept. */
  readonly runtime: BackendRuntime;
  /** Whose folders link to a runtime as `node_modules`, themselves or in their `releases`. */
  readonly roots: readonly string[];
  /** Default: a day. */
  readonly unusedMs?: number | undefined;
}

/**
 * Removes the runtimes in `home` that no project and no release links to and that no process has marked for a day, as
 * an upgrade leaves them, and what a killed process left of one that it was making. Where it cannot see all links it
 * rejects and removes nothing. Resolves to the names of the folders.
 */
export async function forgetOldRuntimes({
  home,
  runtime,
  roots,
  unusedMs = UNUSED_MS,
}: RuntimeUse): Promise<readonly string[]> {
  await markRuntimeUsed(runtime);
  const old: string[] = [];
  for (const name of await readdir(home)) {
    if (/^\.?runtime-[0-9a-f]{12}(\.[0-9a-z]+)?$/.test(name) && (await isUnused(join(home, name), unusedMs)))
      old.push(name);
  }
  if (old.length === 0) return [];
  const linked = new Set((await Promise.all(roots.map(findLinks))).flat());
  const unlinked = old.filter((name) => !linked.has(join(home, name, 'node_modules')));
  for (const name of unlinked) await removeRuntime(home, name);
  return unlinked;
}

async function isUnused(folder: string, unusedMs: number): Promise<boolean> {
  const found = await stat(folder).catch(unlessMissing);
  return found !== undefined && found.mtimeMs < Date.now() - unusedMs;
}

async function findLinks(root: string): Promise<readonly string[]> {
  const links: string[] = [];
  for (const project of await list(root)) {
    const releases = join(root, project, 'releases');
    const folders = [join(root, project), ...(await list(releases)).map((release) => join(releases, release))];
    for (const folder of folders) {
      const target = await readlink(join(folder, 'node_modules')).catch(unlessMissing);
      if (target !== undefined) links.push(target);
    }
  }
  return links;
}

async function list(folder: string): Promise<readonly string[]> {
  return (await readdir(folder).catch(unlessMissing)) ?? [];
}

/** Moved first, so that nobody finds half a runtime in its place. */
async function removeRuntime(home: string, name: string): Promise<void> {
  const trash = name.startsWith('.') ? join(home, name) : join(home, `.${name}.${randomText(8)}`);
  if (!name.startsWith('.')) await rename(join(home, name), trash);
  await rm(trash, { recursive: true, force: true });
}

/** There is no such file, or it is no folder or no link. */
function unlessMissing(error: NodeJS.ErrnoException): undefined {
  if (error.code === 'ENOENT' || error.code === 'ENOTDIR' || error.code === 'EINVAL') return undefined;
  throw error;
}
