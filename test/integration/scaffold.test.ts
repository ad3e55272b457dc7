import assert from 'node:assert/strict';
import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { closeSync, existsSync, openSync } from 'node:fs';
import { createServer, type AddressInfo } from 'node:net';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { scaffoldBackend } from '../../src/scaffold/scaffold.ts';
import { openBackendHouse, PACKAGES, type Backend, type BackendHouse } from '../support/backend-house.ts';
import { SHAPES } from './scaffold-shapes.ts';

let house: BackendHouse;

before(async () => {
  house = await openBackendHouse();
});
after(() => house.stop());

for (const [shape, sql] of Object.entries(SHAPES)) {
  test(`a backend for a ${shape} compiles and passes its own tests`, async () => {
    const backend = await house.makeBackend(sql);
    await leaveGapsInNumbers(backend.database);
    const types = await house.run(backend, [join(PACKAGES, '.bin/tsc'), '-p', '.']);
    assert.equal(types.code, 0, types.output);
    const tests = await house.run(backend, ['--test', '--test-concurrency=1', 'test/*.test.ts'], {
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
  const backend = { directory: await house.writeFiles(files), database: '' };
  const types = await house.run(backend, [join(PACKAGES, '.bin/tsc'), '-p', '.']);
  assert.equal(types.code, 0, types.output);
  const tests = await house.run(backend, ['--test', 'test/*.test.ts']);
  assert.equal(tests.code, 0, tests.output);
});

describe('a running backend', () => {
  let backend: Backend;
  let server: ChildProcess;
  let url: string;

  before(async () => {
    backend = await house.makeBackend(SHAPES['blog'] ?? '');
    ({ url, server } = await house.serve(backend));
  });

  test('does not notice that Postgres threw its connections away', async () => {
    assert.equal((await fetch(`${url}/v1/users`)).status, 200);
    const admin = await house.cluster.connect(backend.database);
    await admin.query(`SELECT pg_terminate_backend(pid) FROM pg_stat_activity
                        WHERE datname = current_database() AND pid <> pg_backend_pid()`);
    await admin.end();
    const answers = await Promise.all(Array.from({ length: 8 }, () => fetch(`${url}/v1/users`)));
    assert.deepEqual(
      answers.map(({ status }) => status),
      Array(8).fill(200),
    );
  });

  test('does a write again that Postgres ended before it was done', async () => {
    const json = { 'content-type': 'application/json' };
    const body = JSON.stringify({ email: 'w@example.com', name: 'W', password_hash: 'correct horse' });
    const { headers } = await fetch(`${url}/v1/users`, { method: 'POST', headers: json, body });
    const path = url + headers.get('location');
    const [holder, admin] = [
      await house.cluster.connect(backend.database),
      await house.cluster.connect(backend.database),
    ];
    await holder.query(`BEGIN; SELECT FROM users WHERE email = 'w@example.com' FOR UPDATE`);
    const answer = fetch(path, { method: 'PATCH', headers: json, body: JSON.stringify({ name: 'Later' }) });
    const endWaiting = `SELECT pg_terminate_backend(pid) FROM pg_stat_activity
                         WHERE datname = current_database() AND wait_event_type = 'Lock'`;
    while ((await admin.query(endWaiting)).rowCount === 0) await sleep(10);
    await holder.query('ROLLBACK');
    assert.equal((await answer).status, 200);
    assert.equal(((await (await fetch(path)).json()) as { name: string }).name, 'Later');
    await Promise.all([holder.end(), admin.end()]);
  });

  const full = { skip: existsSync('/dev/full') ? false : 'this machine has no /dev/full' };
  test('lives on when no line of its log can be written', full, async () => {
    const log = openSync('/dev/full', 'w');
    const port = await freePort();
    const mute = spawn(process.execPath, ['src/server.ts'], {
      cwd: backend.directory,
      // No database is there, so that every request has something to log.
      env: { PORT: String(port), DB_HOST: '127.0.0.1', DB_PORT: '1', DB_NAME: 'none', DB_USER: 'nobody' },
      stdio: ['ignore', log, log],
    });
    closeSync(log);
    const statusOf = (path: string): Promise<number> =>
      fetch(`http://127.0.0.1:${port}${path}`).then(
        ({ status }) => status,
        () => 0,
      );
    try {
      for (let tries = 0; tries < 100 && (await statusOf('/healthz')) !== 200; tries += 1) await sleep(100);
      for (let count = 0; count < 5; count += 1) assert.equal(await statusOf('/v1/users'), 503);
      assert.equal(await statusOf('/healthz'), 200);
      assert.equal(mute.exitCode ?? mute.signalCode, null);
    } finally {
      mute.kill('SIGKILL');
    }
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
    const admin = await house.cluster.connect(backend.database);
    const { rows } = await admin.query<{ password_hash: string }>('SELECT password_hash FROM users LIMIT 1');
    await admin.end();
    assert.match(rows[0]?.password_hash ?? '', /^[\w-]{16}\$[\w-]{43}$/);
  });

  test('migrates an empty database once, and takes tables that are there for granted', async () => {
    const there = await house.run(backend, ['db/migrate.ts']);
    assert.match(there.output, /the tables are there/);
    const empty = { ...backend, database: await house.createDatabase('') };
    assert.match((await house.run(empty, ['db/migrate.ts'])).output, /Applied 0001_tables.sql/);
    assert.match((await house.run(empty, ['db/migrate.ts'])).output, /every migration has been applied/);
    assert.match((await house.run(empty, ['db/seed.ts'])).output, /15 rows created/);
    assert.match((await house.run(empty, ['db/seed.ts'])).output, /nothing was done/);
  });

  test('refuses to run its tests on the real database', async () => {
    const { code, output } = await house.run(backend, ['--test', 'test/resources.test.ts'], {
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

/** A copy of a database that was used before does not number its rows from 1. */
async function leaveGapsInNumbers(database: string): Promise<void> {
  const client = await house.cluster.connect(database);
  await client.query("SELECT setval(oid, 1000) FROM pg_class WHERE relkind = 'S'");
  await client.end();
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  server.close();
  await once(server, 'close');
  return port;
}
