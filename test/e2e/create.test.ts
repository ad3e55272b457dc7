import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import type { DatabaseSchema } from '../../src/domain/database-schema.ts';
import type { Receipt } from '../../src/domain/receipt.ts';
import type { RunResult } from '../../src/domain/run.ts';
import { sampleRows } from '../../src/samples/sample-rows.ts';
import { bodyOf, type Made } from '../support/post-samples.ts';
import { lastLine, openTestHome, type TestHome } from '../support/cli.ts';

// The front door, as a new user goes through it: the README's prompt, then curl on what it made.

let home: TestHome;
let blog: RunResult;
let schema: DatabaseSchema;

before(async () => {
  home = await openTestHome();
  const end = await home.run('create', 'a REST API for a blog with users, posts and comments', '--json');
  assert.equal(end.exitCode, 0, end.stdout + end.stderr);
  blog = lastLine(end) as RunResult;
  schema = JSON.parse((await home.run('schema', 'blog', '--format', 'json')).stdout) as DatabaseSchema;
});

after(() => home.close());

interface Answer {
  readonly status: number;
  readonly type: string;
  readonly body: Record<string, unknown>;
}

async function call(method: string, path: string, body?: unknown): Promise<Answer> {
  const response = await fetch(`${blog.url}${path}`, {
    method,
    ...(body !== undefined && {
      headers: { 'content-type': 'application/json' },
      body: typeof body === 'string' ? body : JSON.stringify(body),
    }),
  });
  return {
    status: response.status,
    type: response.headers.get('content-type') ?? '',
    body: JSON.parse((await response.text()) || '{}') as Record<string, unknown>,
  };
}

test('the result says what was made', () => {
  assert.equal(blog.status, 'succeeded');
  assert.equal(blog.name, 'blog');
  assert.deepEqual([...(blog.database?.tables ?? [])].toSorted(), ['comments', 'posts', 'users']);
  assert.ok(existsSync(join(blog.sourceDir, 'src', 'server.ts')));
  assert.equal(statSync(join(blog.sourceDir, '.env')).mode & 0o777, 0o600);
  assert.match(
    readFileSync(join(blog.sourceDir, '.env'), 'utf8'),
    /^DB_HOST=.+\nDB_PORT=\d+\nDB_NAME=.+\nDB_USER=.+\nDB_PASSWORD=.+\n$/,
  );
  assert.ok(blog.phases.every((phase) => phase.status === 'ok' || phase.status === 'warned'));
  assert.ok(existsSync(blog.artifact));
});

test('the receipt says that every gate passed', () => {
  const receipt = JSON.parse(readFileSync(blog.receipt, 'utf8')) as Receipt;
  assert.ok(receipt.passed);
  assert.deepEqual(
    receipt.gates.filter((gate) => gate.status !== 'passed'),
    [],
  );
  assert.equal(receipt.gates.at(-1)?.gate, 'deployed-healthy');
});

const rowsMade: Made = new Map();

test('rows of all three tables are made, read and listed', async () => {
  for (const { table, rows } of sampleRows(schema, 2)) {
    for (const row of rows) {
      const made = await call('POST', `/v1/${table}`, bodyOf(schema, table, row, rowsMade));
      assert.equal(made.status, 201, JSON.stringify(made.body));
      rowsMade.set(table, [...(rowsMade.get(table) ?? []), { sample: row, body: made.body }]);
      const read = await call('GET', `/v1/${table}/${String(made.body['id'])}`);
      assert.deepEqual(read.body, made.body);
    }
    const page = await call('GET', `/v1/${table}?limit=1`);
    assert.equal((page.body['data'] as unknown[]).length, 1);
    assert.equal(typeof page.body['nextCursor'], 'string');
  }
});

test('what cannot be is refused as a problem, never with 500', async () => {
  const row = (table: string): Readonly<Record<string, unknown>> =>
    bodyOf(schema, table, sampleRows(schema, 3).find((sample) => sample.table === table)?.rows[2] ?? {}, rowsMade);
  const toUsers = schema.tables
    .find(({ name }) => name === 'posts')
    ?.foreignKeys.find((key) => key.referencedTable === 'users');
  assert.ok(toUsers, 'a post has an author');
  const answers = [
    await call('POST', '/v1/posts', { ...row('posts'), [toUsers.columns[0] ?? '']: 'nobody' }),
    await call('GET', '/v1/users/no-such-id'),
    await call('GET', '/v1/nothing-here'),
    await call('POST', '/v1/users', '{"email": '),
    await call('POST', '/v1/users', { ...row('users'), email: { not: 'a text' } }),
    await call('GET', '/v1/users?limit=many'),
    await call('GET', '/v1/users?cursor=nonsense'),
  ];
  for (const { status, type, body } of answers) {
    assert.ok(status >= 400 && status < 500, JSON.stringify(body));
    assert.match(type, /^application\/problem\+json/);
  }
});

