import { readlink, rename, symlink } from 'node:fs/promises';
import { join } from 'node:path';
import { randomText } from '../domain/ids.ts';

/**
 * Has the folder's `node_modules` lead to those of the runtime, which may be another than the last time. A project that
 * has installed modules of its own keeps them. The link is made in `drafts`, of the same file system, and
 * moved when it is whole: a crash may leave it there.
 */
export async function linkModules(folder: string, nodeModules: string, drafts = folder): Promise<void> {
  const link = join(folder, 'node_modules');
  const target = await readlink(link).catch((error: NodeJS.ErrnoException) => error.code);
  if (target === nodeModules || target === 'EINVAL') return;
  const draft = join(drafts, `.turbobackend-draft-${randomText(8)}`);
  await symlink(nodeModules, draft);
  await rename(draft, link);
}
