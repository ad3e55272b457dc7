import { readFile, rm } from 'node:fs/promises';
import { Client } from 'pg';
import {
  clusterFolder,
  createCluster,
  readClusterFile,
  SUPERUSER,
  type ClusterFile,
} from '../../src/database/embedded/cluster-folder.ts';
import { choosePostgresUsers } from '../../src/database/embedded/operating-system-user.ts';
import { findPostgresBinaries } from '../../src/database/embedded/postgres-binaries.ts';
import { startPostmaster } from '../../src/database/embedded/start-postmaster.ts';
import { stopPostmaster } from '../../src/database/embedded/stop-postmaster.ts';
import { makeTestHome } from './postgres.ts';

/** A Postgres that somebody else set up: no role and no database of ours is in it. */
export interface PlainCluster {
  readonly host: '127.0.0.1';
  readonly port: number;
  /** Its data, with the settings in it, owned by the user that it runs as. */
  readonly dataFolder: string;
  /** Runs statements as its superuser. */
  asSuperuser(...statements: readonly string[]): Promise<void>;
  /** Runs statements as its superuser in that database, and resolves to the rows of the last. */
  inDatabase(database: string, ...statements: readonly string[]): Promise<readonly Record<string, unknown>[]>;
  readLog(): Promise<string>;
  /** How many databases have a name like this. */
  countDatabases(pattern: string): Promise<number>;
  stop(): Promise<void>;
}

/** With the packaged binaries, or with those of a major version that is installed. */
export async function startPlainCluster(major?: number): Promise<PlainCluster> {
  const home = await makeTestHome();
  const users = await choosePostgresUsers();
  const wanted = {
    home,
    user: users.initdb,
    searchFolders: [],
    ...(major !== undefined && { major, packaged: undefined }),
  };
  const binaries = await findPostgresBinaries(wanted);
  await createCluster(home, binaries, users);
  const cluster = clusterFolder(home);
  const { port } = await startPostmaster({
    cluster,
    findPostgres: () => Promise.resolve(binaries.postgres),
    user: users.server,
    deadlineAt: Date.now() + 60_000,
  });
  const file = await readClusterFile(cluster);
  if (!file) throw new Error('no cluster was made');
  return {
    host: '127.0.0.1',
    port,
    dataFolder: cluster.data,
    asSuperuser: (...statements) => runAsSuperuser(port, file, statements),
    inDatabase: (database, ...statements) =>
      asSuperuserOf(
        port,
        file,
        async (client) => {
          let rows: readonly Record<string, unknown>[] = [];
          for (const statement of statements) ({ rows } = await client.query<Record<string, unknown>>(statement));
          return rows;
        },
        database,
      ),
    readLog: () => readFile(cluster.log, 'utf8'),
    countDatabases: (pattern) =>
      asSuperuserOf(port, file, async (client) => {
        const { rowCount } = await client.query('SELECT FROM pg_database WHERE datname LIKE $1', [pattern]);
        return rowCount ?? 0;
      }),
    async stop() {
      await stopPostmaster(cluster.data);
      await rm(home, { recursive: true, force: true });
    },
  };
}

function runAsSuperuser(port: number, file: ClusterFile, statements: readonly string[]): Promise<void> {
  return asSuperuserOf(port, file, async (client) => {
    for (const statement of statements) await client.query(statement);
  });
}

async function asSuperuserOf<T>(
  port: number,
  file: ClusterFile,
  work: (client: Client) => Promise<T>,
  database = 'postgres',
): Promise<T> {
  const login = { user: SUPERUSER, password: file.superuserPassword };
  const client = new Client({ host: '127.0.0.1', port, database, ...login });
  await client.connect();
  try {
    return await work(client);
  } finally {
    await client.end();
  }
}
