import assert from 'node:assert/strict';
import { spawn, type ChildProcess } from 'node:child_process';
import { mkdir, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { readCatalog } from '../../src/database/read-catalog.ts';
import type { DatabaseSchema } from '../../src/domain/database-schema.ts';
import { scaffoldBackend } from '../../src/scaffold/scaffold.ts';
import { startTestCluster, type TestCluster } from '../support/postgres.ts';
import { SHAPES } from './scaffold-shapes.ts';

const PACKAGES = fileURLToPath(new URL('../../node_modules', import.meta.url));

let cluster: TestCluster;
let folder: string;
let databases = 0;

before(async () => {
  cluster = await startTestCluster();
  folder = await mkdtemp(join(tmpdir(), 'turbobackend-scaffold-'));
  await symlink(PACKAGES, join(folder, 'node_modules'));
});
after(async () => {
  await cluster.stop();
  await rm(folder, { recursive: true, force: true });
});

for (const [shape, sql] of Object.entries(SHAPES)) {
  test(`a backend for a ${shape} compiles and passes its own tests`, async () => {
    const backend = await makeBackend(sql);
    await leaveGapsInNumbers(backend.database);
    const types = await run(backend, [join(PACKAGES, '.bin/tsc'), '-p', '.']);
    assert.equal(types.code, 0, types.output);
    const tests = await run(backend, ['--test', '--test-concurrency=1', 'test/*.test.ts'], {
      DB_NAME: 'another',
      TEST_DB_NAME: backend.database,
    });
    assert.equal(tests.code, 0, tests.output.slice(-4000));
  });
}

test('a backend without a database compiles and passes its own tests', async () => {
  const amount = { name: 'amount', type: 'number', description: 'How much', required: true } as const;
  const endpoints = [
    { method: 'POST', path: '/convert', summary: 'Convert */ it', inputs: [amount], outputs: [amount] },
    { method: 'GET', path: '/rates/{from}', summary: 'A rate', inputs: [amount], outputs: [] },
  ] as const;
  const files = await scaffoldBackend({ name: 'convert', prompt: 'x', schema: undefined, statements: [], endpoints });
  const backend = { directory: await writeFiles(files), database: '' };
  const types = await run(backend, [join(PACKAGES, '.bin/tsc'), '-p', '.']);
  assert.equal(types.code, 0, types.output);
  const tests = await run(backend, ['--test', 'test/*.test.ts']);
  assert.equal(tests.code, 0, tests.output);
});

describe('a running backend', () => {
  let backend: Backend;
  let server: ChildProcess;
  let url: string;

  before(async () => {
    backend = await makeBackend(SHAPES['blog'] ?? '');
    server = spawn(process.execPath, ['src/server.ts'], {
      cwd: backend.directory,
      env: { ...environment(backend), PORT: '0' },
    });
    url = await addressOf(server);
  });
  after(() => server.kill('SIGKILL'));

  test('does not notice that Postgres threw its connections away', async () => {
    assert.equal((await fetch(`${url}/v1/users`)).status, 200);
    const admin = await cluster.connect(backend.database);
    await admin.query(`SELECT pg_terminate_backend(pid) FROM pg_stat_activity
                        WHERE datname = current_database() AND pid <> pg_backend_pid()`);
    await admin.end();
    const answers = await Promise.all(Array.from({ length: 8 }, () => fetch(`${url}/v1/users`)));
    assert.deepEqual(
      answers.map(({ status }) => status),
      Array(8).fill(200),
    );
  });

  test('stores what looks like an attack as the text it is', async () => {
    const name = `'; DROP TABLE users; -- $1 \${x} <script> \\ " 🎉`;
    const body = JSON.stringify({ email: 'a@example.com', name, password_hash: 'correct horse' });
    const created = await fetch(`${url}/v1/users`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body,
    });
    assert.equal(created.status, 201);
    const user = (await (await fetch(url + created.headers.get('location'))).json()) as Record<string, unknown>;
    assert.equal(user['name'], name);
    assert.equal('password_hash' in user, false);
    const found = await fetch(`${url}/v1/users?name=${encodeURIComponent(name)}`);
    assert.equal(((await found.json()) as { data: unknown[] }).data.length, 1);
  });

  test('keeps a hash of a secret, not the secret', async () => {
    const admin = await cluster.connect(backend.database);
    const { rows } = await admin.query<{ password_hash: string }>('SELECT password_hash FROM users LIMIT 1');
    await admin.end();
    assert.match(rows[0]?.password_hash ?? '', /^[\w-]{16}\$[\w-]{43}$/);
  });

  test('migrates an empty database once, and takes tables that are there for granted', async () => {
    const there = await run(backend, ['db/migrate.ts']);
    assert.match(there.output, /the tables are there/);
    const empty = { ...backend, database: await createDatabase('') };
    assert.match((await run(empty, ['db/migrate.ts'])).output, /Applied 0001_tables.sql/);
    assert.match((await run(empty, ['db/migrate.ts'])).output, /every migration has been applied/);
    assert.match((await run(empty, ['db/seed.ts'])).output, /15 rows created/);
    assert.match((await run(empty, ['db/seed.ts'])).output, /nothing was done/);
  });

  test('refuses to run its tests on the real database', async () => {
    const { code, output } = await run(backend, ['--test', 'test/resources.test.ts'], {
      TEST_DB_NAME: backend.database,
    });
    assert.notEqual(code, 0);
    assert.match(output, /TEST_DB_NAME is the real database/);
  });

  test('ends in order when it is asked to', async () => {
    const ended = new Promise((resolve) => server.once('exit', resolve));
    server.kill('SIGTERM');
    assert.equal(await ended, 0);
  });
});

