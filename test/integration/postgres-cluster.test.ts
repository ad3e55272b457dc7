import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { after, before, describe, test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { Client } from 'pg';
import { describeDatabaseCluster } from '../../src/database/database-cluster.contract.ts';
import { withOwner } from '../../src/changes/changes.ts';
import { endOverdueSessions } from '../../src/database/sweep.ts';
import type { ProvisionedDatabase } from '../../src/domain/provisioned-database.ts';
import { withClient } from '../../src/postgres/open-client.ts';
import { startTestCluster, type TestCluster } from '../support/postgres.ts';
import { designOf, INSTALLATION, openTestDatabases, type TestDatabases } from '../support/test-databases.ts';

const USERS = 'CREATE TABLE users (user_id varchar PRIMARY KEY)';

describe('PostgresCluster on the embedded Postgres', () => {
  let server: TestCluster;
  let databases: TestDatabases;
  before(async () => {
    server = await startTestCluster();
    databases = await openTestDatabases(server.postgres);
  });
  after(async () => {
    await databases.close();
    await server.stop();
  });

  describeDatabaseCluster('keeps its promises', async () => ({ ...databases, close: () => Promise.resolve() }));

  test('keeps two databases ready, and a claim takes one of them', async () => {
    await Promise.all([databases.cluster.fillPool(), databases.another().fillPool()]);
    const ready = await recorded('ready');
    assert.equal(ready.length, 2);
    const { runId, projectId } = await databases.newRun();
    assert.ok(ready.includes(await databases.cluster.claim(runId, projectId)));
  });

  test('makes twenty at once', async () => {
    const names = await Promise.all(Array.from({ length: 20 }, async () => (await provisionNew()).name));
    assert.equal(new Set(names).size, 20);
  });

  test('records every statement and what became of it', async () => {
    const { runId, projectId } = await databases.newRun();
    const name = await databases.cluster.claim(runId, projectId);
    const orphan = 'CREATE TABLE posts (author_id varchar REFERENCES nobody)';
    const broken = designOf(USERS, orphan, 'CREATE TABLE tags (tag text)');
    await assert.rejects(databases.cluster.provision(name, runId, broken), { code: 'DATABASE_PROVISION_FAILED' });
    assert.deepEqual(await outcomes(runId), ['rolled-back', 'failed: relation "nobody" does not exist', 'not-run']);
    await databases.cluster.provision(name, runId, designOf(USERS));
    assert.deepEqual(await outcomes(runId), ['done']);
  });

  test('recognises tables that a killed process made and could not record', async () => {
    const { runId, projectId } = await databases.newRun();
    const name = await databases.cluster.claim(runId, projectId);
    const schema = await databases.cluster.provision(name, runId, designOf(USERS));
    await databases.pool.query('DELETE FROM tb.generated_queries WHERE run_id = $1', [runId]);
    await setState(name, 'provisioning');
    assert.deepEqual(await databases.another().provision(name, runId, designOf(USERS)), schema);
    assert.deepEqual(await outcomes(runId), ['done']);
    await databases.cluster.release(runId);
    assert.ok(!(await recorded('ready')).includes(name), 'what holds tables does not go back into the pool');
  });

  test('two processes that carry the same run on make its tables once', async () => {
    const { runId, projectId } = await databases.newRun();
    const clusters = [databases.cluster, databases.another()];
    const names = await Promise.all(clusters.map((cluster) => cluster.claim(runId, projectId)));
    assert.equal(names[0], names[1]);
    const schemas = await Promise.all(clusters.map((cluster) => cluster.provision(names[0]!, runId, designOf(USERS))));
    assert.deepEqual(schemas[0], schemas[1]);
  });

  test('leaves nothing when a database cannot be made', async () => {
    const earlier = await inventory('broken00');
    const { runId, projectId } = await databases.newRun();
    // Everything goes well until the owner is to log in.
    const broken = databases.another('broken00', { ...server.postgres, port: 1 });
    await assert.rejects(broken.claim(runId, projectId), {
      code: 'CLUSTER_UNAVAILABLE',
      message: /ECONNREFUSED/,
    });
    assert.deepEqual(await inventory('broken00'), earlier);
    assert.deepEqual(await recorded('creating'), []);
  });

  test('sweeps what a process that was killed in the middle of its work had made', async () => {
    const script = new URL('../support/fill-forever.ts', import.meta.url).pathname;
    for (let round = 1; round <= 5; round += 1) {
      const child = spawn(process.execPath, [script, server.home, 'killed00'], { stdio: 'inherit' });
      await waitFor(async () => (await recorded('creating', 'killed00')).length > 0);
      await sleep(round * 13);
      child.kill('SIGKILL');
      await once(child, 'exit');
      await waitFor(async () => (await count("SELECT count(*) FROM pg_locks WHERE locktype = 'advisory'")) === 0);
      await databases.another('killed00').sweep();
      assert.deepEqual(await recorded('creating', 'killed00'), []);
      const ready = await recorded('ready', 'killed00');
      assert.deepEqual(await inventory('killed00'), ready.flatMap(withRoles).toSorted());
    }
  });

  test('sweeps orphans of this installation and of no other', async () => {
    const strangers = ['tb_elsewher_aaaaaaaaaaaa', 'tb_notes', `tbx${INSTALLATION}_aaaaaaaaaaaa`];
    const [orphan, lonely] = [`tb_${INSTALLATION}_orphanorphan`, `tbp_${INSTALLATION}_lonelylonely_app`];
    const admin = await server.connect();
    for (const name of [...strangers, orphan]) await admin.query(`CREATE DATABASE ${name} TEMPLATE template0`);
    for (const role of ['tbp_elsewher_aaaaaaaaaaaa_app', lonely]) await admin.query(`CREATE ROLE ${role}`);
    await databases.cluster.sweep();
    const { rows } = await admin.query<{ name: string }>(
      `SELECT datname::text AS name FROM pg_database WHERE datname = ANY ($1)
        UNION
       SELECT rolname FROM pg_roles WHERE rolname IN ($2, 'tbp_elsewher_aaaaaaaaaaaa_app')`,
      [[...strangers, orphan], lonely],
    );
    const left = rows.map((row) => row.name).toSorted();
    assert.deepEqual(left, [...strangers, 'tbp_elsewher_aaaaaaaaaaaa_app'].toSorted());
    await assert.rejects(databases.cluster.drop('tb_notes'), { code: 'DATABASE_PROVISION_FAILED' });
    await admin.end();
  });

  test('finishes a drop that was cut short, and leaves alone one that goes on', async () => {
    const { name } = await provisionNew();
    await setState(name, 'dropping');
    const busy = await server.connect();
    await busy.query('SELECT pg_advisory_lock(hashtextextended($1, 0))', [name]);
    assert.ok(!(await databases.cluster.sweep()).includes(name));
    await busy.end();
    await waitFor(async () => (await databases.cluster.sweep()).includes(name));
    assert.deepEqual(
      (await inventory()).filter((found) => withRoles(name).includes(found)),
      [],
    );
  });

  test('ends statements and idle transactions of roles that lifted their limits', async () => {
    const database = await databases.cluster.open((await provisionNew()).name);
    const [slow, idle, quick] = await Promise.all([1, 2, 3].map(() => connectAsApp(database)));
    // Naming itself after a session of ours helps nobody but the owner.
    await slow!.query("SET statement_timeout = 0; SET application_name = 'turbobackend_change'");
    await idle!.query('SET idle_in_transaction_session_timeout = 0; BEGIN; SELECT 1');
    const fate = assert.rejects(slow!.query('SELECT pg_sleep(600)'), { code: '57P01' });
    await sleep(1200);
    const admin = await server.connect();
    await endOverdueSessions(admin, 'other000', { statementSeconds: 1, idleTransactionSeconds: 1 });
    assert.equal(await sessionsIn(database.name), 3);
    await endOverdueSessions(admin, INSTALLATION, { statementSeconds: 1, idleTransactionSeconds: 1 });
    await fate;
    await waitFor(async () => (await sessionsIn(database.name)) === 1);
    assert.equal((await quick!.query('SELECT 1')).rowCount, 1);
    await Promise.all([slow, idle, quick, admin].map((client) => client!.end().catch(() => {})));
  });

  test('lets a change of ours take its time', async () => {
    const database = await databases.cluster.open((await provisionNew()).name);
    const admin = await server.connect();
    await withOwner(database, async (owner) => {
      const done = owner.query('SELECT pg_sleep(2)');
      await sleep(1200);
      await endOverdueSessions(admin, INSTALLATION, { statementSeconds: 1 });
      await done;
      const { rows } = await owner.query<{ statement_timeout: string }>('SHOW statement_timeout');
      assert.equal(rows[0]?.statement_timeout, '0');
      const late = assert.rejects(owner.query('SELECT pg_sleep(600)'), { code: '57P01' });
      await sleep(1200);
      await endOverdueSessions(admin, INSTALLATION, { changeSeconds: 1 });
      await late;
    });
    await admin.end();
  });

  test('keeps projects’ roles, in copies as well, from what the whole cluster shares', async () => {
    const { runId, projectId } = await databases.newRun();
    const name = await databases.cluster.claim(runId, projectId);
    await databases.cluster.provision(name, runId, designOf(USERS));
    for (const database of [await databases.cluster.open(name), await databases.cluster.clone(name, runId)]) {
      for (const login of [database.owner, database.app, database.reader]) {
        const { host, port, tls } = database;
        await withClient({ host, port, tls, database: database.name, ...login }, async (client) => {
          for (const attack of [
            'SELECT pg_advisory_lock(generate_series(1, 100000))',
            'DO $$ BEGIN PERFORM pg_advisory_lock(1); END $$',
            "SELECT pg_notify('x', 'y')",
            'SELECT lo_create(0)',
          ]) {
            await assert.rejects(client.query(attack), { code: '42501' }, `${login.user}: ${attack}`);
          }
        });
      }
    }
  });

  test('ends sessions that hold many locks, and those that keep notifications while their queue fills', async () => {
    const database = await databases.cluster.open((await provisionNew()).name);
    const greedy = await connectAsApp(database);
    await greedy.query('BEGIN; SELECT FROM users');
    const admin = await server.connect();
    await endOverdueSessions(admin, INSTALLATION);
    assert.equal(await sessionsIn(database.name), 1);
    await endOverdueSessions(admin, INSTALLATION, { locks: 1 });
    await waitFor(async () => (await sessionsIn(database.name)) === 0);
    const listening = await connectAsApp(database);
    await listening.query('SET idle_in_transaction_session_timeout = 0; LISTEN x');
    await listening.query('BEGIN; SELECT 1');
    await sleep(1100);
    await endOverdueSessions(admin, INSTALLATION, { queueUsage: -1 });
    await waitFor(async () => (await sessionsIn(database.name)) === 0);
    await Promise.all([greedy, listening, admin].map((client) => client.end().catch(() => {})));
  });

  test('sets back the password and the limits that a role has changed of itself', async () => {
    const database = await databases.cluster.open((await provisionNew()).name);
    const app = await connectAsApp(database);
    await app.query(`ALTER ROLE CURRENT_USER PASSWORD 'mine'`);
    await app.query('ALTER ROLE CURRENT_USER SET statement_timeout = 0; ALTER ROLE CURRENT_USER SET work_mem = 65536');
    await app.query(`ALTER ROLE CURRENT_USER IN DATABASE ${database.name} SET idle_in_transaction_session_timeout = 0`);
    await app.end();
    await assert.rejects(connectAsApp(database), { code: '28P01' });

    await databases.cluster.sweep();
    const again = await connectAsApp(database);
    const { rows } = await again.query(
      `SELECT current_setting('statement_timeout') AS statement,
              current_setting('idle_in_transaction_session_timeout') AS idle,
              current_setting('work_mem') = '4MB' AS untouched`,
    );
    assert.deepEqual(rows, [{ statement: '15s', idle: '30s', untouched: true }]);
    await again.end();
  });

  test('stores no password in the clear', async () => {
    const database = await databases.cluster.open((await provisionNew()).name);
    const { rows } = await databases.pool.query('SELECT * FROM tb.project_databases WHERE database_name = $1', [
      database.name,
    ]);
    for (const login of [database.owner, database.app, database.reader]) {
      assert.match(login.password.reveal(), /^[A-Za-z0-9_-]{32}$/);
      assert.ok(!JSON.stringify(rows).includes(login.password.reveal()));
    }
  });

  async function provisionNew(): Promise<{ readonly name: string }> {
    const { runId, projectId } = await databases.newRun();
    const name = await databases.cluster.claim(runId, projectId);
    const { tables } = await databases.cluster.provision(name, runId, designOf(USERS));
    assert.deepEqual(
      tables.map((table) => table.name),
      ['users'],
    );
    return { name };
  }

  async function recorded(state: string, installationId = INSTALLATION): Promise<readonly string[]> {
    const { rows } = await databases.pool.query<{ database_name: string }>(
      'SELECT database_name FROM tb.project_databases WHERE state = $1 AND installation_id = $2',
      [state, installationId],
    );
    return rows.map((row) => row.database_name);
  }

  async function setState(name: string, state: string): Promise<void> {
    await databases.pool.query('UPDATE tb.project_databases SET state = $2 WHERE database_name = $1', [name, state]);
  }

  async function outcomes(runId: string): Promise<readonly string[]> {
    const { rows } = await databases.pool.query<{ outcome: string }>(
      `SELECT concat_ws(': ', outcome, error) AS outcome
         FROM tb.generated_queries
        WHERE run_id = $1
        ORDER BY position`,
      [runId],
    );
    return rows.map((row) => row.outcome);
  }

  /** Every database and role on the cluster that carries the installation's mark. */
  async function inventory(installationId = INSTALLATION): Promise<readonly string[]> {
    const { rows } = await databases.pool.query<{ name: string }>(
      `SELECT datname::text AS name FROM pg_database WHERE starts_with(datname, 'tb_' || $1)
        UNION ALL
       SELECT rolname FROM pg_roles WHERE starts_with(rolname, 'tbp_' || $1)`,
      [installationId],
    );
    return rows.map((row) => row.name).toSorted();
  }

  async function count(sql: string, ...values: readonly string[]): Promise<number> {
    const { rows } = await databases.pool.query<{ count: string }>(sql, [...values]);
    return Number(rows[0]?.count);
  }

  function sessionsIn(name: string): Promise<number> {
    return count("SELECT count(*) FROM pg_stat_activity WHERE datname = $1 AND usename LIKE '%app'", name);
  }
});

function withRoles(name: string): readonly string[] {
  const stem = name.replace('tb_', 'tbp_');
  return [name, `${stem}_owner`, `${stem}_app`, `${stem}_ro`];
}

async function connectAsApp({ host, port, name, app }: ProvisionedDatabase): Promise<Client> {
  const client = new Client({ host, port, database: name, user: app.user, password: app.password.reveal() });
  client.on('error', () => {});
  await client.connect();
  return client;
}

async function waitFor(condition: () => Promise<boolean>): Promise<void> {
  for (const giveUpAt = Date.now() + 20_000; Date.now() < giveUpAt;) {
    if (await condition()) return;
    await sleep(5);
  }
  assert.fail('it did not happen in time');
}
