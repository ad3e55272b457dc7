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
  /** All that may listen on the port: those, and the release before that is still up. */
  readonly neighbours: () => Promise<readonly number[]>;
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
    if (problem === undefined || problem === PORT_SHARED) return problem;
    if (performance.now() > deadline) return `${problem} after ${watch.withinMs} ms`;
    await sleep(25);
  }
}

/** What stands in the way when somebody else of the same user has the port as well: part of the calls are theirs. */
export const PORT_SHARED = 'another process listens on its port, too';

async function findProblem({ url, port, processes, neighbours }: HealthWatch): Promise<string | undefined> {
  for (const path of ['/healthz', '/readyz']) {
    const status = await statusOf(`${url}${path}`);
    if (status !== 200) return `${path} answered ${status ?? 'nothing'}`;
  }
  const listening = await findListening(port);
  // Where there is no /proc it is taken for granted.
  if (listening === undefined) return undefined;
  if (!(await areHeldBy(await processes(), listening, 'some'))) return 'another process answers on its port';
  const onLoopback = listening.filter(({ address }) => address === LOOPBACK);
  return (await areHeldBy(await neighbours(), onLoopback, 'every')) ? undefined : PORT_SHARED;
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

interface ListeningSocket {
  /** As /proc writes it. */
  readonly address: string;
  /** What a handle of it links to. */
  readonly socket: string;
}

/** 127.0.0.1, as /proc writes it. */
const LOOPBACK = '0100007F';

/** The sockets that listen on the port; undefined where there is no /proc. */
async function findListening(port: number): Promise<readonly ListeningSocket[] | undefined> {
  const tables = await Promise.all(
    ['/proc/net/tcp', '/proc/net/tcp6'].map((file) => readFile(file, 'latin1').catch(() => '')),
  );
  if (tables.every((table) => table === '')) return undefined;
  return tables.flatMap((table) => listeningSockets(table, port));
}

async function areHeldBy(
  pids: readonly number[],
  sockets: readonly ListeningSocket[],
  which: 'some' | 'every',
): Promise<boolean> {
  const opened = new Set((await Promise.all(pids.map(openSockets))).flat());
  return sockets[which](({ socket }) => opened.has(socket));
}

/** Columns: number, local address, remote address, state (0A listens), four more, inode. */
function listeningSockets(table: string, port: number): readonly ListeningSocket[] {
  const hexPort = port.toString(16).toUpperCase().padStart(4, '0');
  return table.split('\n').flatMap((line) => {
    const columns = line.trim().split(/\s+/);
    const [, local = '', , state] = columns;
    const [address = '', ofPort] = local.split(':');
    return ofPort === hexPort && state === '0A' ? [{ address, socket: `socket:[${columns[9]}]` }] : [];
  });
}

async function openSockets(pid: number): Promise<string[]> {
  const handles = await readdir(`/proc/${pid}/fd`).catch(() => []);
  return Promise.all(handles.map((handle) => readlink(`/proc/${pid}/fd/${handle}`).catch(() => '')));
}
