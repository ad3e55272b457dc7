import { access, readFile, realpath, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { TurboError } from '../../domain/errors.ts';
import type { DatabaseLogin } from '../../domain/provisioned-database.ts';
import { Secret } from '../../domain/secret.ts';
import { withClient } from '../../postgres/open-client.ts';
import { boundLog } from './bound-log.ts';
import { bootstrapCluster } from '../bootstrap-cluster.ts';
import { readClosing, type AsSuperuser } from '../closed-template.ts';
import { CONTROL_DATABASE, type ClusterAccess } from '../cluster-access.ts';
import {
  clusterFolder,
  createCluster,
  readClusterFile,
  savePort,
  SUPERUSER,
  type ClusterFile,
  type ClusterFolder,
} from './cluster-folder.ts';
import { connectionTo, isPassing } from '../connect.ts';
import { choosePostgresUsers, findImpassable, ownerOf } from './operating-system-user.ts';
import { findPostgresBinaries } from './postgres-binaries.ts';
import { judgePostmaster, readPostmasterPid } from './postmaster-pid.ts';
import { startPostmaster } from './start-postmaster.ts';
import { stopPostmaster } from './stop-postmaster.ts';

const PATIENCE_MS = 60_000;

const ADMIN = 'tb_admin';

export interface EmbeddedOptions {
  /** Absolute; when we are root, other users must be able to pass through it. */
  readonly home: string;
  /** Folders that may hold an installed Postgres besides the usual ones: those of PATH. */
  readonly searchFolders?: readonly string[] | undefined;
}

/** A running Postgres of ours, which goes on running when this process ends. */
export interface EmbeddedPostgres extends ClusterAccess {
  readonly pid: number;
}

/**
 * The one cluster of `home`, made and started if need be, by whichever of any number of processes is first.
 * It listens on 127.0.0.1 alone and asks for a SCRAM password. Rejects with `CLUSTER_UNAVAILABLE`.
 */
export async function ensureEmbeddedPostgres(options: EmbeddedOptions): Promise<EmbeddedPostgres> {
  try {
    const home = await realpath(options.home);
    await rm(stoppedMark(home), { force: true });
    return await ensureCluster(home, options.searchFolders ?? []);
  } catch (cause) {
    if (cause instanceof TurboError) throw cause;
    throw new TurboError('CLUSTER_UNAVAILABLE', `The embedded Postgres is not available: ${(cause as Error).message}`, {
      cause,
      fix: fixFor(cause, options.home),
    });
  }
}

/** Whether the cluster of `home` is running, and where; undefined when it is not, or was never made. */
export async function findEmbeddedPostgres(
  home: string,
): Promise<{ readonly pid: number; readonly port: number } | undefined> {
  const folder = await realpath(home).catch(() => undefined);
  if (folder === undefined) return undefined;
  const { data } = clusterFolder(folder);
  const found = await readPostmasterPid(data);
  if (!found?.ready || (await judgePostmaster(found.pid, data)) !== 'running') return undefined;
  return { pid: found.pid, port: found.port };
}

/**
 * Starts the cluster of `home` again if it has died; undefined when it runs, or was stopped on purpose. Keeps its log
 * within bounds as well, being called all the time.
 */
export async function revivePostgres(home: string): Promise<EmbeddedPostgres | undefined> {
  const folder = await realpath(home);
  const { data, log } = clusterFolder(folder);
  await boundLog({ log });
  const found = await readPostmasterPid(data);
  if (found && (await judgePostmaster(found.pid, data)) === 'running') return undefined;
  if (await isThere(stoppedMark(folder))) return undefined;
  return ensureCluster(folder, []);
}

/** Stops the cluster of `home`; what was committed stays. Resolves to false when it was not running. */
export async function stopEmbeddedPostgres(home: string): Promise<boolean> {
  const folder = await realpath(home).catch(() => undefined);
  if (folder === undefined) return false;
  // Before it stops, or a process that looks after it would start it again.
  await writeFile(stoppedMark(folder), '', { mode: 0o600 }).catch(ignoreMissing);
  return stopPostmaster(clusterFolder(folder).data);
}

/** Says that the cluster was stopped on purpose; gone with the next command that needs it. */
function stoppedMark(home: string): string {
  return join(clusterFolder(home).folder, 'stopped');
}

function isThere(path: string): Promise<boolean> {
  return access(path).then(
    () => true,
    () => false,
  );
}

function ignoreMissing(error: NodeJS.ErrnoException): void {
  if (error.code !== 'ENOENT') throw error;
}

function fixFor(cause: unknown, home: string): string {
  const { message } = cause as Error;
  if (message.includes('could not look up effective user ID')) {
    return `Add a line for user ${process.getuid?.()} to /etc/passwd, which Postgres insists on, or set DB_CLUSTER_HOST to a cluster of yours.`;
  }
  if (/EACCES|EPERM/.test(message))
    return `Run as the owner of ${home}, or set TURBOBACKEND_HOME to a folder of your own.`;
  return `See ${clusterFolder(home).log}, or set DB_CLUSTER_HOST to a cluster of yours.`;
}

async function ensureCluster(home: string, searchFolders: readonly string[]): Promise<EmbeddedPostgres> {
  const cluster = clusterFolder(home);
  const file = (await readClusterFile(cluster)) ?? (await makeCluster(home, cluster, searchFolders));
  const user = await ownerOf(cluster.data);
  const findPostgres = async (): Promise<string> => {
    const binaries = await findPostgresBinaries({ home, user, major: file.major, searchFolders });
    return binaries.postgres;
  };
  for (const deadlineAt = Date.now() + PATIENCE_MS; ;) {
    const { pid, port } = await startPostmaster({ cluster, findPostgres, user, deadlineAt });
    try {
      const entered = await enter(cluster, file, port);
      // Of several starts that found the port taken, the last may have written another than the first has started on.
      if ((await readClusterFile(cluster))?.port !== port) await savePort(cluster, port);
      return { ...entered, pid };
    } catch (error) {
      // It went away between our look and our login.
      if (!isPassing(error) || Date.now() > deadlineAt) throw error;
    }
  }
}

async function makeCluster(
  home: string,
  cluster: ClusterFolder,
  searchFolders: readonly string[],
): Promise<ClusterFile> {
  const users = await choosePostgresUsers();
  const closed = await findImpassable(home, users.server);
  if (closed !== undefined) {
    throw new TurboError(
      'CLUSTER_UNAVAILABLE',
      `Postgres, which does not run as root, cannot pass through ${closed}.`,
      {
        fix: `Set TURBOBACKEND_HOME to a folder that other users can reach, or \`chmod o+x ${closed}\`.`,
      },
    );
  }
  const binaries = await findPostgresBinaries({ home, user: users.initdb, searchFolders });
  await createCluster(home, binaries, users);
  const file = await readClusterFile(cluster);
  if (!file) throw new Error(`${cluster.folder} holds no cluster.json`);
  return file;
}

/** Logs in as the admin: SCRAM proves each side to the other, so no other server on the port can pass for ours. */
async function enter(cluster: ClusterFolder, file: ClusterFile, port: number): Promise<ClusterAccess> {
  const server = { host: '127.0.0.1', port, tls: 'off' } as const;
  const admin: DatabaseLogin = { user: ADMIN, password: new Secret(file.adminPassword) };
  await bootstrapOnce(cluster, file, server, admin);
  return withClient(connectionTo(server, CONTROL_DATABASE, admin), async (client) => {
    const { rows } = await client.query<{ server_version: string }>('SHOW server_version');
    const version = rows[0]?.server_version.split(' ')[0] ?? '';
    const databases = { controlDatabase: CONTROL_DATABASE, template: (await readClosing()).name };
    return { ...server, ...databases, admin, reach: 'this-machine', version, hardening: [] };
  });
}

/** Again whenever what is closed to projects' roles has changed since, and until it was closed everywhere. */
async function bootstrapOnce(
  cluster: ClusterFolder,
  file: ClusterFile,
  server: Pick<ClusterAccess, 'host' | 'port' | 'tls'>,
  admin: DatabaseLogin,
): Promise<void> {
  const marker = join(cluster.folder, 'bootstrapped');
  const { name: closing } = await readClosing();
  if ((await readFile(marker, 'utf8').catch(() => undefined)) === closing) return;
  const superuser = { user: SUPERUSER, password: new Secret(file.superuserPassword) };
  const asSuperuser: AsSuperuser = (database, work) => withClient(connectionTo(server, database, superuser), work);
  if (await bootstrapCluster(asSuperuser, admin)) await writeFile(marker, closing, { mode: 0o600 });
}
