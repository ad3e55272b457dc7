import { escapeIdentifier, type ClientBase, type PoolClient } from 'pg';
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
  readonly idleTransactionSeconds: number;
}

const SESSION_LIMITS: SessionLimits = { statementSeconds: 60, idleTransactionSeconds: 300 };

/** Ends sessions of projects' roles that outstay the limits; every role can lift those that were set for it. */
export async function endOverdueSessions(
  client: ClientBase,
  installationId: string,
  limits = SESSION_LIMITS,
): Promise<void> {
  await client.query(
    `SELECT pg_terminate_backend(pid)
       FROM pg_stat_activity
      WHERE usename LIKE $1
        AND CASE
              WHEN state = 'active' THEN clock_timestamp() - query_start > make_interval(secs => $2)
              WHEN state LIKE 'idle in transaction%'
                THEN clock_timestamp() - state_change > make_interval(secs => $3)
            END`,
    [ownNamePatterns(installationId).roles, limits.statementSeconds, limits.idleTransactionSeconds],
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
