import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { appendFile, chmod, cp, mkdir, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { connect, createServer } from 'node:net';
import { networkInterfaces } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { promisify } from 'node:util';
import { Client } from 'pg';
import {
  ensureEmbeddedPostgres,
  findEmbeddedPostgres,
  revivePostgres,
  stopEmbeddedPostgres,
} from '../../src/database/embedded/embedded-postgres.ts';
import { areRoot, choosePostgresUsers } from '../../src/database/embedded/operating-system-user.ts';
import { findPackagedPostgres, preparePackagedPostgres } from '../../src/database/embedded/packaged-postgres.ts';
import { findPostgresBinaries } from '../../src/database/embedded/postgres-binaries.ts';
import { runPostgresProgram } from '../../src/database/embedded/run-postgres-program.ts';
import { withClient } from '../../src/postgres/open-client.ts';
import { makeTestHome } from '../support/postgres.ts';

const STARTER = new URL('../support/start-embedded.ts', import.meta.url).pathname;

describe('the embedded Postgres', () => {
  let home: string;
  before(async () => {
    home = await makeTestHome();
  });
  after(async () => {
    await stopEmbeddedPostgres(home);
    await rm(home, { recursive: true });
  });

  test('is not there before anybody needs it', async () => {
    assert.equal(await findEmbeddedPostgres(home), undefined);
    assert.equal(await stopEmbeddedPostgres(home), false);
    assert.equal(await stopEmbeddedPostgres(join(home, 'nowhere')), false);
  });

  test('is made and started once however many ask at the same moment, and outlives them', async () => {
    const started = await startSix(home);
    assert.equal(new Set(started.map(({ pid }) => pid)).size, 1);
    assert.deepEqual(await readdir(home), ['cluster']);
    assert.deepEqual(await findEmbeddedPostgres(home), started[0]);
    await runAsAdmin(home, 'CREATE TABLE kept AS SELECT 42 AS answer');
  });

  test('listens to this machine alone, and asks for a password', async () => {
    const { host, port, admin } = await ensureEmbeddedPostgres({ home });
    const rows = await runAsAdmin(
      home,
      `SELECT current_setting('listen_addresses') AS address,
              current_setting('fsync') AS fsync,
              current_setting('password_encryption') AS passwords`,
    );
    assert.deepEqual(rows, [{ address: '127.0.0.1', fsync: 'on', passwords: 'scram-sha-256' }]);
    const [, , , , socketFolder] = (await readFile(join(home, 'cluster/data/postmaster.pid'), 'utf8')).split('\n');
    assert.equal(socketFolder, '');
    const addresses = Object.values(networkInterfaces()).flatMap((found) => found ?? []);
    for (const { address } of addresses.filter((found) => !found.internal && found.family === 'IPv4')) {
      assert.equal(await accepts(address, port), false, address);
    }
    for (const password of ['', 'wrong']) {
      const client = new Client({ host, port, user: admin.user, password, database: 'tb_control' });
      await assert.rejects(client.connect());
    }
  });

  test('lets nobody read its folder', async () => {
    const modes = await Promise.all(
      ['cluster/data', 'cluster/cluster.json', 'cluster/postgres.log'].map(async (path) =>
        ((await stat(join(home, path))).mode & 0o777).toString(8),
      ),
    );
    assert.deepEqual(modes, ['700', '600', '600']);
  });

  test('is given to an admin without a superuser’s rights, behind closed doors', async () => {
    const rows = await runAsAdmin(
      home,
      `SELECT rolsuper, rolcreatedb, rolcreaterole, rolreplication, rolbypassrls,
              (SELECT array_agg(datname::text) FROM pg_database
                WHERE datallowconn AND has_database_privilege('public', oid, 'CONNECT')) AS open
         FROM pg_roles
        WHERE rolname = current_user`,
    );
    assert.deepEqual(rows, [
      {
        rolsuper: false,
        rolcreatedb: true,
        rolcreaterole: true,
        rolreplication: false,
        rolbypassrls: false,
        open: null,
      },
    ]);
  });

  test('comes back after a kill -9 of the server, with what was committed', async () => {
    for (let round = 0; round < 2; round += 1) {
      const earlier = await ensureEmbeddedPostgres({ home });
      process.kill(earlier.pid, 'SIGKILL');
      const started = await startSix(home);
      assert.equal(new Set(started.map(({ pid }) => pid)).size, 1);
      assert.notEqual(started[0]?.pid, earlier.pid);
      assert.equal(started[0]?.port, earlier.port);
      assert.deepEqual(await runAsAdmin(home, 'SELECT answer FROM kept'), [{ answer: 42 }]);
    }
  });

  test('stops, and starts again', async () => {
    const earlier = await ensureEmbeddedPostgres({ home });
    assert.equal(await stopEmbeddedPostgres(home), true);
    assert.equal(await findEmbeddedPostgres(home), undefined);
    assert.equal(await stopEmbeddedPostgres(home), false);
    const started = await startSix(home);
    assert.equal(new Set(started.map(({ pid }) => pid)).size, 1);
    assert.equal(started[0]?.port, earlier.port);
  });

  test('closes the databases of an earlier version, each once, when it is next used', async () => {
    const { host, port, tls, admin, template = '' } = await ensureEmbeddedPostgres({ home });
    await runAsAdmin(home, 'CREATE DATABASE tb_earlier0_x TEMPLATE template0');
    const isOpen = async (): Promise<unknown> =>
      withClient({ host, port, tls, database: 'tb_earlier0_x', ...admin }, async (client) => {
        const { rows } = await client.query(
          `SELECT has_function_privilege('public', 'pg_advisory_lock(bigint)', 'EXECUTE') AS open`,
        );
        return rows[0]?.open;
      });
    assert.equal(await isOpen(), true);
    // As an earlier version left it.
    await writeFile(join(home, 'cluster/bootstrapped'), '');
    await ensureEmbeddedPostgres({ home });
    assert.equal(await isOpen(), false);
    assert.equal(await readFile(join(home, 'cluster/bootstrapped'), 'utf8'), template);
  });

  for (const [whose, pid] of [
    ['a process that lives and is another', process.pid],
    ['a process that is gone', 4_194_303],
  ] as const) {
    test(`starts in spite of a pid file that names ${whose}`, async () => {
      await stopEmbeddedPostgres(home);
      const file = join(home, 'cluster/data/postmaster.pid');
      await writeFile(file, `${pid}\n${join(home, 'cluster/data')}\n0\n1\n\n127.0.0.1\n\nready   \n`);
      const started = await startSix(home);
      assert.equal(new Set(started.map((found) => found.pid)).size, 1);
      assert.deepEqual(await runAsAdmin(home, 'SELECT answer FROM kept'), [{ answer: 42 }]);
    });
  }

  test('takes another port when its own is taken, and keeps that one', async () => {
    const { port } = await ensureEmbeddedPostgres({ home });
    await stopEmbeddedPostgres(home);
    const squatter = createServer().listen(port, '127.0.0.1');
    const started = await startSix(home);
    assert.deepEqual([new Set(started.map((found) => found.port)).size, started[0]?.port === port], [1, false]);
    await new Promise((resolve) => squatter.close(resolve));
    await stopEmbeddedPostgres(home);
    assert.equal((await ensureEmbeddedPostgres({ home })).port, started[0]?.port);
  });

  test('clears away what a killed start had begun', async () => {
    const other = await makeTestHome();
    await mkdir(join(other, 'cluster.draft-4194303-abcdef', 'data'), { recursive: true });
    await ensureEmbeddedPostgres({ home: other });
    assert.deepEqual(await readdir(other), ['cluster']);
    await stopEmbeddedPostgres(other);
    await rm(other, { recursive: true });
  });

  test('keeps its log within bounds while it runs', async () => {
    const { pid } = await ensureEmbeddedPostgres({ home });
    const log = join(home, 'cluster/postgres.log');
    await appendFile(log, 'x'.repeat(10_000_001));
    assert.equal(await revivePostgres(home), undefined);
    process.kill(pid, 'SIGHUP');
    await until(async () => /reloading configuration/.test(await readFile(log, 'utf8')));
    assert.ok((await stat(log)).size < 10_000, 'it goes on at the beginning of an empty file');
    assert.ok((await stat(`${log}.1`)).size > 10_000_000);
    assert.equal((await stat(`${log}.1`)).mode & 0o777, 0o600);
    await stopEmbeddedPostgres(home);
    await ensureEmbeddedPostgres({ home });
  });

  test('keeps passwords, statements and users’ data out of its log', async () => {
    await assert.rejects(runAsAdmin(home, "SELECT 'hidden'::integer"), { code: '22P02' });
    await assert.rejects(
      runAsAdmin(home, "CREATE TABLE u (a text UNIQUE); INSERT INTO u VALUES ('covert'), ('covert')"),
    );
    const log = await readFile(join(home, 'cluster/postgres.log'), 'utf8');
    assert.match(log, /ready to accept connections/);
    assert.doesNotMatch(log, /hidden|covert|SCRAM-SHA-256\$|CREATE TABLE/i);
    const secrets = JSON.parse(await readFile(join(home, 'cluster/cluster.json'), 'utf8')) as Record<string, unknown>;
    assert.ok(!log.includes(String(secrets['adminPassword'])) && !log.includes(String(secrets['superuserPassword'])));
  });
});

describe('the binaries', () => {
  test('are copied from where the server’s user cannot reach them, symbolic links and all', async (t) => {
    const packaged = findPackagedPostgres();
    if (packaged === undefined) return t.skip('npm brought none for this machine');
    if (!areRoot()) return t.skip('only root has to step down to another user');
    const home = await makeTestHome();
    const closed = join(home, 'closed');
    await copyWithoutLinks(packaged, join(closed, 'native'));
    await chmod(closed, 0o700);
    const { server } = await choosePostgresUsers();
    const folder = await preparePackagedPostgres(join(closed, 'native'), home, server);
    assert.match(folder, /\/bin-[0-9a-f]{12}$/);
    assert.match(await runPostgresProgram(join(folder, 'bin/postgres'), ['--version'], server), /PostgreSQL/);
    await rm(home, { recursive: true });
  });

  test('get their symbolic links where npm ran no install script', async (t) => {
    const packaged = findPackagedPostgres();
    if (packaged === undefined) return t.skip('npm brought none for this machine');
    const home = await makeTestHome();
    const native = join(home, 'native');
    await copyWithoutLinks(packaged, native);
    await assert.rejects(runPostgresProgram(join(native, 'bin/initdb'), ['--version'], undefined));
    assert.equal(await preparePackagedPostgres(native, home, undefined), native);
    assert.match(await runPostgresProgram(join(native, 'bin/initdb'), ['--version'], undefined), /PostgreSQL/);
    await rm(home, { recursive: true });
  });

  test('are those of an installed Postgres where npm brought none', async (t) => {
    const wanted = { home: '/', user: undefined, searchFolders: [], packaged: undefined };
    const installed = await readdir('/usr/lib/postgresql').catch(() => []);
    const newest = Math.max(0, ...installed.map(Number));
    if (newest < 15) return t.skip('no Postgres is installed here');
    assert.equal((await findPostgresBinaries(wanted)).major, newest);
  });

  test('are missed with an advice', async () => {
    const wanted = { home: '/', user: undefined, searchFolders: ['/nowhere'], packaged: undefined, major: 9 };
    await assert.rejects(findPostgresBinaries(wanted), { code: 'CLUSTER_UNAVAILABLE', fix: /DB_CLUSTER_HOST/ });
  });
});

/** Six processes of ours that start at the same moment and are gone afterwards. */
async function until(isSo: () => Promise<boolean>): Promise<void> {
  for (const giveUpAt = Date.now() + 10_000; Date.now() < giveUpAt; await sleep(20)) if (await isSo()) return;
  assert.fail('it did not happen in time');
}

async function startSix(home: string): Promise<readonly { readonly pid: number; readonly port: number }[]> {
  const started = await Promise.all(
    Array.from({ length: 6 }, () => promisify(execFile)(process.execPath, [STARTER, home])),
  );
  // Time for a server to notice, were it to depend on them.
  await sleep(50);
  return started.map(({ stdout }) => JSON.parse(stdout) as { readonly pid: number; readonly port: number });
}

async function runAsAdmin(home: string, sql: string): Promise<readonly Record<string, unknown>[]> {
  const { host, port, admin, controlDatabase } = await ensureEmbeddedPostgres({ home });
  const login = { user: admin.user, password: admin.password.reveal() };
  const client = new Client({ host, port, database: controlDatabase, ...login });
  await client.connect();
  try {
    return (await client.query<Record<string, unknown>>(sql)).rows;
  } finally {
    await client.end();
  }
}

function accepts(host: string, port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect({ host, port, timeout: 1000 });
    socket.once('connect', () => resolve(true));
    for (const event of ['error', 'timeout']) socket.once(event, () => resolve(false));
    socket.once('connect', () => socket.destroy());
  });
}

/** As npm unpacks it when it runs no install script. */
async function copyWithoutLinks(from: string, to: string): Promise<void> {
  await cp(from, to, { recursive: true, verbatimSymlinks: true });
  const links = JSON.parse(await readFile(join(to, 'pg-symlinks.json'), 'utf8')) as readonly { target: string }[];
  for (const { target } of links) await rm(join(to, target.replace('native/', '')), { force: true });
}
