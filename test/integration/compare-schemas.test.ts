import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import * as fc from 'fast-check';
import type { Client } from 'pg';
import { DatabaseError, Pool } from 'pg';
import { extract } from '@supabase/pg-delta/extract';
import { plan } from '@supabase/pg-delta/plan';
import { invertSteps, scriptOf, transactionOf } from '../../src/changes/change-script.ts';
import type { ChangeStep } from '../../src/changes/change-step.ts';
import { checksumRows } from '../../src/changes/checksums.ts';
import { compareDrafts } from '../../src/changes/compare/compare-drafts.ts';
import { checkTarget } from '../../src/changes/check-target.ts';
import { keeperOf } from '../../src/changes/plan-steps.ts';
import { readDraft } from '../../src/changes/read-draft.ts';
import { runStatement } from '../../src/changes/run-statement.ts';
import { readCatalog } from '../../src/database/read-catalog.ts';
import { loadPostgresParser, type PostgresParser, type SchemaDraft } from '../../src/schema/drafts.ts';
import { readNotation } from '../../src/planner/builtin/builtin-planner.ts';
import { compareSchemas, proposalFromSql } from '../../src/schema/schema.ts';
import { startTestCluster, type TestCluster } from '../support/postgres.ts';
import { insertRows, schemaPair, schemaSqlOf, type TrialSchema } from '../support/trial-schemas.ts';

/** A row may stand in the way of a change, or a type may not be had from another; a plan says so and nothing is done. */
const HONEST: readonly string[] = [
  '23502',
  '23505',
  '23503',
  '23514',
  '42846',
  '22P02',
  '22003',
  '22007',
  '22008',
  '22001',
];

