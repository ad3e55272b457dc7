import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { open, readFile } from 'node:fs/promises';
import { setTimeout as sleep } from 'node:timers/promises';
import { boundLog } from './bound-log.ts';
import { pickPort, readClusterFile, savePort, writeSettings, type ClusterFolder } from './cluster-folder.ts';
import { endOrphans } from './end-orphans.ts';
import type { OperatingSystemUser } from './operating-system-user.ts';
import { judgePostmaster, readPostmasterPid, removeStalePid, type PostmasterPid } from './postmaster-pid.ts';
import { POSTGRES_ENVIRONMENT } from './run-postgres-program.ts';

const LOOK_EVERY_MS = 10;

export interface Starting {
  readonly cluster: ClusterFolder;
  /** Found only when a server has to be started. */
  readonly findPostgres: () => Promise<string>;
  readonly user: OperatingSystemUser | undefined;
  readonly deadlineAt: number;
}

/**
 * The running server of the cluster, started if need be, by us or by another process that was quicker: Postgres'
 * own pid file decides. Started in a session of its own, it outlives us and hears no Ctrl-C.
 * Rejects with Postgres' own words when it does not come up by `deadlineAt` (milliseconds of the wall clock).
 */
export async function startPostmaster(starting: Starting): Promise<PostmasterPid> {
  const { data } = starting.cluster;
  let trouble = 'it was not ready in time';
  while (Date.now() < starting.deadlineAt) {
    const found = await readPostmasterPid(data);
    const status = found && (await judgePostmaster(found.pid, data));
    if (found && status === 'running') {
      if (found.ready) return found;
      await sleep(LOOK_EVERY_MS);
      continue;
    }
    if (found && status !== 'gone') await removeStalePid(data, found);
    trouble = (await spawnPostmaster(starting)) ?? trouble;
  }
  throw new Error(`Postgres did not start: ${trouble}`);
}

/** Starts a server and waits until it is ready or has exited; resolves to what it complained of, if it did. */
async function spawnPostmaster(starting: Starting): Promise<string | undefined> {
  const { cluster, user, deadlineAt } = starting;
  const postgres = await starting.findPostgres();
  const port = (await readClusterFile(cluster))?.port ?? 0;
  await writeSettings(cluster);
  await boundLog(cluster);
  const log = await open(cluster.log, 'a', 0o600);
  const { size: logStart } = await log.stat();
  const settings = ['-c', 'listen_addresses=127.0.0.1', '-c', 'unix_socket_directories='];
  const child = spawn(postgres, ['-D', cluster.data, '-p', String(port), ...settings], {
    ...user,
    cwd: '/',
    detached: true,
    stdio: ['ignore', log.fd, log.fd],
    env: POSTGRES_ENVIRONMENT,
  });
  child.unref();
  const stopLooking = new AbortController();
  const outcome = await Promise.race([
    once(child, 'exit').then(
      () => 'exited' as const,
      (error: Error) => error,
    ),
    whenReady(cluster, child.pid, deadlineAt, stopLooking.signal),
  ]);
  stopLooking.abort();
  await log.close();
  if (outcome instanceof Error) throw outcome;
  if (outcome !== 'exited') return undefined;
  const words = (await readFile(cluster.log, 'utf8')).slice(logStart).trim();
  await mend(cluster, port, words);
  return words;
}

/** Resolves when the server is ready, or is not but there is no more time to wait. */
async function whenReady(
  cluster: ClusterFolder,
  pid: number | undefined,
  deadlineAt: number,
  signal: AbortSignal,
): Promise<void> {
  while (!signal.aborted && Date.now() < deadlineAt) {
    await sleep(LOOK_EVERY_MS);
    const found = await readPostmasterPid(cluster.data);
    if (found?.pid === pid && found?.ready) return;
  }
}

/** Another start may have won, the port may be taken, or a dying server may still hold its memory: try again. */
async function mend(cluster: ClusterFolder, port: number, words: string): Promise<void> {
  const lostRace = words.includes('lock file');
  if (!lostRace && /could not create any TCP\/IP sockets|Address already in use/i.test(words)) {
    // Unless another start has picked one already.
    if ((await readClusterFile(cluster))?.port === port) await savePort(cluster, await pickPort());
  } else {
    await sleep(lostRace ? LOOK_EVERY_MS : 100);
    // They mostly end by themselves; who is in the middle of a long statement does not look.
    if (!lostRace && words.includes('shared memory block')) await endOrphans(cluster.data);
  }
}
