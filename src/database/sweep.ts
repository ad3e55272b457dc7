import { escapeIdentifier, type ClientBase, type PoolClient } from 'pg';
import { CHANGE_SESSION } from '../domain/change-session.ts';
import {
  listAbandonedDatabases,
  listDatabases,
  listReadyDatabases,
  takeSurplusDatabases,
} from '../store/project-databases.ts';
import { tryDatabaseLock } from './database-lock.ts';
import { databaseOfRole, ownNamePatterns } from './database-names.ts';
import { dropDatabase } from './drop-database.ts';

/**
 * Drops this installation's databases and roles that nothing has a claim on any more, and ready ones beyond `keep`;
 * resolves to the names of what is gone. What somebody is working on at the moment is left to them. One that cannot be
 * dropped does not keep the others; the first such failure is what it then rejects with.
 */
export async function sweepDatabases(
  client: PoolClient,
  installationId: string,
  keep: number,
): Promise<readonly string[]> {
  const sweep = new Sweep(client);
  // The cluster first, the records second: what is recorded before it is made cannot look like an orphan then.
  const existing = await listExisting(client, installationId);
  const recorded = new Set(await listDatabases(client, installationId));
  for (const name of existing.databases) {
    if (!recorded.has(name)) await sweep.drop(name, async () => true);
  }
  await takeSurplusDatabases(client, installationId, keep);
  for (const name of await listAbandonedDatabases(client, installationId)) {
    await sweep.drop(name, async () => (await listAbandonedDatabases(client, installationId)).includes(name));
  }
  for (const name of await listReadyDatabases(client, installationId)) {
    if (!existing.databases.includes(name)) await sweep.drop(name, async () => !(await exists(client, name)));
  }
  for (const role of existing.roles) {
    if (!recorded.has(databaseOfRole(role))) await sweep.dropRole(role);
  }
  return sweep.finish();
}

interface SessionLimits {
  readonly statementSeconds: number;
  /** Of a session in which we change a database as its owner; nobody else has the owner's password. */
  readonly changeSeconds: number;
  readonly idleTransactionSeconds: number;
  /** Of a session that reads and writes rows: a few for each table that it touches. */
  readonly locks: number;
  /** Of a session that makes a whole schema. */
  readonly ownerLocks: number;
  /** Between 0 and 1. */
  readonly queueUsage: number;
}

const SESSION_LIMITS: SessionLimits = {
  statementSeconds: 60,
  changeSeconds: 6 * 3600,
  idleTransactionSeconds: 300,
  locks: 2000,
  ownerLocks: 20_000,
  queueUsage: 0.02,
};

/**
 * Ends sessions of projects' roles that outstay the limits, since every role can lift those that were set for it; that
 * hold more locks than there is room for, in whatever state they are; and, while the notifications that no session has
 * fetched fill their queue, those in a transaction, by which one that listens keeps them there.
 */
export async function endOverdueSessions(
  client: ClientBase,
  installationId: string,
  wanted: Partial<SessionLimits> = {},
): Promise<void> {
  const limits = { ...SESSION_LIMITS, ...wanted };
  await client.query(
    `WITH held AS (SELECT pid, count(*) AS locks FROM pg_locks GROUP BY pid)
     SELECT pg_terminate_backend(pid)
       FROM pg_stat_activity
       LEFT JOIN held USING (pid)
      WHERE usename LIKE $1
        AND CASE
              WHEN locks > CASE WHEN usename LIKE '%owner' THEN $5::bigint ELSE $4::bigint END THEN true
              WHEN pg_notification_queue_usage() > $6::float8 AND clock_timestamp() - xact_start > make_interval(secs => 1)
                THEN true
              WHEN state = 'active' AND usename LIKE '%owner' AND application_name = $7
                THEN clock_timestamp() - query_start > make_interval(secs => $8)
              WHEN state = 'active' THEN clock_timestamp() - query_start > make_interval(secs => $2)
              WHEN state LIKE 'idle in transaction%'
                THEN clock_timestamp() - state_change > make_interval(secs => $3)
            END`,
    [
      ownNamePatterns(installationId).roles,
      limits.statementSeconds,
      limits.idleTransactionSeconds,
      limits.locks,
      limits.ownerLocks,
      limits.queueUsage,
      CHANGE_SESSION.application_name,
      limits.changeSeconds,
    ],
  );
}

class Sweep {
  readonly #client: PoolClient;
  readonly #removed: string[] = [];
  readonly #failures: unknown[] = [];

  constructor(client: PoolClient) {
    this.#client = client;
  }

  /** Unless somebody holds the database's lock, or `isAbandoned` finds, under the lock, that it is not any more. */
  async drop(name: string, isAbandoned: () => Promise<boolean>): Promise<void> {
    await this.#attempt(name, () =>
      tryDatabaseLock(this.#client, name, async () => {
        if (!(await isAbandoned())) return false;
        await dropDatabase(this.#client, name);
        return true;
      }),
    );
  }

  async dropRole(role: string): Promise<void> {
    await this.#attempt(role, async () => {
      await this.#client.query(`DROP ROLE IF EXISTS ${escapeIdentifier(role)}`);
      return true;
    });
  }

  finish(): readonly string[] {
    if (this.#failures.length > 0) throw this.#failures[0];
    return this.#removed;
  }

  async #attempt(name: string, remove: () => Promise<boolean | undefined>): Promise<void> {
    try {
      if (await remove()) this.#removed.push(name);
    } catch (error) {
      this.#failures.push(error);
    }
  }
}

interface Existing {
  readonly databases: readonly string[];
  readonly roles: readonly string[];
}

async function listExisting(client: ClientBase, installationId: string): Promise<Existing> {
  const patterns = ownNamePatterns(installationId);
  const { rows: databases } = await client.query<{ name: string }>(
    'SELECT datname AS name FROM pg_database WHERE datname LIKE $1 ORDER BY datname',
    [patterns.databases],
  );
  const { rows: roles } = await client.query<{ name: string }>(
    'SELECT rolname AS name FROM pg_roles WHERE rolname LIKE $1 ORDER BY rolname',
    [patterns.roles],
  );
  return { databases: databases.map((row) => row.name), roles: roles.map((row) => row.name) };
}

async function exists(client: ClientBase, name: string): Promise<boolean> {
  const { rowCount } = await client.query('SELECT FROM pg_database WHERE datname = $1', [name]);
  return rowCount === 1;
}
