import { setTimeout as sleep } from 'node:timers/promises';
import { escapeIdentifier, type ClientBase, type PoolClient } from 'pg';
import { deleteDatabase, markDropping } from '../store/project-databases.ts';
import { isPostgresError } from './connect.ts';
import { withDatabaseLock } from './database-lock.ts';
import { originalOf } from './database-names.ts';
import { dropRoles } from './project-roles.ts';

const ATTEMPTS = 5;

/**
 * Drops the database whoever is connected to it: a project's with its copies and roles, or a copy alone. Forgets it
 * last, so that a drop that is cut short is found and finished. The caller holds the database's lock.
 */
export async function dropDatabase(client: PoolClient, name: string): Promise<void> {
  const recorded = await markDropping(client, name);
  for (const copy of new Set([...recorded, ...(await findCopies(client, name))])) {
    await withDatabaseLock(client, copy, () => dropDatabase(client, copy));
  }
  await dropWithForce(client, name);
  if (originalOf(name) === name) await dropRoles(client, name);
  await deleteDatabase(client, name);
}

/** Copies that exist, recorded or not: they would keep the roles from being dropped. */
async function findCopies(client: ClientBase, name: string): Promise<readonly string[]> {
  const { rows } = await client.query<{ datname: string }>(
    `SELECT datname
       FROM pg_database
      WHERE starts_with(datname, $1)`,
    [`${name}_c`],
  );
  return rows.map((row) => row.datname);
}

async function dropWithForce(client: ClientBase, name: string): Promise<void> {
  for (let attempt = 1; ; attempt += 1) {
    try {
      await client.query(`DROP DATABASE IF EXISTS ${escapeIdentifier(name)} WITH (FORCE)`);
      return;
    } catch (error) {
      // Somebody got in between Postgres' ending the connections and its looking for them.
      if (attempt === ATTEMPTS || !isPostgresError(error, '55006')) throw error;
      await sleep(100);
    }
  }
}
