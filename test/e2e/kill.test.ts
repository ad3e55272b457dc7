import assert from 'node:assert/strict';
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { Client } from 'pg';
import { CREATE_PHASES, type RunResult } from '../../src/domain/run.ts';
import { openTestHome, type TestHome } from '../support/cli.ts';

// Whatever moment a run's process dies in, the next command brings the run to its end.

let home: TestHome;

before(async () => {
  home = await openTestHome();
});

after(() => home.close());

for (const phase of CREATE_PHASES) {
  test(`a run killed while it is in «${phase}» is ended by the next command`, async () => {
    let runId = '';
    await home.start(['create', 'a shop with products, customers and orders', '--json'], (line, child) => {
      const event = JSON.parse(line) as { type: string; phase?: string; runId: string };
      runId = event.runId;
      if (event.type === 'phase-started' && event.phase === phase) child.kill('SIGKILL');
    });
    const listed = await home.run('list', '--json');
    assert.equal(listed.exitCode, 0, listed.stderr);
    assert.match(listed.stderr, new RegExp(runId), 'it says which run it carried on');

    const { result } = await home.json<{ result: RunResult | undefined }>('run', 'show', runId);
    assert.equal(result?.status, 'succeeded', JSON.stringify(result?.error));
    assert.equal((await fetch(`${result.url}/readyz`)).status, 200);
    await home.json('delete', result.projectId, '--yes');
    await assertNothingIsLeft();
  });
}

test('an interrupted run is undone', async () => {
  let runId = '';
  const end = await home.start(['create', 'a library with books and members', '--json'], (line, child) => {
    const event = JSON.parse(line) as { type: string; phase?: string; runId: string };
    runId = event.runId;
    if (event.type === 'phase-started' && event.phase === 'verify') child.kill('SIGINT');
  });
  assert.equal(end.exitCode, 130, end.stderr);
  const { result } = await home.json<{ result: RunResult }>('run', 'show', runId);
  assert.equal(result.status, 'cancelled');
  await assertNothingIsLeft();
  await home.json('delete', result.projectId, '--yes');
});

test('a refused schema leaves nothing', async () => {
  const file = join(home.folder, 'evil.sql');
  const { writeFile } = await import('node:fs/promises');
  for (const statement of [
    "COPY users TO PROGRAM 'id'",
    "DO $$ BEGIN RAISE NOTICE 'x'; END $$",
    "ALTER SYSTEM SET log_statement = 'none'",
    'SET search_path = pg_catalog',
    'CREATE TABLE t (id varchar PRIMARY KEY, at bigint CHECK (at < extract(epoch FROM now())))',
    `CREATE TABLE ${'x'.repeat(70)} (id varchar PRIMARY KEY)`,
  ]) {
    await writeFile(file, `CREATE TABLE users (id varchar PRIMARY KEY);\n${statement};\n`);
    const end = await home.run('create', 'users', '--schema', file, '--json');
    assert.equal(end.exitCode, 1, `${statement}: ${end.stdout}${end.stderr}`);
    assert.match(end.stdout, /SCHEMA_REFUSED/);
  }
  await assertNothingIsLeft();
});

/** No project, file, repository, archive or deployment; of databases only what the pool keeps ready, on record. */
async function assertNothingIsLeft(): Promise<void> {
  assert.deepEqual(await home.json('list'), { projects: [] });
  const state = join(home.folder, 'state');
  for (const folder of ['projects', 'repositories', 'artifacts']) {
    assert.deepEqual(await readdir(join(state, folder)).catch(() => []), [], folder);
  }
  const client = await superuser(join(state, 'cluster', 'cluster.json'));
  try {
    const { rows: databases } = await client.query<{ datname: string }>(
      // The template that every project database is made of is nobody's.
      `SELECT datname FROM pg_database WHERE datname LIKE 'tb\\_%' AND datname <> 'tb_control' AND NOT datistemplate ORDER BY 1`,
    );
    const { rows: roles } = await client.query<{ rolname: string }>(
      `SELECT rolname FROM pg_roles WHERE rolname LIKE 'tbp\\_%' ORDER BY 1`,
    );
    assert.ok(databases.length <= 2, `pool alone: ${databases.map((row) => row.datname).join()}`);
    assert.ok(roles.length <= 3 * databases.length, roles.map((row) => row.rolname).join());
  } finally {
    await client.end();
  }
}

async function superuser(file: string): Promise<Client> {
  const { port, superuserPassword } = JSON.parse(await readFile(file, 'utf8')) as {
    port: number;
    superuserPassword: string;
  };
  const client = new Client({
    host: '127.0.0.1',
    port,
    user: 'postgres',
    password: superuserPassword,
    database: 'postgres',
  });
  await client.connect();
  return client;
}
