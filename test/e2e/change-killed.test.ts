import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import type { Client } from 'pg';
import type { Revision } from '../../src/domain/change-plan.ts';
import type { RunResult } from '../../src/domain/run.ts';
import { lastLine, openTestHome, type TestHome } from '../support/cli.ts';
import { StepKiller, superuserOf, type Boundary } from '../support/step-killer.ts';

// A change and an undo are killed at the boundaries of their steps: the project is in the old revision or in the new one.

let home: TestHome;
let killer: StepKiller;
let project: {
  readonly projectId: string;
  readonly sourceDir: string;
  readonly repository: string;
  readonly url: string;
};
let database: { readonly name: string };

// A run is given up when five processes in a row ended in it.
const KILLS_A_RUN = 4;
const STEPS = 13;
const CHANGE = ['change', 'blog', 'add a phone number to users', '--yes', '--json'];
const UNDO = ['undo', 'blog', '--yes', '--json'];

before(async () => {
  home = await openTestHome();
  const end = await home.run('create', 'a blog with users, posts and comments', '--name', 'blog', '--json');
  const result = lastLine(end) as RunResult & typeof project;
  assert.equal(result.status, 'succeeded', end.stdout + end.stderr);
  project = result;
  database = result.database ?? assert.fail('it has a database');
  killer = await StepKiller.open(home);
  await write('u1', '');
});

after(async () => {
  await killer.close();
  await home.close();
});

for (let first = 0; first < STEPS; first += KILLS_A_RUN) {
  const last = Math.min(first + KILLS_A_RUN, STEPS);
  test(`a change is carried on when it is killed at each of its steps ${first + 1} to ${last}, and so is its undo`, async () => {
    await killedAt(CHANGE, first, last - first, 'done');
    await assertWhole('phone_number');
    await write(`u${first + 2}`, ', phone_number');
    await killedAt(UNDO, first, last - first, 'recorded');
    await assertWhole(undefined);
  });
}

test('a change that is cancelled and killed while it is taken back is taken back', async () => {
  let isCancelled = false;
  await home.start(CHANGE, (line, child) => {
    const event = JSON.parse(line) as { type: string; phase?: string };
    if (event.type === 'phase-started' && event.phase === 'deploy') isCancelled = child.kill('SIGINT');
    if (isCancelled && event.type === 'undo') child.kill('SIGKILL');
  });
  for (let kills = 1; kills < KILLS_A_RUN; kills += 1) await killer.kill(['list', '--json'], 'done');
  await assertWhole(undefined);
});

/** Kills the command's process in its step `first`, and whoever carries the run on in each of the next. */
async function killedAt(command: readonly string[], first: number, kills: number, boundary: Boundary): Promise<void> {
  await killer.kill(command, boundary, first);
  // What was done and not recorded is done again by the next, who is killed one step further on.
  for (let kill = 1; kill < kills; kill += 1)
    await killer.kill(['list', '--json'], boundary, boundary === 'done' ? 1 : 0);
}

/** The next command carries on whatever was going on; then all that knows of a revision has to say the same. */
async function assertWhole(column: string | undefined): Promise<void> {
  const listed = await home.run('list', '--json');
  assert.equal(listed.exitCode, 0, listed.stderr);
  const { runs } = await home.json<{ runs: readonly { id: string; status: string }[] }>('show', 'blog');
  assert.deepEqual(
    runs.filter(({ status }) => status === 'running' || status === 'queued'),
    [],
  );

  const served = await documentOf(`${project.url}/openapi.json`);
  assert.equal(served.includes('phone_number'), column !== undefined, 'the deployment');
  assert.equal((await fetch(`${project.url}/readyz`)).status, 200);
  const inFolder = JSON.stringify(JSON.parse(await readFile(join(project.sourceDir, 'openapi.json'), 'utf8')));
  assert.equal(inFolder, served, "the project's folder");
  assert.equal(JSON.stringify(JSON.parse(git('show', 'main:openapi.json'))), served, 'the repository');

  const revisions = await home.json<readonly Revision[]>('history', 'blog');
  assert.equal(revisions[0]?.kind === 'change', column !== undefined, 'the revision');
  await assertDatabase(column);
}

async function assertDatabase(column: string | undefined): Promise<void> {
  const client = await superuserOf(home, database.name);
  try {
    const rows = async (sql: string) => (await client.query<{ name: string }>(sql)).rows.map(({ name }) => name);
    const columns = await rows(
      `SELECT attname AS name FROM pg_attribute WHERE attrelid = 'users'::regclass AND attnum > 0 AND NOT attisdropped`,
    );
    assert.equal(columns.includes('phone_number'), column !== undefined, 'the catalog');
    const migrations = git('ls-tree', '--name-only', 'main', 'db/migrations/').trim().split('\n');
    assert.deepEqual(
      (await rows('SELECT name FROM migrations.applied ORDER BY 1')).map((name) => `db/migrations/${name}`),
      migrations,
      'the ledger',
    );
    await assertNothingIsLeft(rows);
  } finally {
    await client.end();
  }
}

async function assertNothingIsLeft(rows: (sql: string) => Promise<readonly string[]>): Promise<void> {
  const copies = `SELECT datname AS name FROM pg_database WHERE starts_with(datname, '${database.name}_')`;
  assert.deepEqual(await rows(copies), [], 'no copy');
  assert.deepEqual(await rows(`SELECT rolname AS name FROM pg_roles WHERE rolname LIKE '%${database.name}\\_c%'`), []);
  // What an undo keeps is kept for the way forward; a change that adds keeps nothing.
  const kept = await rows(`SELECT nspname AS name FROM pg_namespace WHERE nspname LIKE 'tb\\_kept%'`);
  const revisions = await home.json<readonly Revision[]>('history', 'blog');
  const undos = revisions.filter(({ kind }) => kind === 'undo').map(({ number }) => `tb_kept_${number}`);
  assert.deepEqual(
    kept.filter((name) => !undos.includes(name)),
    [],
    'no schema of a change that was taken back',
  );
  assert.deepEqual(
    git('branch', '--format=%(refname:short)')
      .trim()
      .split('\n')
      .filter((name) => !['main', 'scaffold'].includes(name)),
    [],
  );
  assert.deepEqual(await readdir(join(project.sourceDir, '.before')).catch(() => []), []);
}

async function write(id: string, more: string): Promise<void> {
  const client: Client = await superuserOf(home, database.name);
  const value = more === '' ? '' : `, '${id}'`;
  await client.query(
    `INSERT INTO users (id, email, name, password_hash${more}) VALUES ('${id}', '${id}@x.org', 'n', 'x'${value})`,
  );
  await client.end();
}

async function documentOf(url: string): Promise<string> {
  return JSON.stringify(await (await fetch(url)).json());
}

function git(...args: readonly string[]): string {
  return execFileSync('git', ['--git-dir', project.repository, ...args], { encoding: 'utf8' });
}
