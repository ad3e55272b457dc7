import { execFileSync } from 'node:child_process';
import { link, readFile, readlink, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';

/** What `postmaster.pid` says. It is the one mutex that Postgres itself honours, so it is ours too. */
export interface PostmasterPid {
  readonly pid: number;
  readonly port: number;
  /** True once the server takes connections. */
  readonly ready: boolean;
}

/** Whether the process with that id runs this cluster; a `zombie` was one until its parent reaps it. */
export type PostmasterStatus = 'running' | 'gone' | 'foreign' | 'zombie';

/** Undefined when there is no such file, which is so while no server has been started. */
export async function readPostmasterPid(dataFolder: string): Promise<PostmasterPid | undefined> {
  const text = await readFile(pidFile(dataFolder), 'utf8').catch(ignoreMissing);
  if (text === undefined) return undefined;
  const lines = text.split('\n');
  return { pid: Number(lines[0]), port: Number(lines[3] ?? 0), ready: lines[7]?.trim() === 'ready' };
}

export async function judgePostmaster(pid: number, dataFolder: string): Promise<PostmasterStatus> {
  if (!isAlive(pid)) return 'gone';
  const found = process.platform === 'linux' ? await readProcess(pid) : askForProcess(pid);
  if (!found) return 'gone';
  if (found.zombie) return 'zombie';
  return found.folder === dataFolder || found.command.includes(dataFolder) ? 'running' : 'foreign';
}

/**
 * Takes a pid file out of the way that names a process which is not the server. Postgres would refuse to start for
 * ever; without the file it still notices a live server by its shared memory, so nothing is lost if we are wrong.
 */
export async function removeStalePid(dataFolder: string, stale: PostmasterPid): Promise<void> {
  const file = pidFile(dataFolder);
  const trash = `${file}.stale-${process.pid}`;
  try {
    await rename(file, trash);
    // Another process may have cleared the file and started a server between our look and our rename.
    const taken = Number((await readFile(trash, 'utf8')).split('\n')[0]);
    if (taken !== stale.pid) await link(trash, file);
    await rm(trash);
  } catch (error) {
    if (!['ENOENT', 'EEXIST'].includes((error as NodeJS.ErrnoException).code ?? '')) throw error;
  }
}

interface Process {
  readonly zombie: boolean;
  readonly command: string;
  /** Its current folder, where we may see it: without CAP_SYS_PTRACE root may not see another user's. */
  readonly folder?: string | undefined;
}

async function readProcess(pid: number): Promise<Process | undefined> {
  const status = await readFile(`/proc/${pid}/stat`, 'utf8').catch(() => undefined);
  if (status === undefined) return undefined;
  const command = await readFile(`/proc/${pid}/cmdline`, 'utf8').catch(() => '');
  const folder = await readlink(`/proc/${pid}/cwd`).catch(() => undefined);
  return { zombie: /\) [ZX] /.test(status), command, folder };
}

function askForProcess(pid: number): Process | undefined {
  try {
    const [, state = '', command = ''] =
      /^\s*(\S+)\s+(.*)/s.exec(
        execFileSync('/bin/ps', ['-o', 'stat=,command=', '-p', String(pid)], { encoding: 'utf8' }),
      ) ?? [];
    return { zombie: state.startsWith('Z'), command };
  } catch {
    return undefined;
  }
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code !== 'ESRCH';
  }
}

function pidFile(dataFolder: string): string {
  return join(dataFolder, 'postmaster.pid');
}

function ignoreMissing(error: NodeJS.ErrnoException): undefined {
  if (error.code !== 'ENOENT') throw error;
}
