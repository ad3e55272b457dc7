import type { Socket } from 'node:net';
import { Client, type ClientConfig, Pool, type PoolClient } from 'pg';
import { isDatabaseAway } from '../domain/database-away.ts';
import { tlsOptions, type DatabaseConnection } from '../domain/provisioned-database.ts';

// The one place that makes pg's clients and pools: test/architecture.test.ts holds every other file to it.

const CONNECT_MS = 10_000;
const IDLE_MS = 10_000;

export interface ClientOptions {
  /** Settings of the session by name, as `SET` takes them. */
  readonly session?: Readonly<Record<string, string>> | undefined;
  /** Makes the socket; for who watches what comes through it. */
  readonly stream?: (() => Socket) | undefined;
}

/** A connection of its holder's own, who ends it. One that breaks is told by the next query, or by `end`. */
export async function openClient(connection: DatabaseConnection, options: ClientOptions = {}): Promise<Client> {
  const client = new Client(clientConfig(connection, options));
  bearBreaking(client);
  try {
    await client.connect();
    return client;
  } catch (error) {
    await client.end().catch(ignore);
    throw error;
  }
}

/** Runs `work` on a connection of its own. */
export async function withClient<T>(
  connection: DatabaseConnection,
  work: (client: Client) => Promise<T>,
  options: ClientOptions = {},
): Promise<T> {
  const client = await openClient(connection, options);
  try {
    return await work(client);
  } finally {
    // What was asked for is answered by now; that the connection broke on its way out changes nothing.
    await client.end().catch(ignore);
  }
}

/**
 * Connections that are opened when they are needed and shared by turns. One that the server ends while it is idle is
 * replaced in silence; one that it ends in use rejects that query.
 */
export function openPool(connection: DatabaseConnection, maxConnections: number, options: ClientOptions = {}): Pool {
  const pool = new Pool({
    ...clientConfig(connection, options),
    max: maxConnections,
    idleTimeoutMillis: IDLE_MS,
    allowExitOnIdle: true,
  });
  pool.on('error', ignore);
  // The pool listens to those that are idle, and takes its listener off whenever it lends one.
  pool.on('connect', bearBreaking);
  return pool;
}

/** Runs `work` on one of the pool's connections; one that broke is not given to anyone else. */
export async function withPooled<T>(pool: Pool, work: (client: PoolClient) => Promise<T>): Promise<T> {
  const client = await pool.connect();
  let isBroken = false;
  try {
    return await work(client);
  } catch (error) {
    isBroken = isDatabaseAway(error);
    throw error;
  } finally {
    client.release(isBroken);
  }
}

/**
 * Everything that pg would otherwise read from PGOPTIONS, PGSSLMODE and their like, which the user's shell may hold for
 * other databases: with a value for each, none of them is looked at.
 */
function clientConfig(connection: DatabaseConnection, { session = {}, stream }: ClientOptions): ClientConfig {
  const { host, port, database, user, password } = connection;
  // The driver's own way to name a session goes before the options.
  const { application_name = 'turbobackend', ...others } = session;
  const settings = { client_min_messages: 'warning', ...others };
  const unlessGiven = { replication: 'false', sslnegotiation: 'postgres', client_encoding: 'UTF8' } as const;
  return {
    ...unlessGiven,
    host,
    port,
    database,
    user,
    password: () => password.reveal(),
    ssl: tlsOptions(connection),
    application_name,
    options: Object.entries(settings)
      .map(([name, value]) => `-c ${name}=${value}`)
      .join(' '),
    connectionTimeoutMillis: CONNECT_MS,
    keepAlive: true,
    ...(stream && { stream }),
  };
}

/** Without a listener a connection that breaks while no query waits on it would end the process. */
function bearBreaking(client: Client | PoolClient): void {
  client.on('error', ignore);
}

function ignore(): void {
  // Whoever uses the connection next hears of it.
}
