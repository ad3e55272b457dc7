import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import type { ProjectId, RunId } from '../domain/ids.ts';
import type { DatabaseLogin, ProvisionedDatabase } from '../domain/provisioned-database.ts';
import type { SchemaDesign } from '../domain/schema-design.ts';
import { openClient, withClient } from '../postgres/open-client.ts';
import { BLOG, BLOG_CATALOG, BLOG_ROWS } from './database-cluster.fixture.ts';
import type { DatabaseCluster } from './database-cluster.ts';

/** A cluster under test, with runs that it can be used for. */
export interface ClusterUnderTest {
  readonly cluster: DatabaseCluster;
  /** A running run of a new project. */
  newRun(): Promise<{ readonly runId: RunId; readonly projectId: ProjectId }>;
  endRun(runId: RunId, status: 'succeeded' | 'failed' | 'cancelled'): Promise<void>;
  close(): Promise<void>;
}

/** The promises of `DatabaseCluster`, which every adapter has to keep. */
export function describeDatabaseCluster(
  title: string,
  open: () => Promise<ClusterUnderTest>,
  options: { readonly skip?: string | false } = {},
): void {
  describe(title, options, () => {
    let under: ClusterUnderTest;
    before(async () => {
      under = await open();
    });
    after(() => under.close());

    const claimNew = async (): Promise<{ runId: RunId; databaseName: string }> => {
      const { runId, projectId } = await under.newRun();
      return { runId, databaseName: await under.cluster.claim(runId, projectId) };
    };
    const provisionNew = async (): Promise<{ runId: RunId; database: ProvisionedDatabase }> => {
      const { runId, databaseName } = await claimNew();
      await under.cluster.provision(databaseName, runId, BLOG);
      return { runId, database: await under.cluster.open(databaseName) };
    };

    let shared: Promise<ProvisionedDatabase> | undefined;
    /** One with rows, for tests that change nothing. */
    const filled = (): Promise<ProvisionedDatabase> =>
      (shared ??= provisionNew().then(async ({ database }) => {
        await runAs(database, database.app, ...BLOG_ROWS);
        return database;
      }));

    test('tells its version', () => assert.match(under.cluster.version, /^PostgreSQL \d+\.\d+/));

    test('claims one database per run, the same again, and never the same for two', async () => {
      const { runId, projectId } = await under.newRun();
      const names = await Promise.all([1, 2, 3].map(() => under.cluster.claim(runId, projectId)));
      assert.equal(new Set(names).size, 1);
      assert.notEqual((await claimNew()).databaseName, names[0]);
    });

    test('takes back what was claimed and not used', async () => {
      const { runId, databaseName } = await claimNew();
      await under.cluster.release(runId);
      await under.cluster.release(runId);
      const { databaseName: next } = await claimNew();
      assert.equal(next, databaseName);
    });

    test('rehearses without a trace and tells what Postgres objects to', async () => {
      const { runId, databaseName } = await claimNew();
      assert.deepEqual(await under.cluster.rehearse(databaseName, BLOG), []);
      const findings = await under.cluster.rehearse(databaseName, withStatement('CREATE TABLE x (y nosuchtype)'));
      assert.equal(findings.length, 1);
      assert.match(findings[0]?.message ?? '', /type "nosuchtype" does not exist/);
      assert.equal(findings[0]?.severity, 'error');
      // Nothing is there that would stand in the way.
      await under.cluster.provision(databaseName, runId, BLOG);
    });

    test('makes the tables and reads them back from the catalog', async () => {
      const { runId, databaseName } = await claimNew();
      const schema = await under.cluster.provision(databaseName, runId, BLOG);
      assert.deepEqual(withoutUndefined(schema), BLOG_CATALOG);
      assert.deepEqual(await under.cluster.provision(databaseName, runId, BLOG), schema, 'when repeated');
      assert.deepEqual((await under.cluster.open(databaseName)).schema, schema);
    });

    test('leaves no table behind when a statement fails', async () => {
      const { runId, databaseName } = await claimNew();
      const broken = withStatement('CREATE TABLE likes (post_id bigint REFERENCES nowhere)');
      await assert.rejects(under.cluster.provision(databaseName, runId, broken), {
        code: 'DATABASE_PROVISION_FAILED',
        message: /"nowhere" does not exist/,
      });
      await assert.rejects(under.cluster.open(databaseName), { code: 'DATABASE_PROVISION_FAILED' });
      const { rows } = await under.cluster.query(databaseName, "SELECT relname FROM pg_class WHERE relname = 'users'");
      assert.deepEqual(rows, []);
    });

    test('hands out roles that can do what they are for', async () => {
      const { database } = await provisionNew();
      await runAs(database, database.app, ...BLOG_ROWS);
      assert.deepEqual((await runAs(database, database.reader, 'SELECT title FROM posts')).length, 1);
      await runAs(database, database.owner, 'ALTER TABLE posts ADD COLUMN subtitle text');
      await assert.rejects(runAs(database, database.app, 'DROP TABLE posts'), { code: '42501' });
      await assert.rejects(runAs(database, database.reader, 'DELETE FROM posts'), { code: '25006' });
    });

    test('copies a database with its rows, and the copy is one of its own', async () => {
      const { runId, database } = await provisionNew();
      await runAs(database, database.app, ...BLOG_ROWS);
      const copy = await under.cluster.clone(database.name, runId);
      assert.ok(copy.name.startsWith(database.name) && copy.name !== database.name);
      assert.deepEqual(copy.schema, database.schema);
      await runAs(copy, copy.app, 'DELETE FROM posts');
      assert.equal((await runAs(database, database.app, 'SELECT FROM posts')).length, 1);
      await under.cluster.drop(copy.name);
      await assert.rejects(under.cluster.open(copy.name), { code: 'DATABASE_PROVISION_FAILED' });
      assert.equal((await under.cluster.open(database.name)).name, database.name);
    });

    test('drops a database with its copies, whoever is connected, and twice', async () => {
      const { runId, database } = await provisionNew();
      const copy = await under.cluster.clone(database.name, runId);
      const { host, port, tls, name, app } = copy;
      const client = await openClient({ host, port, tls, database: name, ...app });
      await under.cluster.drop(database.name);
      await under.cluster.drop(database.name);
      await client.end().catch(() => {});
      await assert.rejects(under.cluster.open(database.name), { code: 'DATABASE_PROVISION_FAILED' });
      await assert.rejects(runAs(copy, copy.app, 'SELECT'));
    });

    test('answers a query in JSON values, and no more rows than asked for', async () => {
      const database = await filled();
      const sql = `SELECT 9007199254740993::bigint AS big, 0.10::numeric AS exact, 1.5::real AS real, true AS yes,
                          NULL AS nothing, ARRAY[1, 2] AS list, '{"a": [1]}'::jsonb AS document, 'NaN'::float8 AS nan`;
      const answer = await under.cluster.query(database.name, sql);
      assert.deepEqual(answer.columns, ['big', 'exact', 'real', 'yes', 'nothing', 'list', 'document', 'nan']);
      assert.deepEqual(answer.rows, [['9007199254740993', '0.10', 1.5, true, null, [1, 2], { a: [1] }, 'NaN']]);
      const many = await under.cluster.query(database.name, 'SELECT generate_series(1, 1000000)', { maxRows: 3 });
      assert.deepEqual([many.rows.length, many.truncated], [3, true]);
      const exact = await under.cluster.query(database.name, 'SELECT generate_series(1, 3)', { maxRows: 3 });
      assert.deepEqual([exact.rows.length, exact.truncated], [3, false]);
    });

    for (const [what, sql, message, timeoutMs = 5000] of [
      ['a write', "INSERT INTO users VALUES ('u2', 'b@example.org', 'ok')", /read-only transaction/],
      ['a write in a WITH', 'WITH gone AS (DELETE FROM users RETURNING *) SELECT * FROM gone', /read-only|denied/],
      ['two statements', 'SELECT 1; DELETE FROM users', /multiple commands/],
      ['nonsense', 'SELEC 1', /syntax error at or near "SELEC"/],
      ['an endless statement', 'SELECT pg_sleep(60)', /statement timeout/, 300],
      ['a result that is a little too large', "SELECT repeat('x', 1000001)", /larger than 1 MB/],
      ['a result that is far too large', "SELECT repeat('x', 50000000)", /larger than 1 MB/, 20_000],
      ['a file of the server', "SELECT pg_read_file('/etc/passwd')", /permission denied/],
      ['a program', "COPY users TO PROGRAM 'true'", /permission denied|must be superuser/],
    ] as const) {
      test(`refuses ${what} in a query`, async () => {
        const database = await filled();
        await assert.rejects(under.cluster.query(database.name, sql, { timeoutMs }), {
          code: 'QUERY_FAILED',
          message,
        });
      });
    }

    test('sweeps what a run that ended left, and nothing that is in use', async () => {
      const live = await provisionNew();
      const liveCopy = await under.cluster.clone(live.database.name, live.runId);
      const unused = await claimNew();
      const failed = await provisionNew();
      await under.endRun(unused.runId, 'failed');
      await under.endRun(failed.runId, 'cancelled');
      const removed = await under.cluster.sweep();
      assert.deepEqual(
        [unused.databaseName, failed.database.name].filter((name) => !removed.includes(name)),
        [],
      );
      assert.equal((await under.cluster.open(liveCopy.name)).name, liveCopy.name);

      await under.endRun(live.runId, 'succeeded');
      assert.deepEqual(await under.cluster.sweep(), [liveCopy.name]);
      assert.equal((await under.cluster.open(live.database.name)).name, live.database.name);
      assert.deepEqual(await under.cluster.sweep(), []);
    });
  });
}

function withStatement(sql: string): SchemaDesign {
  return { ...BLOG, statements: [...BLOG.statements, { kind: 'table', sql }] };
}

function withoutUndefined<T>(value: T): T {
  return JSON.parse(JSON.stringify(value)) as T;
}

async function runAs(
  database: ProvisionedDatabase,
  login: DatabaseLogin,
  ...statements: readonly string[]
): Promise<readonly unknown[]> {
  const { host, port, tls, ca, name } = database;
  return withClient({ host, port, tls, ca, database: name, ...login }, async (client) => {
    let rows: readonly unknown[] = [];
    for (const statement of statements) ({ rows } = await client.query<Record<string, unknown>>(statement));
    return rows;
  });
}
