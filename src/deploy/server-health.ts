import { readdir, readFile, readlink } from 'node:fs/promises';
import { get } from 'node:http';
import { setTimeout as sleep } from 'node:timers/promises';
import { isRunning, type ProcessMark } from '../machine/host-process.ts';

export interface HealthWatch {
  readonly url: string;
  readonly port: number;
  readonly withinMs: number;
  readonly signal: AbortSignal | undefined;
  /** The server's first process; undefined when it ended at once. */
  readonly mark: ProcessMark | undefined;
  /** All processes that the server consists of. */
  readonly processes: () => Promise<readonly number[]>;
}

/**
 * Waits until `/healthz` and `/readyz` answer 200 and it is the server itself that answers. Resolves to why it is not
 * healthy, or to undefined when it is.
 */
export async function waitUntilHealthy(watch: HealthWatch): Promise<string | undefined> {
  const deadline = performance.now() + watch.withinMs;
  for (;;) {
    if (watch.signal?.aborted) return 'it was cancelled';
    if (!watch.mark || !(await isRunning(watch.mark))) return 'its process ended';
    const problem = await findProblem(watch);
    if (problem === undefined) return undefined;
    if (performance.now() > deadline) return `${problem} after ${watch.withinMs} ms`;
    await sleep(25);
  }
}

async function findProblem({ url, port, processes }: HealthWatch): Promise<string | undefined> {
  for (const path of ['/healthz', '/readyz']) {
    const status = await statusOf(`${url}${path}`);
    if (status !== 200) return `${path} answered ${status ?? 'nothing'}`;
  }
  return (await listensOn(await processes(), port)) ? undefined : 'another process answers on its port';
}

/** On a connection of its own: one that was kept open might belong to the server before this one. */
function statusOf(url: string): Promise<number | undefined> {
  return new Promise((resolve) => {
    const request = get(url, { agent: false, timeout: 2000 }, (response) => {
      response.resume();
      resolve(response.statusCode);
    });
    request.once('timeout', () => request.destroy());
    request.once('error', () => resolve(undefined));
  });
}

/** Whether one of the processes has the listening socket of the port; taken for granted where there is no /proc. */
async function listensOn(pids: readonly number[], port: number): Promise<boolean> {
  const tables = await Promise.all(
    ['/proc/net/tcp', '/proc/net/tcp6'].map((file) => readFile(file, 'latin1').catch(() => '')),
  );
  if (tables.every((table) => table === '')) return true;
  const sockets = tables.flatMap((table) => listeningSockets(table, port));
  const opened = await Promise.all(pids.map(openSockets));
  return opened.flat().some((socket) => sockets.includes(socket));
}

/** Columns: number, local address, remote address, state (0A listens), four more, inode. */
function listeningSockets(table: string, port: number): string[] {
  const suffix = `:${port.toString(16).toUpperCase().padStart(4, '0')}`;
  return table.split('\n').flatMap((line) => {
    const columns = line.trim().split(/\s+/);
    const [, local, , state] = columns;
    return local?.endsWith(suffix) && state === '0A' ? [`socket:[${columns[9]}]`] : [];
  });
}

async function openSockets(pid: number): Promise<string[]> {
  const handles = await readdir(`/proc/${pid}/fd`).catch(() => []);
  return Promise.all(handles.map((handle) => readlink(`/proc/${pid}/fd/${handle}`).catch(() => '')));
}
