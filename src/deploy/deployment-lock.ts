import { link, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { setTimeout as sleep } from 'node:timers/promises';
import { randomText } from '../domain/ids.ts';
import { isRunning, markProcess, type ProcessMark } from '../machine/host-process.ts';

/**
 * Does the work while no other process, and nobody else in this one, holds the lock. A holder that was killed holds
 * nothing: the file names the process, and whoever waits sees that it is gone.
 */
export async function withDeploymentLock<T>(file: string, work: () => Promise<T>): Promise<T> {
  const holder = JSON.stringify({ ...(await markProcess(process.pid)), token: randomText(12) });
  while (!(await take(file, holder))) await waitForHolder(file);
  try {
    return await work();
  } finally {
    await rm(file, { force: true });
  }
}

/** By a link, so that the file says who holds it from its first moment. */
async function take(file: string, holder: string): Promise<boolean> {
  const draft = `${file}.${randomText(8)}`;
  await writeFile(draft, holder, { mode: 0o600 });
  try {
    await link(draft, file);
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') return false;
    throw error;
  } finally {
    await rm(draft, { force: true });
  }
}

async function waitForHolder(file: string): Promise<void> {
  const seen = await readFile(file, 'utf8').catch(() => undefined);
  if (seen === undefined) return;
  if (await isRunning(JSON.parse(seen) as ProcessMark)) {
    await sleep(50);
    return;
  }
  // Another waiter may have removed it and taken the lock since: what is moved away has to be what was seen.
  const moved = `${file}.${randomText(8)}`;
  await rename(file, moved).catch(() => undefined);
  const found = await readFile(moved, 'utf8').catch(() => undefined);
  if (found !== undefined && found !== seen) await link(moved, file).catch(() => undefined);
  await rm(moved, { force: true });
}
