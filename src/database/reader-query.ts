import { Socket } from 'node:net';
import { setInterval } from 'node:timers';
import { type Client, type Connection, DatabaseError, Query, type QueryArrayResult } from 'pg';
import { isDatabaseAway } from '../domain/database-away.ts';
import { TurboError } from '../domain/errors.ts';
import type { DatabaseConnection } from '../domain/provisioned-database.ts';
import { withRetries } from '../domain/transient-failure.ts';
import { openClient } from '../postgres/open-client.ts';
import { BRIEF_WITH_DATABASES } from './connect.ts';
import type { QueryResult } from './database-cluster.ts';
import { jsonTypes } from './json-values.ts';

const LARGEST_RESULT_BYTES = 1_000_000;
const LOOK_EVERY_MS = 5;
// The server keeps the time limit; this is for a server that does not answer any more.
const GRACE_MS = 2000;

export interface ReaderLimits {
  readonly maxRows: number;
  readonly timeoutMs: number;
}

/**
 * Runs one statement in a read-only transaction on a connection of its own that is ended without a commit: nothing
 * that it sets or locks outlives it. The role is the boundary, the transaction only the second one.
 */
export async function runReaderQuery(
  reader: DatabaseConnection,
  sql: string,
  limits: ReaderLimits,
): Promise<QueryResult> {
  const guard = new SocketGuard(limits.timeoutMs + GRACE_MS);
  try {
    const client = await withRetries(BRIEF_WITH_DATABASES, () =>
      openClient(reader, { stream: () => guard.newSocket() }),
    );
    try {
      const result = await readRows(client, sql, limits);
      guard.look();
      if (guard.complaint !== undefined) throw new Error(guard.complaint);
      return result;
    } finally {
      await client.end();
    }
  } catch (cause) {
    if (guard.complaint === undefined && (!(cause instanceof DatabaseError) || isDatabaseAway(cause))) {
      throw new TurboError('CLUSTER_UNAVAILABLE', `The database cannot be reached: ${(cause as Error).message}`, {
        cause,
      });
    }
    throw new TurboError('QUERY_FAILED', guard.complaint ?? (cause as Error).message, { cause });
  } finally {
    guard.end();
  }
}

async function readRows(client: Client, sql: string, { maxRows, timeoutMs }: ReaderLimits): Promise<QueryResult> {
  const limit = Math.max(1, Math.round(timeoutMs));
  await client.query(`BEGIN READ ONLY; SET LOCAL statement_timeout = ${limit}; SET LOCAL lock_timeout = ${limit}`);
  const { fields, rows } = await runPortal(client, sql, maxRows + 1);
  return { columns: fields.map((field) => field.name), rows: rows.slice(0, maxRows), truncated: rows.length > maxRows };
}

/** By the extended protocol, which takes one statement and no more, and sends no more rows than it is asked for. */
function runPortal(client: Client, sql: string, rowCount: number): Promise<QueryArrayResult<unknown[]>> {
  return new Promise((resolve, reject) => {
    const settings = { text: sql, rows: rowCount, rowMode: 'array', queryMode: 'extended', types: jsonTypes };
    const query = new Query(settings);
    // pg would ask for the next portion.
    Object.assign(query, { handlePortalSuspended: (connection: Connection) => connection.sync() });
    query.on('error', reject);
    query.on('end', (result) => resolve(result as unknown as QueryArrayResult<unknown[]>));
    client.query(query);
  });
}

/** Cuts a connection that brings more than we want to hold in memory: a single row may be a gigabyte. */
class SocketGuard {
  readonly #endAt: number;
  readonly #watch: NodeJS.Timeout;
  #socket: Socket | undefined;
  /** Why it was cut. */
  complaint: string | undefined;

  constructor(timeoutMs: number) {
    this.#endAt = Date.now() + timeoutMs;
    this.#watch = setInterval(() => this.look(), LOOK_EVERY_MS);
  }

  look(): void {
    if ((this.#socket?.bytesRead ?? 0) > LARGEST_RESULT_BYTES) this.#cut('The result is larger than 1 MB');
    else if (Date.now() > this.#endAt) this.#cut('The database did not answer in time');
  }

  newSocket(): Socket {
    this.#socket = new Socket();
    return this.#socket;
  }

  end(): void {
    clearInterval(this.#watch);
  }

  #cut(complaint: string): void {
    this.complaint = complaint;
    this.#socket?.destroy();
  }
}