test('the source can be cloned and holds no secret', () => {
  const clone = join(home.folder, 'clone');
  const { status, stderr } = spawnSync('git', ['clone', '--quiet', blog.repository, clone], { encoding: 'utf8' });
  assert.equal(status, 0, stderr);
  const log = spawnSync('git', ['-C', clone, 'log', '--format=%H %s'], { encoding: 'utf8' }).stdout;
  assert.match(log, new RegExp(`^${blog.commit} Add the blog API`));
  const password = /DB_PASSWORD=(.+)/.exec(readFileSync(join(blog.sourceDir, '.env'), 'utf8'))?.[1] ?? '';
  assert.equal(spawnSync('grep', ['-r', password, clone]).status, 1);
});

test('the commands around a project agree with it', async () => {
  const { projects } = await home.json<{ projects: { name: string; status: string }[] }>('list');
  const [listed] = projects;
  assert.deepEqual([listed?.name, listed?.status], ['blog', 'running']);
  const counted = await home.json<{ rows: unknown[][] }>('sql', 'blog', 'SELECT count(*) FROM users');
  assert.ok(Number(counted.rows[0]?.[0]) >= 1);
  assert.match((await home.run('schema', 'blog', '--format', 'sql')).stdout, /CREATE TABLE/);
  assert.match((await home.run('schema', 'blog', '--format', 'svg')).stdout, /^<svg/);
  const refused = await home.run('sql', 'blog', 'DELETE FROM users');
  assert.equal(refused.exitCode, 1);
});

test('a secret is in the running backend without a lost call, and nobody is told it', async () => {
  const value = 'https://hidden-origin.example.com';
  const origin = async (): Promise<string | null> =>
    (await fetch(`${blog.url}/v1/users`, { headers: { origin: value } })).headers.get('access-control-allow-origin');
  const calling = callOnAndOn();
  const set = await home.pipe(`${value}\n`, 'secrets', 'set', 'blog', 'CORS_ORIGINS', '--json');
  assert.equal(set.exitCode, 0, set.stderr);
  assert.deepEqual(JSON.parse(set.stdout), { project: 'blog', backend: 'running', name: 'CORS_ORIGINS' });
  assert.equal(await origin(), value);
  const broken = await home.pipe('not-a-number', 'secrets', 'set', 'blog', 'RATE_LIMIT');
  assert.equal(broken.exitCode, 1);
  assert.match(broken.stderr, /did not become healthy/);
  assert.equal(await origin(), value);
  const listed = await home.json<{ secrets: { name: string }[] }>('secrets', 'list', 'blog');
  assert.deepEqual(
    listed.secrets.map(({ name }) => name),
    ['CORS_ORIGINS'],
  );
  assert.equal((await home.run('secrets', 'unset', 'blog', 'CORS_ORIGINS')).exitCode, 0);
  assert.equal(await origin(), null);
  assert.deepEqual(await calling.end(), []);
  const said = [set, broken, ...(await Promise.all(TOLD.map((args) => home.run(...args))))];
  for (const { stdout, stderr } of said) assert.ok(!`${stdout}${stderr}`.includes('hidden-origin'));
});

/** Where it would show, if it were told. */
const TOLD = [
  ['show', 'blog', '--json'],
  ['secrets', 'list', 'blog'],
  ['logs', 'blog', '-n', '200'],
  ['receipt', 'blog', '--json'],
];

test('what is no secret is refused, and none is taken from the command line', async () => {
  const refused = [
    await home.run('secrets', 'set', 'blog', 'KEY=some-long-value'),
    await home.pipe('some-long-value', 'secrets', 'set', 'blog', 'DB_PASSWORD'),
    await home.pipe('some-long-value', 'secrets', 'set', 'blog', 'NODE_OPTIONS'),
    await home.pipe('short', 'secrets', 'set', 'blog', 'API_KEY'),
    await home.pipe('', 'secrets', 'set', 'blog', 'API_KEY'),
  ];
  for (const { exitCode, stderr } of refused) assert.equal(exitCode, 2, stderr);
  assert.equal((await home.run('secrets', 'unset', 'blog', 'API_KEY')).exitCode, 3);
});

/** One call after the other until it is told to end; resolves to what was not answered with 200. */
function callOnAndOn(): { end(): Promise<readonly string[]> } {
  const lost: string[] = [];
  const over = new AbortController();
  const loop = (async () => {
    while (!over.signal.aborted) {
      const said = await fetch(`${blog.url}/v1/users?limit=1`, { headers: { connection: 'close' } }).then(
        ({ status }) => String(status),
        (error: unknown) => String(error),
      );
      if (said !== '200') lost.push(said);
    }
  })();
  return {
    async end() {
      over.abort();
      await loop;
      return lost;
    },
  };
}

test('a stopped backend starts again on its address', async () => {
  await home.json('stop', 'blog');
  await assert.rejects(fetch(`${blog.url}/healthz`));
  await home.json('start', 'blog');
  assert.equal((await fetch(`${blog.url}/healthz`)).status, 200);
});

test('delete asks first, then leaves nothing', async () => {
  assert.equal((await home.run('delete', 'blog')).exitCode, 5);
  assert.equal((await home.run('delete', 'blog', '--yes')).exitCode, 0);
  await assert.rejects(fetch(`${blog.url}/healthz`));
  assert.ok(!existsSync(blog.sourceDir) && !existsSync(blog.repository) && !existsSync(blog.artifact));
  assert.deepEqual(await home.json('list'), { projects: [] });
  assert.equal((await home.run('show', 'blog')).exitCode, 3);
});
