import pg from 'pg';
import type { DatabaseSettings } from './config.ts';
import { DatabaseUnavailable, hasNotRun, isConnectionLost } from './database-unavailable.ts';
import { ReadLane } from './read-lane.ts';
import { namedStatement, type Statement } from './statement.ts';
import { wireTypes } from './wire-types.ts';

export type Row = Readonly<Record<string, unknown>>;

export interface Database {
  /** Runs a SELECT that finds rows by their key. It may run twice when the connection is lost meanwhile. */
  find(statement: Statement): Promise<readonly Row[]>;
  /** Runs a SELECT that an index answers quickly, whatever the size of the table. It may run twice, too. */
  list(statement: Statement): Promise<readonly Row[]>;
  /** Runs any other SELECT: it may read a whole table. It may run twice, too. */
  read(statement: Statement): Promise<readonly Row[]>;
  /** Runs one statement that changes rows. */
  write(statement: Statement): Promise<readonly Row[]>;
  /** Runs `work` in a transaction: all of its statements or, when it rejects, none. It may run again before it commits. */
  transaction<Result>(work: (write: Database['write']) => Promise<Result>): Promise<Result>;
  close(): Promise<void>;
}

/**
 * Quick reads share pipelined connections, which spares Postgres most of its context switches: one for keys, so that no
 * list delays them, two for lists. Other reads and writes take their time and have a pool each. That makes at most twelve
 * connections. Nothing connects before it is needed. Rejects with `DatabaseUnavailable` when there is no way in.
 */
export function openDatabase(settings: DatabaseSettings): Database {
  const connection = connectionOptions(settings);
  // A plan for any value is a bad plan for rare ones: lists are planned for the values at hand.
  const planned = { ...connection, options: `${connection.options} -c plan_cache_mode=force_custom_plan` };
  const keys = new ReadLane(connection);
  const lists = [new ReadLane(planned), new ReadLane(planned)] as const;
  const scans = openPool(planned, 2);
  const writes = openPool(connection, 7);
  let turn = 0;

  return {
    find: (statement) => keys.read(statement),
    list: (statement) => lists[turn++ & 1 ? 1 : 0].read(statement),
    read: (statement) => twice(() => withClient(scans, (client) => run(client, statement))),
    write: (statement) => withClient(writes, (client) => run(client, statement)),
    transaction: (work) => withClient(writes, (client) => inTransaction(client, work)),
    close: async () => {
      await Promise.all([keys.close(), ...lists.map((lane) => lane.close()), scans.end(), writes.end()]);
    },
  };
}

function openPool(connection: pg.ClientConfig, max: number): pg.Pool {
  const pool = new pg.Pool({ ...connection, max, idleTimeoutMillis: 30_000 });
  // An idle connection may break at any time; the pool replaces it.
  pool.on('error', () => undefined);
  return pool;
}

export function connectionOptions(settings: DatabaseSettings): pg.ClientConfig {
  const { host, port, database, user, password, tls, statementTimeoutMs } = settings;
  return {
    host,
    port,
    database,
    user,
    password,
    // With a value for each, PGSSLMODE and PGSSLNEGOTIATION of a shell do not count.
    ssl: tls ? { ...tls, rejectUnauthorized: true } : false,
    sslnegotiation: 'postgres',
    types: wireTypes,
    keepAlive: true,
    connectionTimeoutMillis: 5000,
    statement_timeout: statementTimeoutMs,
    // For a server that has gone silent and so cannot keep to its own timeout.
    query_timeout: statementTimeoutMs + 5000,
    options: '-c timezone=UTC -c datestyle=ISO -c intervalstyle=iso_8601',
  };
}

/** Reading again does no harm, and a restart of Postgres then goes unnoticed. */
function twice<Result>(read: () => Promise<Result>): Promise<Result> {
  return read().catch((error: unknown) => {
    if (error instanceof DatabaseUnavailable) return read();
    throw error;
  });
}

/** Each connection that a migration or an administrator made useless is replaced; all that the pool holds may be. */
async function withClient<Result>(pool: pg.Pool, work: (client: pg.PoolClient) => Promise<Result>): Promise<Result> {
  for (let others = pool.options.max; ; others -= 1) {
    try {
      return await withOneClient(pool, work);
    } catch (error) {
      if (!hasNotRun(error)) throw error;
      if (others === 0) throw isConnectionLost(error) ? new DatabaseUnavailable(error) : error;
    }
  }
}

async function withOneClient<Result>(pool: pg.Pool, work: (client: pg.PoolClient) => Promise<Result>): Promise<Result> {
  const client = await pool.connect().catch((cause: unknown) => {
    throw new DatabaseUnavailable(cause);
  });
  try {
    const result = await work(client);
    client.release();
    return result;
  } catch (error) {
    const lost = isConnectionLost(error);
    const again = hasNotRun(error);
    client.release(lost || again);
    throw lost && !again ? new DatabaseUnavailable(error) : error;
  }
}

async function inTransaction<Result>(
  client: pg.PoolClient,
  work: (write: Database['write']) => Promise<Result>,
): Promise<Result> {
  await client.query('BEGIN');
  try {
    const result = await work((statement) => run(client, statement));
    await commit(client);
    return result;
  } catch (error) {
    if (!isConnectionLost(error)) await client.query('ROLLBACK');
    throw error;
  }
}

/** Whether a COMMIT has been done whose answer was lost nobody knows, so it is never tried again. */
async function commit(client: pg.PoolClient): Promise<void> {
  await client.query('COMMIT').catch((error: unknown) => {
    throw isConnectionLost(error) ? new DatabaseUnavailable(error) : error;
  });
}

async function run(client: pg.PoolClient, statement: Statement): Promise<readonly Row[]> {
  const { rows } = await client.query<Row>(namedStatement(statement));
  return rows;
}
