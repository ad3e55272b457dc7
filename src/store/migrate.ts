import { createHash } from 'node:crypto';
import { readdir, readFile } from 'node:fs/promises';
import type { Pool, PoolClient } from 'pg';
import { TurboError } from '../domain/errors.ts';
import { withPooled } from '../postgres/open-client.ts';

interface Migration {
  readonly name: string;
  readonly sql: string;
  readonly checksum: string;
}

// Any number that nobody else in the control database locks.
const MIGRATION_LOCK = 7_400_001;

/**
 * Brings the control database's tables up to date, each file in a transaction of its own; any number of processes may
 * do it at the same moment. Rejects with `CONFIG_INVALID` when a migration that ran is not the one we know.
 */
export async function migrate(pool: Pool): Promise<void> {
  const migrations = await readMigrations();
  await withPooled(pool, async (client) => {
    if ((await pending(client, migrations)).length === 0) return;
    await client.query('SELECT pg_advisory_lock($1)', [MIGRATION_LOCK]);
    try {
      await applyPending(client, migrations);
    } finally {
      // A connection that broke has lost its locks with it.
      await client.query('SELECT pg_advisory_unlock($1)', [MIGRATION_LOCK]).catch(() => undefined);
    }
  });
}

async function applyPending(client: PoolClient, migrations: readonly Migration[]): Promise<void> {
  await client.query(
    `CREATE SCHEMA IF NOT EXISTS tb;
     CREATE TABLE IF NOT EXISTS tb.schema_migrations (
       name       varchar(200) PRIMARY KEY,
       checksum   varchar(64) NOT NULL,
       applied_at timestamptz NOT NULL DEFAULT clock_timestamp()
     )`,
  );
  for (const migration of await pending(client, migrations)) await apply(client, migration);
}

/** The files lie beside this module, in the sources as in the build. */
async function readMigrations(): Promise<readonly Migration[]> {
  const folder = new URL('migrations/', import.meta.url);
  const names = (await readdir(folder)).filter((name) => /^\d{4}-[a-z0-9-]+\.sql$/.test(name)).toSorted();
  return Promise.all(
    names.map(async (name) => {
      const sql = await readFile(new URL(name, folder), 'utf8');
      return { name, sql, checksum: createHash('sha256').update(sql).digest('hex') };
    }),
  );
}

async function pending(client: PoolClient, migrations: readonly Migration[]): Promise<readonly Migration[]> {
  const { rows: tables } = await client.query<{ known: boolean }>(
    `SELECT to_regclass('tb.schema_migrations') IS NOT NULL AS known`,
  );
  if (!tables[0]?.known) return migrations;
  const { rows } = await client.query<{ name: string; checksum: string }>(
    'SELECT name, checksum FROM tb.schema_migrations',
  );
  const applied = new Map(rows.map((row) => [row.name, row.checksum]));
  const changed = migrations.find(({ name, checksum }) => (applied.get(name) ?? checksum) !== checksum);
  if (changed) {
    throw new TurboError(
      'CONFIG_INVALID',
      `The control database was set up by another build: ${changed.name} differs`,
      {
        fix: 'Use the version of turbobackend that made it, or point TURBOBACKEND_HOME (or DB_CLUSTER_*) elsewhere.',
      },
    );
  }
  return migrations.filter(({ name }) => !applied.has(name));
}

async function apply(client: PoolClient, { name, sql, checksum }: Migration): Promise<void> {
  await client.query('BEGIN');
  try {
    await client.query(sql);
    await client.query('INSERT INTO tb.schema_migrations (name, checksum) VALUES ($1, $2)', [name, checksum]);
    await client.query('COMMIT');
  } catch (cause) {
    await client.query('ROLLBACK').catch(() => undefined);
    throw new Error(`Migration ${name} failed`, { cause });
  }
}
