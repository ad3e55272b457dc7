import { readFileSync } from 'node:fs';
import { hostname } from 'node:os';

/** Whether an executor (`<host>:<pid>:<random>`) is a process of this machine that lives, whatever its connections do. */
export function livesHere(executorId: string): boolean {
  const [, host, pid] = /^(.*):(\d+):[^:]*$/.exec(executorId) ?? [];
  return host === hostname() && isAlive(Number(pid));
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
  } catch (error) {
    // It is there, and another user's.
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
  return !isZombie(pid);
}

/** One that has ended, and that its parent has not asked about. */
function isZombie(pid: number): boolean {
  try {
    return /\) [ZX] /.test(readFileSync(`/proc/${pid}/stat`, 'utf8'));
  } catch {
    return false;
  }
}
