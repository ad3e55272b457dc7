import { createHash } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { DatabaseError, escapeIdentifier, type ClientBase } from 'pg';
import type { DatabaseSchema } from '../domain/database-schema.ts';
import { TurboError } from '../domain/errors.ts';
import { loadPostgresParser } from '../schema/drafts.ts';
import { invertSteps, schemasFor, scriptOf, transactionOf } from './change-script.ts';
import type { ChangeStep } from './change-step.ts';
import { checksumRows } from './checksums.ts';
import { dropUnlessUsed } from './forget-kept.ts';
import { keeperOf } from './plan-steps.ts';
import { readDraft } from './read-draft.ts';
import { runStatement } from './run-statement.ts';

/** A file of db/migrations whose statements a change has run. */
export interface MigrationFile {
  /** `0002_likes.sql` */
  readonly name: string;
  readonly sql: string;
}

export interface Migration {
  readonly steps: readonly ChangeStep[];
  /** The schema for what goes out of sight. */
  readonly kept: string;
  /** Left in the database itself, together with what was done: tells a repetition that it is one. */
  readonly mark: string;
  /** What the project's own runner has to know of as applied, all of them. */
  readonly migrations: readonly MigrationFile[];
  /** What lists of rows are to be called on, by the foreign key that they go by. */
  readonly paths?: readonly ListPath[] | undefined;
}

export interface ListPath {
  readonly table: string;
  readonly foreignKey: string;
  /** The last part of the path. */
  readonly segment: string;
}

/** A statement waits so long for the rows that others work on; whoever comes after it waits as long. */
const LOCK_TIMEOUT_MS = 500;
const TRIES = 20;

/**
 * Runs the steps in one transaction, as the database's owner; repeating it changes nothing. Tries again while others
 * hold the tables. Rejects with `CHANGE_FAILED`, nothing changed.
 */
export async function migrateDatabase(client: ClientBase, migration: Migration): Promise<void> {
  for (let attempt = 1; ; attempt += 1) {
    try {
      return await migrateOnce(client, migration);
    } catch (error) {
      await client.query('ROLLBACK').catch(() => undefined);
      if (!isLockTimeout(error) || attempt === TRIES) throw changeFailed(error);
      await sleep(100 + Math.random() * 200 * attempt);
    }
  }
}

async function migrateOnce(client: ClientBase, migration: Migration): Promise<void> {
  await client.query('BEGIN');
  await client.query(`SET LOCAL lock_timeout = ${LOCK_TIMEOUT_MS}; SET LOCAL statement_timeout = 0`);
  if ((await readMark(client)) === migration.mark) return void (await client.query('COMMIT'));
  const parser = await loadPostgresParser();
  const draft = await readDraft(parser, client);
  for (const sql of transactionOf(scriptOf(parser, draft, migration.steps), migration.kept)) {
    await runStatement(client, sql);
  }
  for (const { table, foreignKey, segment } of migration.paths ?? []) {
    await client.query(
      `COMMENT ON CONSTRAINT ${escapeIdentifier(foreignKey)} ON public.${escapeIdentifier(table)} IS ${quoted(`listed as ${segment}`)}`,
    );
  }
  await writeLedger(client, migration.migrations);
  await client.query(`COMMENT ON SCHEMA public IS ${quoted(`turbobackend schema ${migration.mark}`)}`);
  await client.query('COMMIT');
}

/** Takes a migration back that was run, by its mark; resolves when it was not, or is taken back already. */
export async function takeBackMigration(
  client: ClientBase,
  migration: Migration,
  before: readonly MigrationFile[],
): Promise<void> {
  const [found, kept, mark] = [await readMark(client), backSchema(migration), `${migration.mark} taken back`];
  if (found === migration.mark) {
    const draft = await readDraft(await loadPostgresParser(), client);
    const back = invertSteps(draft, migration.steps, keeperOf(kept));
    await migrateDatabase(client, { steps: back.steps, kept, mark, migrations: before });
  }
  if (found === migration.mark || found === mark) await dropUnlessUsed(client, kept);
}

/** For what was written before a change was taken back: each try has one of its own. */
function backSchema({ kept, mark }: Pick<Migration, 'kept' | 'mark'>): string {
  return `${kept}_${mark.slice(-6)}`;
}

/** What the last change left in the database; undefined when there was none. */
async function readMark(client: ClientBase): Promise<string | undefined> {
  const { rows } = await client.query<{ mark: string | null }>(
    `SELECT obj_description('public'::regnamespace) AS mark`,
  );
  return rows[0]?.mark?.replace(/^turbobackend schema /, '') ?? undefined;
}

/** As the project's own runner keeps it, so that it finds nothing left to do. */
async function writeLedger(client: ClientBase, migrations: readonly MigrationFile[]): Promise<void> {
  await client.query(
    `CREATE SCHEMA IF NOT EXISTS migrations;
     CREATE TABLE IF NOT EXISTS migrations.applied (
       name text PRIMARY KEY,
       checksum text NOT NULL,
       applied_at timestamptz NOT NULL DEFAULT now()
     )`,
  );
  const names = migrations.map(({ name }) => name);
  await client.query('DELETE FROM migrations.applied WHERE name <> ALL ($1)', [names]);
  await client.query(
    `INSERT INTO migrations.applied (name, checksum)
     SELECT name, checksum FROM unnest($1::text[], $2::text[]) AS m (name, checksum)
         ON CONFLICT (name) DO NOTHING`,
    [names, migrations.map(({ sql }) => createHash('sha256').update(sql).digest('hex'))],
  );
}

