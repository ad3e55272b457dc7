import { randomBytes } from 'node:crypto';
import { rm, stat, writeFile } from 'node:fs/promises';
import { setTimeout as sleep } from 'node:timers/promises';
import { writeWhole } from './atomic-file-system.ts';

// Far longer than a commit takes: whoever held it that long was killed.
const ABANDONED_MS = 10_000;

/**
 * Holds a branch as git itself does, by its `.lock` file, so that a commit of ours and a push of the user's never
 * replace each other. What `change` resolves to becomes the branch's commit; undefined leaves the branch as it is.
 */
export async function changeBranch(reference: string, change: () => Promise<string | undefined>): Promise<void> {
  const lock = `${reference}.lock`;
  await takeLock(lock);
  try {
    const commit = await change();
    // Git takes no file that ends in `.lock` for a branch.
    const draft = `${reference}.${randomBytes(6).toString('hex')}.lock`;
    if (commit !== undefined) await writeWhole(reference, `${commit}\n`, draft);
  } finally {
    await rm(lock, { force: true });
  }
}

async function takeLock(lock: string): Promise<void> {
  for (;;) {
    try {
      return await writeFile(lock, '', { flag: 'wx' });
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
    }
    const takenAtMs = await stat(lock).then(
      (stats) => stats.mtimeMs,
      () => Date.now(),
    );
    if (Date.now() - takenAtMs > ABANDONED_MS) await rm(lock, { force: true });
    else await sleep(20);
  }
}