describe('random pairs of schemas', () => {
  let cluster: TestCluster;
  let client: Client;
  let goal: Client;
  let pools: readonly Pool[];
  let parser: PostgresParser;

  before(async () => {
    cluster = await startTestCluster();
    const admin = await cluster.connect();
    for (const name of ['pairs', 'goals']) await admin.query(`CREATE DATABASE ${name} TEMPLATE template0`);
    await admin.end();
    client = await cluster.connect('pairs');
    goal = await cluster.connect('goals');
    pools = ['pairs', 'goals'].map((name) => new Pool({ connectionString: cluster.connectionString(name) }));
    parser = await loadPostgresParser();
  });
  after(async () => {
    await Promise.all([client.end(), goal.end(), ...pools.map((pool) => pool.end())]);
    await cluster.stop();
  });

  test('the steps lead from one to the other and back, and the rows with them', async (t) => {
    const tally = { done: 0, refused: 0, doneEmpty: 0, uncast: 0 };
    await fc.assert(
      fc.asyncProperty(schemaPair, async ([from, to]) => {
        const target = await draftOf(to);
        const way = async (withRows: boolean): Promise<'done' | 'refused'> =>
          onDatabase(client, from, async () => {
            if (withRows) await insertRows(client, from);
            return leadsThereAndBack(target);
          });
        const withRows = await way(true);
        tally[withRows] += 1;
        // What rows may stand in the way of has to go without them, all but types that have no cast at all.
        if (withRows === 'refused') tally[(await way(false)) === 'done' ? 'doneEmpty' : 'uncast'] += 1;
      }),
      { numRuns: 40, seed: 2026, endOnFailure: true },
    );
    const seen = JSON.stringify(tally);
    assert.ok(tally.done + tally.doneEmpty > 2 * tally.uncast, seen);
    t.diagnostic(seen);
  });

  test('a given schema is compared, renamings as they are told, and what its notation has no words for stays', async () => {
    const start = `CREATE TABLE posts (id varchar PRIMARY KEY, title varchar(200) NOT NULL CHECK (title <> ''), views integer DEFAULT 0, state varchar(20) CHECK (state IN ('draft', 'live')));
      CREATE INDEX posts_title_idx ON posts (title); INSERT INTO posts VALUES ('1', 'Hello', 3, 'live')`;
    const text = `CREATE TABLE posts (id varchar PRIMARY KEY, headline varchar(200) NOT NULL CHECK (headline <> ''), views bigint DEFAULT 0, state varchar(20) CHECK (state IN ('draft', 'live')));
      CREATE INDEX ON posts (headline)`;
    await fresh(start);
    const proposal = await proposalFromSql(text);
    const guess = await checkTarget(client, { proposal, renames: [] }, 2);
    assert.deepEqual(guess.possibleRenames, [{ from: 'posts.title', to: 'headline' }]);
    assert.ok(guess.statements.some(({ risk, sql }) => risk === 'loses-data' && sql.includes('DROP COLUMN title')));

    const told = await checkTarget(client, { proposal, renames: [{ from: 'posts.title', to: 'headline' }] }, 2);
    assert.deepEqual(told.possibleRenames, []);
    assert.deepEqual(
      told.steps.map(({ kind }) => kind),
      ['rename-column', 'rename-constraint', 'rename-index', 'set-type'],
    );
    await run(await readDraft(parser, client), told.steps, 'tb_kept_2');
    assert.deepEqual((await checkTarget(client, { proposal, renames: [] }, 3)).steps, []);
    assert.equal((await client.query<{ headline: string }>('SELECT headline FROM posts')).rows[0]?.headline, 'Hello');

    for (const [from, to] of [
      ['posts.titel', 'headline'],
      ['post', 'articles'],
      ['posts.headline', 'heading'],
    ] as const)
      await assert.rejects(checkTarget(client, { proposal, renames: [{ from, to }] }, 3), {
        code: 'CHANGE_REFUSED',
        message: /to rename/,
      });

    const prisma = await readNotation(
      `model Post {\n  id String @id\n  headline String\n  views BigInt? @default(0)\n  state String?\n  likes Int @default(0)\n  @@map("posts")\n}`,
    );
    assert.ok(prisma);
    const added = await checkTarget(client, { proposal: prisma, renames: [] }, 3);
    assert.deepEqual(
      added.steps.map(({ kind }) => kind),
      ['add-column'],
      'the check, the index and the lengths stay',
    );
  });

  async function fresh(sql: string): Promise<void> {
    await onDatabase(client, { moods: [], tables: [] }, () => client.query(sql));
  }

  async function leadsThereAndBack(target: SchemaDraft): Promise<'done' | 'refused'> {
    const earlier = { draft: await readDraft(parser, client), catalog: await readCatalog(client) };
    const rows = await checksumRows(client, earlier.catalog);
    const planned = compareDrafts(earlier.draft, target, keeperOf('tb_kept_2'));
    if ((await tryOut(earlier.draft, planned.steps)) === 'refused') return 'refused';
    assert.deepEqual(await leftTo(target), [], 'nothing is left to do');
    assert.deepEqual(await othersFindings(), [], 'an independent comparison finds nothing either');

    const back = invertSteps(planned.target, planned.steps, keeperOf('tb_kept_3'));
    await run(planned.target, back.steps, 'tb_kept_3');
    assert.deepEqual(compareSchemas(earlier.catalog, await readCatalog(client)), []);
    assert.deepEqual(await leftTo(earlier.draft), [], 'nothing is left to take back');
    assert.deepEqual(await checksumRows(client, earlier.catalog), rows);
    return 'done';
  }

  async function tryOut(draft: SchemaDraft, steps: readonly ChangeStep[]): Promise<'done' | 'refused'> {
    try {
      await run(draft, steps, 'tb_kept_2');
      return 'done';
    } catch (error) {
      await client.query('ROLLBACK');
      if (error instanceof DatabaseError && HONEST.includes(error.code ?? '')) return 'refused';
      const { statement } = error as { readonly statement?: string };
      throw new Error(`${String(error)}\n${statement ?? ''}`, { cause: error });
    }
  }

  async function leftTo(target: SchemaDraft): Promise<readonly string[]> {
    const now = await readDraft(parser, client);
    return scriptOf(parser, now, compareDrafts(now, target, keeperOf('tb_kept_9')).steps).flatMap(({ plain }) => plain);
  }

  /** What `@supabase/pg-delta` would still do in schema public. */
  async function othersFindings(): Promise<readonly string[]> {
    const [source, desired] = await Promise.all(pools.map(async (pool) => (await extract(pool)).factBase));
    assert.ok(source && desired);
    return plan(source, desired)
      .actions.map(({ sql }) => sql)
      .filter((sql) => !sql.includes('tb_kept_'));
  }

  /** As the catalog words it. */
  async function draftOf(schema: TrialSchema): Promise<SchemaDraft> {
    return onDatabase(goal, schema, () => readDraft(parser, goal));
  }

  async function run(draft: SchemaDraft, steps: readonly ChangeStep[], kept: string): Promise<void> {
    await client.query('BEGIN');
    for (const sql of transactionOf(scriptOf(parser, draft, steps), kept)) await runStatement(client, sql);
    await client.query('COMMIT');
  }
});

async function onDatabase<T>(on: Client, schema: TrialSchema, work: () => Promise<T>): Promise<T> {
  const { rows } = await on.query<{ name: string }>(
    `SELECT nspname AS name FROM pg_namespace WHERE nspname = 'public' OR starts_with(nspname, 'tb_')`,
  );
  for (const { name } of rows) await on.query(`DROP SCHEMA ${name} CASCADE`);
  await on.query(`CREATE SCHEMA public; ${schemaSqlOf(schema)}`);
  return work();
}
