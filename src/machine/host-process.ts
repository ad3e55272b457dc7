import { execFile } from 'node:child_process';
import { readdir, readFile, readlink, realpath, stat } from 'node:fs/promises';
import { setTimeout as sleep } from 'node:timers/promises';
import { promisify } from 'node:util';

/** A process, told apart from a later one that got the same pid. Plain JSON, so that it can be kept in a file. */
export interface ProcessMark {
  readonly pid: number;
  /** Opaque; differs between any two processes with the same pid, across reboots too. */
  readonly started: string;
}

/** Undefined when no process has the pid, or only one that has ended and was not collected yet. */
export async function markProcess(pid: number): Promise<ProcessMark | undefined> {
  const started = process.platform === 'linux' ? await startOnLinux(pid) : await startByPs(pid);
  return started === undefined ? undefined : { pid, started };
}

export async function isRunning(mark: ProcessMark): Promise<boolean> {
  return (await markProcess(mark.pid))?.started === mark.started;
}

/** Whether the process works in the folder or below it, wherever that was moved since; undefined where nobody can tell. */
export async function worksIn(pid: number, folder: string): Promise<boolean | undefined> {
  const [directory, place] = await Promise.all([
    readlink(`/proc/${pid}/cwd`).catch(() => undefined),
    realpath(folder).catch(() => folder),
  ]);
  return directory === undefined ? undefined : `${directory}/`.startsWith(`${place}/`);
}

/**
 * Processes that were started with the variable in their environment, and its value. They are found whatever group,
 * session or parent they have now. Only those whose environment we may read; none where there is no /proc.
 */
export async function findProcesses(
  variable: string,
): Promise<readonly { readonly pid: number; readonly value: string }[]> {
  const found = await Promise.all(
    (await allPids()).map(async (pid) => {
      const value = await startingVariable(pid, variable);
      return value === undefined || pid === process.pid ? [] : [{ pid, value }];
    }),
  );
  return found.flat();
}

/** The running processes of a user; none where there is no /proc. */
export async function findProcessesOf(uid: number): Promise<readonly number[]> {
  const found = await Promise.all(
    (await allPids()).map(async (pid) => {
      const owner = await stat(`/proc/${pid}`).then(
        (stats) => stats.uid,
        () => undefined,
      );
      return owner === uid && (await markProcess(pid)) !== undefined ? [pid] : [];
    }),
  );
  return found.flat();
}

/** Processes that have this among their arguments; none where there is no /proc. */
export async function findProcessesCalled(argument: string): Promise<readonly number[]> {
  const found = await Promise.all(
    (await allPids()).map(async (pid) => {
      const commandLine = await readFile(`/proc/${pid}/cmdline`, 'utf8').catch(() => '');
      return commandLine.split('\0').includes(argument) ? [pid] : [];
    }),
  );
  return found.flat();
}

/**
 * Asks the processes that `find` names to end, kills them when they have not within `graceMs`, and looks again until
 * there are none, since a process may start another while it is being ended. A negative number is a process group.
 */
export async function endProcesses(find: () => Promise<readonly number[]>, graceMs: number): Promise<void> {
  const deadline = performance.now() + graceMs;
  if (graceMs > 0) for (const pid of await find()) signalProcess(pid, 'SIGTERM');
  while (performance.now() < deadline && (await find()).length > 0) await sleep(20);
  for (let round = 0; round < 100; round++) {
    const left = await find();
    if (left.length === 0) return;
    for (const pid of left) signalProcess(pid, 'SIGKILL');
    await sleep(10);
  }
}

/** Signals a process, or a group given as a negative number; false when it is gone or not ours. */
export function signalProcess(pid: number, signal: NodeJS.Signals): boolean {
  try {
    return process.kill(pid, signal);
  } catch {
    return false;
  }
}

async function allPids(): Promise<readonly number[]> {
  const names = await readdir('/proc').catch(() => []);
  return names.filter((name) => /^\d+$/.test(name)).map(Number);
}

async function startOnLinux(pid: number): Promise<string | undefined> {
  const [status, boot] = await Promise.all([
    readFile(`/proc/${pid}/stat`, 'latin1').catch(() => ''),
    readFile('/proc/sys/kernel/random/boot_id', 'latin1').catch(() => ''),
  ]);
  // The program's name stands in parentheses and may hold anything; the fields are counted from behind it.
  const fields = status.slice(status.lastIndexOf(')') + 2).split(' ');
  const [state] = fields;
  const startTicks = fields[19];
  if (startTicks === undefined || state === 'Z' || state === 'X') return undefined;
  return `${boot.trim()}.${startTicks}`;
}

async function startByPs(pid: number): Promise<string | undefined> {
  const { stdout } = await promisify(execFile)('ps', ['-o', 'stat=,lstart=', '-p', String(pid)]).catch(() => ({
    stdout: '',
  }));
  const [, state = 'Z', started] = /^\s*(\S+)\s+(.*\S)/.exec(stdout) ?? [];
  return state.startsWith('Z') ? undefined : started;
}

async function startingVariable(pid: number, variable: string): Promise<string | undefined> {
  const environment = await readFile(`/proc/${pid}/environ`, 'utf8').catch(() => '');
  const entry = environment.split('\0').find((candidate) => candidate.startsWith(`${variable}=`));
  return entry?.slice(variable.length + 1);
}
