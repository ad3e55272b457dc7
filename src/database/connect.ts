import { setTimeout as sleep } from 'node:timers/promises';
import { Client, type ClientConfig, type Pool, type PoolClient } from 'pg';
import { tlsOptions, type DatabaseLogin } from '../domain/provisioned-database.ts';
import type { ClusterAccess } from './cluster-access.ts';

const ATTEMPTS = 5;

// The server is starting or stopping, or all of its connections are taken for the moment.
const PASSING = ['57P03', '57P01', '57P02', '53300', 'ECONNREFUSED', 'ECONNRESET', 'EPIPE', 'ETIMEDOUT'];

// The first is pg's, the second its pool's; the third is how Postgres tells two GRANTs at the same moment.
const PASSING_MESSAGES = /^(Connection terminated|timeout exceeded when trying|tuple concurrently updated)/;

/** How one of a database's roles gets in. */
export function connectionSettings(
  server: Pick<ClusterAccess, 'host' | 'port' | 'tls' | 'ca'>,
  database: string,
  login: DatabaseLogin,
): ClientConfig {
  return {
    host: server.host,
    port: server.port,
    ssl: tlsOptions(server),
    database,
    user: login.user,
    password: login.password.reveal(),
    application_name: 'turbobackend',
    connectionTimeoutMillis: 10_000,
    keepAlive: true,
  };
}

export async function connect(settings: ClientConfig): Promise<Client> {
  const client = new Client(settings);
  // A connection that breaks while nobody uses it must not end the process; the next query tells.
  client.on('error', () => {});
  try {
    await client.connect();
    return client;
  } catch (error) {
    await client.end().catch(() => {});
    throw error;
  }
}

/** Runs `work` on a connection of its own. */
export async function withConnection<T>(settings: ClientConfig, work: (client: Client) => Promise<T>): Promise<T> {
  const client = await connect(settings);
  try {
    return await work(client);
  } finally {
    await client.end();
  }
}

/** Runs `work` on one of the pool's connections; one that broke is not given to anyone else. */
export async function withPooled<T>(pool: Pool, work: (client: PoolClient) => Promise<T>): Promise<T> {
  const client = await pool.connect();
  let broken = false;
  try {
    return await work(client);
  } catch (error) {
    broken = isPassing(error);
    throw error;
  } finally {
    client.release(broken);
  }
}

/** Does it again, a few times, while only the connection or the server was the trouble. `work` must bear repetition. */
export async function withRetries<T>(work: () => Promise<T>): Promise<T> {
  for (let attempt = 1; ; attempt += 1) {
    try {
      return await work();
    } catch (error) {
      if (attempt === ATTEMPTS || !isPassing(error)) throw error;
      await sleep(50 * 2 ** attempt);
    }
  }
}

/** Whether the same thing may work a moment later, because the connection or the server was the trouble. */
export function isPassing(error: unknown): boolean {
  const { code = '', message = '' } = error as { code?: string; message?: string };
  return PASSING.includes(code) || code.startsWith('08') || PASSING_MESSAGES.test(message);
}

/** Whether Postgres refused with one of these codes. */
export function isPostgresError(error: unknown, ...codes: readonly string[]): boolean {
  return codes.includes((error as { code?: string }).code ?? '');
}
