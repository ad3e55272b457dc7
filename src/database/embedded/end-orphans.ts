import { readdir, readFile, readlink } from 'node:fs/promises';

/**
 * Ends server processes that a killed postmaster left in the middle of a statement: as long as one lives, the cluster
 * cannot be started. To be called only once Postgres has said so, and where no postmaster is left. Only on Linux, where
 * a process tells what folder it is in.
 */
export async function endOrphans(dataFolder: string): Promise<void> {
  for (const pid of (await readdir('/proc').catch(() => [])).filter((name) => /^\d+$/.test(name))) {
    const command = await readFile(`/proc/${pid}/cmdline`, 'utf8').catch(() => '');
    if (!command.startsWith('postgres:')) continue;
    const folder = await readlink(`/proc/${pid}/cwd`).catch(() => undefined);
    if (folder === dataFolder) end(Number(pid));
  }
}

/** What it had not committed is lost already, with its postmaster. */
function end(pid: number): void {
  try {
    process.kill(pid, 'SIGKILL');
  } catch {
    // It ended by itself, or is another user's.
  }
}
