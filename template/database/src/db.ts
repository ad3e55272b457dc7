import pg from 'pg';
import type { DatabaseSettings } from './config.ts';
import { DatabaseUnavailable, isConnectionLost } from './database-unavailable.ts';
import { ReadLane } from './read-lane.ts';
import { namedStatement, type Statement } from './statement.ts';
import { wireTypes } from './wire-types.ts';

export type Row = Readonly<Record<string, unknown>>;

export interface Database {
  /** Runs a SELECT. It may run twice when the connection is lost meanwhile. */
  read(statement: Statement): Promise<readonly Row[]>;
  /** Runs one statement that changes rows. */
  write(statement: Statement): Promise<readonly Row[]>;
  /** Runs `work` in a transaction: all of its statements or, when it rejects, none. */
  transaction<Result>(work: (write: Database['write']) => Promise<Result>): Promise<Result>;
  close(): Promise<void>;
}

/**
 * Reads share two pipelined connections, which spares Postgres most of its context switches; writes wait for the disk
 * and get a pool. Nothing connects before it is needed. Rejects with `DatabaseUnavailable` when there is no way in.
 */
export function openDatabase(settings: DatabaseSettings): Database {
  const connection = connectionOptions(settings);
  const lanes = [new ReadLane(connection), new ReadLane(connection)] as const;
  const pool = new pg.Pool({ ...connection, max: 10, idleTimeoutMillis: 30_000 });
  // An idle connection may break at any time; the pool replaces it.
  pool.on('error', () => undefined);
  let turn = 0;

  return {
    read: (statement) => lanes[turn++ & 1 ? 1 : 0].read(statement),
    write: (statement) => withClient(pool, (client) => run(client, statement)),
    transaction: (work) => withClient(pool, (client) => inTransaction(client, work)),
    close: async () => {
      await Promise.all([...lanes.map((lane) => lane.close()), pool.end()]);
    },
  };
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

async function withClient<Result>(pool: pg.Pool, work: (client: pg.PoolClient) => Promise<Result>): Promise<Result> {
  const client = await pool.connect().catch((cause: unknown) => {
    throw new DatabaseUnavailable(cause);
  });
  try {
    const result = await work(client);
    client.release();
    return result;
  } catch (error) {
    const lost = isConnectionLost(error);
    client.release(lost);
    throw lost ? new DatabaseUnavailable(error) : error;
  }
}

async function inTransaction<Result>(
  client: pg.PoolClient,
  work: (write: Database['write']) => Promise<Result>,
): Promise<Result> {
  await client.query('BEGIN');
  try {
    const result = await work((statement) => run(client, statement));
    await client.query('COMMIT');
    return result;
  } catch (error) {
    if (!isConnectionLost(error)) await client.query('ROLLBACK');
    throw error;
  }
}

async function run(client: pg.PoolClient, statement: Statement): Promise<readonly Row[]> {
  const { rows } = await client.query<Row>(namedStatement(statement));
  return rows;
}