interface Backend {
  readonly directory: string;
  readonly database: string;
}

async function makeBackend(sql: string): Promise<Backend> {
  const database = await createDatabase(sql);
  const schema = await catalogOf(database);
  const files = await scaffoldBackend({ name: 'shape', prompt: 'a shape', schema, statements: [sql], endpoints: [] });
  return { directory: await writeFiles(files), database };
}

async function createDatabase(sql: string): Promise<string> {
  const name = `scaffold_${++databases}`;
  const admin = await cluster.connect();
  await admin.query(`CREATE DATABASE ${name} TEMPLATE template0 ENCODING 'UTF8'`);
  await admin.end();
  const client = await cluster.connect(name);
  await client.query(sql);
  await client.end();
  return name;
}

/** A copy of a database that was used before does not number its rows from 1. */
async function leaveGapsInNumbers(database: string): Promise<void> {
  const client = await cluster.connect(database);
  await client.query("SELECT setval(oid, 1000) FROM pg_class WHERE relkind = 'S'");
  await client.end();
}

async function catalogOf(database: string): Promise<DatabaseSchema> {
  const client = await cluster.connect(database);
  const schema = await readCatalog(client);
  await client.end();
  return schema;
}

async function writeFiles(files: readonly { readonly path: string; readonly content: string }[]): Promise<string> {
  const directory = await mkdtemp(join(folder, 'backend-'));
  for (const { path, content } of files) {
    await mkdir(dirname(join(directory, path)), { recursive: true });
    await writeFile(join(directory, path), content);
  }
  return directory;
}

function environment({ database }: Backend): Record<string, string> {
  const { host, port, admin } = cluster.postgres;
  return {
    PATH: process.env['PATH'] ?? '',
    DB_HOST: host,
    DB_PORT: String(port),
    DB_NAME: database,
    DB_USER: admin.user,
    DB_PASSWORD: admin.password.reveal(),
  };
}

/** Runs node in the backend's folder; resolves with what it printed when it ends. */
function run(
  backend: Backend,
  args: readonly string[],
  extra: Readonly<Record<string, string>> = {},
): Promise<{ code: number | null; output: string }> {
  return new Promise((resolve) => {
    const child = spawn(process.execPath, args, { cwd: backend.directory, env: { ...environment(backend), ...extra } });
    let output = '';
    child.stdout.on('data', (chunk: Buffer) => (output += chunk.toString()));
    child.stderr.on('data', (chunk: Buffer) => (output += chunk.toString()));
    child.on('close', (code) => resolve({ code, output }));
  });
}

function addressOf(server: ChildProcess): Promise<string> {
  return new Promise((resolve, reject) => {
    let output = '';
    const read = (chunk: Buffer): void => {
      output += chunk.toString();
      const address = /^listening on (\S+)/m.exec(output)?.[1];
      if (address) resolve(address);
    };
    server.stdout?.on('data', read);
    server.stderr?.on('data', read);
    server.once('exit', () => reject(new Error(output)));
  });
}