export interface Rehearsal {
  /** Of each step, in milliseconds. */
  readonly durationsMs: readonly number[];
  readonly schema: DatabaseSchema;
  /** What taking it back at once would not give back, a sentence each. */
  readonly losses: readonly string[];
  readonly rows: number;
}

/**
 * Tries the steps on a copy with rows: forward, back, and forward again, after which the copy is as the database will
 * be. Rejects with `CHANGE_REFUSED` when a statement fails on these rows.
 */
export async function rehearseChange(
  client: ClientBase,
  migration: Migration,
  readCatalog: () => Promise<DatabaseSchema>,
): Promise<Rehearsal> {
  const parser = await loadPostgresParser();
  const [catalog, draft] = [await readCatalog(), await readDraft(parser, client)];
  const before = await checksumRows(client, catalog);
  const durationsMs = await timeSteps(client, migration, draft);
  const schema = await readCatalog();
  const after = await readDraft(parser, client);
  const losses = await tryBack(client, migration, after, { catalog, before }, readCatalog);
  return {
    durationsMs,
    schema,
    losses,
    rows: Object.values(before).reduce((sum, each) => sum + Number(each.split(':')[0]), 0),
  };
}

type Draft = Awaited<ReturnType<typeof readDraft>>;

async function timeSteps(client: ClientBase, { steps, kept }: Migration, draft: Draft): Promise<readonly number[]> {
  const parser = await loadPostgresParser();
  const durations: number[] = [];
  await client.query('SET statement_timeout = 0');
  await client.query('BEGIN');
  try {
    const script = scriptOf(parser, draft, steps);
    const schemas = schemasFor(
      script.flatMap(({ live }) => live),
      kept,
    );
    for (const sql of schemas) await client.query(sql);
    for (const { live } of script) {
      const startedAt = performance.now();
      for (const sql of live) await runStatement(client, sql);
      durations.push(Math.round((performance.now() - startedAt) * 10) / 10);
    }
    await client.query('COMMIT');
    return durations;
  } catch (error) {
    await client.query('ROLLBACK');
    throw refusedByRows(error);
  }
}

async function tryBack(
  client: ClientBase,
  { steps, mark, kept, migrations, paths }: Migration,
  after: Draft,
  { catalog, before }: { readonly catalog: DatabaseSchema; readonly before: Awaited<ReturnType<typeof checksumRows>> },
  readCatalog: () => Promise<DatabaseSchema>,
): Promise<readonly string[]> {
  const back = invertSteps(after, steps, keeperOf(backSchema({ kept, mark })));
  try {
    await migrateDatabase(client, {
      steps: back.steps,
      kept: backSchema({ kept, mark }),
      mark: 'rehearsal of the way back',
      migrations,
    });
  } catch (error) {
    if (error instanceof TurboError) return [`It could not be taken back: ${error.message}`];
    throw error;
  }
  const { compareSchemas } = await import('../schema/schema.ts');
  const found = await readCatalog();
  const sums = await checksumRows(client, found);
  // Values that the steps fetched lie elsewhere by now: there the way back has kept them.
  const again = steps.some(fetchesKept) ? invertSteps(back.target, back.steps, keeperOf(kept)).steps : steps;
  await migrateDatabase(client, { steps: again, kept, migrations, paths, mark: `${mark} again` });
  const differences = compareSchemas(catalog, found);
  if (differences.length > 0)
    return differences.map((difference) => `Taken back, the schema would differ: ${difference}`);
  const changed = Object.keys(before).filter((table) => before[table] !== sums[table]);
  return changed.map((table) => `Taken back, the rows of ${table} would not be as they were`);
}

function fetchesKept(step: ChangeStep): boolean {
  return step.kind.startsWith('restore-') || step.kind === 'unfill-column' || 'restores' in step;
}

function refusedByRows(error: unknown): unknown {
  if (!(error instanceof DatabaseError)) return error;
  return new TurboError('CHANGE_REFUSED', `On a copy with the rows there are, ${tellPostgres(error)}`, {
    cause: error,
    phase: 'rehearse',
    fix: fixFor(error),
  });
}

function changeFailed(error: unknown): unknown {
  if (!(error instanceof DatabaseError)) return error;
  if (isLockTimeout(error)) {
    return new TurboError('CHANGE_FAILED', 'The tables were in use the whole time: nothing was changed', {
      cause: error,
      phase: 'migrate',
      fix: 'Try again when long transactions on them have ended.',
    });
  }
  return new TurboError('CHANGE_FAILED', `Nothing was changed: ${tellPostgres(error)}`, {
    cause: error,
    phase: 'migrate',
    fix: fixFor(error),
  });
}

function tellPostgres(error: DatabaseError): string {
  const { statement } = error as DatabaseError & { readonly statement?: string };
  const detail = error.detail === undefined ? '' : ` (${error.detail})`;
  return `Postgres refuses it: ${error.message}${detail}${statement === undefined ? '' : `\n  in: ${statement.slice(0, 200)}`}`;
}

function fixFor({ code, hint }: DatabaseError): string {
  if (code === '23502') return 'Give the column a default, or fill it with an UPDATE before it is made NOT NULL.';
  if (code === '23505') return 'Make the rows differ before the column is made unique.';
  if (code === '23503' || code === '23514') return 'Change the rows that break it first.';
  if (code?.startsWith('22')) return 'Say with USING what becomes of these values, or change them first.';
  return hint ?? 'Write the change in another way.';
}

function isLockTimeout(error: unknown): boolean {
  return error instanceof DatabaseError && (error.code === '55P03' || error.code === '40P01');
}

function quoted(text: string): string {
  return `'${text.replaceAll("'", "''")}'`;
}
