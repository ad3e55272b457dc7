import { lchown, lstat, readdir } from 'node:fs/promises';
import { join } from 'node:path';

/**
 * Gives a folder to a user, and with it what belonged to the one that had it: a home that was moved or restored has its
 * projects under other users than before. Links are given, not followed; what belongs to a third user stays his.
 */
export async function handOver(folder: string, uid: number): Promise<void> {
  const { uid: former } = await lstat(folder);
  if (former === uid) return;
  if (former !== 0) await handOverBelow(folder, former, uid);
  // Last: as long as the folder is not given, it is seen that the work was cut short.
  await lchown(folder, uid, uid);
}

async function handOverBelow(folder: string, former: number, uid: number): Promise<void> {
  for (const entry of await readdir(folder, { withFileTypes: true })) {
    const path = join(folder, entry.name);
    if (entry.isDirectory()) await handOverBelow(path, former, uid);
    if ((await lstat(path)).uid === former) await lchown(path, uid, uid);
  }
}
