import { createHash } from 'node:crypto';
import { readdir, readFile } from 'node:fs/promises';
import pg from 'pg';
import { connectionOptions } from '../src/db.ts';
import { readDatabaseSettings } from '../src/config.ts';

// Runs the migrations that the database has not seen, in the order of their names, each in a transaction of its own.
// Whoever runs it needs the right to create tables: DB_MIGRATION_USER and DB_MIGRATION_PASSWORD, else DB_USER.

interface Migration {
  readonly name: string;
  readonly sql: string;
  readonly checksum: string;
}

const { DB_MIGRATION_USER, DB_MIGRATION_PASSWORD, ...environment } = process.env;
// Whoever runs it wants to know what is amiss, in one line.
process.once('uncaughtException', ({ message }) => {
  process.stderr.write(`Not migrated: ${message}\n`);
  process.exit(1);
});

const settings = readDatabaseSettings({
  ...environment,
  ...(DB_MIGRATION_USER ? { DB_USER: DB_MIGRATION_USER, DB_PASSWORD: DB_MIGRATION_PASSWORD ?? '' } : {}),
});
const client = new pg.Client({ ...connectionOptions(settings), statement_timeout: 0, query_timeout: 0 });

await client.connect();
try {
  await migrate(await readMigrations());
} finally {
  await client.end();
}

async function readMigrations(): Promise<Migration[]> {
  const folder = new URL('migrations/', import.meta.url);
  const names = (await readdir(folder)).filter((name) => name.endsWith('.sql')).toSorted();
  return Promise.all(
    names.map(async (name) => {
      const sql = await readFile(new URL(name, folder), 'utf8');
      return { name, sql, checksum: createHash('sha256').update(sql).digest('hex') };
    }),
  );
}

async function migrate(migrations: readonly Migration[]): Promise<void> {
  const applied = await readApplied();
  const baseline = applied ? undefined : await findBaseline(migrations);
  const pending = migrations.filter(({ name }) => !applied?.has(name) && name !== baseline?.name);
  refuseChanged(migrations, applied);
  if (pending.length === 0) {
    print(`Nothing to do: ${baseline ? 'the tables are there.' : 'every migration has been applied.'}`);
    return;
  }
  await prepareRecord(baseline);
  for (const migration of pending) await apply(migration);
}

/** Name and checksum of every migration that was applied; undefined for a database that was never migrated by us. */
async function readApplied(): Promise<ReadonlyMap<string, string> | undefined> {
  const { rows: found } = await client.query("SELECT to_regclass('migrations.applied') IS NOT NULL AS exists");
  if (!found[0]?.exists) return undefined;
  const { rows } = await client.query('SELECT name, checksum FROM migrations.applied');
  return new Map(rows.map((row) => [row.name, row.checksum]));
}

/** The first migration, when its tables were created before this program ever ran. Throws when only some were. */
async function findBaseline([first]: readonly Migration[]): Promise<Migration | undefined> {
  const created = [...(first?.sql ?? '').matchAll(/^CREATE TABLE (?:IF NOT EXISTS )?((?:\w+|"(?:[^"]|"")+")+)/gim)];
  const names = created.map(([, name = '']) => name);
  const { rows } = await client.query(
    'SELECT name FROM unnest($1::text[]) AS name WHERE to_regclass($2 || name) IS NOT NULL',
    [names, 'public.'],
  );
  if (rows.length === 0) return undefined;
  if (rows.length < names.length) {
    throw new Error(`Of the tables of ${first?.name} only ${rows.map((row) => row.name).join(', ')} exist.`);
  }
  return first;
}

function refuseChanged(migrations: readonly Migration[], applied: ReadonlyMap<string, string> | undefined): void {
  const changed = migrations.find(({ name, checksum }) => (applied?.get(name) ?? checksum) !== checksum);
  if (changed) throw new Error(`${changed.name} was changed after it had been applied. Write a new migration instead.`);
}

async function prepareRecord(baseline: Migration | undefined): Promise<void> {
  await createRecord().catch(async (error: { readonly code?: string }) => {
    // Another process made it at the same moment: Postgres says so in one of these ways.
    if (!['23505', '42P06', '42P07'].includes(error.code ?? '')) throw error;
    await createRecord();
  });
  if (baseline) await record(baseline);
}

async function createRecord(): Promise<void> {
  await client.query('CREATE SCHEMA IF NOT EXISTS migrations');
  await client.query(
    `CREATE TABLE IF NOT EXISTS migrations.applied (
       name text PRIMARY KEY,
       checksum text NOT NULL,
       applied_at timestamptz NOT NULL DEFAULT now()
     )`,
  );
}

async function apply(migration: Migration): Promise<void> {
  await client.query('BEGIN');
  try {
    // Whoever has the record's table migrates, others wait, and find what was applied meanwhile.
    await client.query('LOCK TABLE migrations.applied IN SHARE ROW EXCLUSIVE MODE');
    const isNew = !(await readApplied())?.has(migration.name);
    if (isNew) {
      await client.query(migration.sql);
      await record(migration);
    }
    await client.query('COMMIT');
    if (isNew) print(`Applied ${migration.name}`);
  } catch (cause) {
    await client.query('ROLLBACK');
    throw new Error(`${migration.name} failed and was undone`, { cause });
  }
}

async function record({ name, checksum }: Migration): Promise<void> {
  await client.query('INSERT INTO migrations.applied (name, checksum) VALUES ($1, $2) ON CONFLICT DO NOTHING', [
    name,
    checksum,
  ]);
}

function print(line: string): void {
  process.stdout.write(`${line}\n`);
}
