import { setTimeout as sleep } from 'node:timers/promises';
import { judgePostmaster, readPostmasterPid } from './postmaster-pid.ts';

const FAST_MS = 30_000;
const IMMEDIATE_MS = 10_000;

/**
 * Stops the server of the cluster: open transactions are rolled back, what was committed stays. Resolves to false when
 * none was running.
 */
export async function stopPostmaster(dataFolder: string): Promise<boolean> {
  const pid = await findPostmaster(dataFolder);
  if (pid === undefined) return false;
  if (await signalAndWait(pid, 'SIGINT', dataFolder, FAST_MS)) return true;
  // A server that cannot write its last checkpoint is left to recover from its log at the next start.
  if (await signalAndWait(pid, 'SIGQUIT', dataFolder, IMMEDIATE_MS)) return true;
  throw new Error(`Postgres (process ${pid}) does not stop`);
}

async function findPostmaster(dataFolder: string): Promise<number | undefined> {
  const found = await readPostmasterPid(dataFolder);
  return found && (await judgePostmaster(found.pid, dataFolder)) === 'running' ? found.pid : undefined;
}

async function signalAndWait(
  pid: number,
  signal: NodeJS.Signals,
  dataFolder: string,
  timeoutMs: number,
): Promise<boolean> {
  process.kill(pid, signal);
  const giveUpAt = Date.now() + timeoutMs;
  while (Date.now() < giveUpAt) {
    if ((await findPostmaster(dataFolder)) !== pid) return true;
    await sleep(10);
  }
  return false;
}
