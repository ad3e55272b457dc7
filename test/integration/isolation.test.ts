import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { Client } from 'pg';
import type { DatabaseLogin, ProvisionedDatabase } from '../../src/domain/provisioned-database.ts';
import { startTestCluster, type TestCluster } from '../support/postgres.ts';
import { designOf, openTestDatabases, type TestDatabases } from '../support/test-databases.ts';

// What a project's role may try. `neighbour` is another project's database; every attempt has to be refused.
const ATTACKS: readonly (readonly [what: string, sql: (neighbour: ProvisionedDatabase) => string])[] = [
  ['read password hashes', () => 'SELECT rolpassword FROM pg_authid'],
  ['read password hashes by the view', () => 'SELECT passwd FROM pg_shadow'],
  ['read a file', () => "SELECT pg_read_file('/etc/passwd')"],
  ['read a file in FROM', () => "SELECT * FROM pg_read_file('postgresql.conf')"],
  ['read a binary file', () => "SELECT pg_read_binary_file('/etc/passwd')"],
  ['list a folder', () => "SELECT pg_ls_dir('.')"],
  ['list the log folder', () => 'SELECT * FROM pg_ls_logdir()'],
  ['look at a file', () => "SELECT pg_stat_file('PG_VERSION')"],
  ['import a file', () => "SELECT lo_import('/etc/passwd')"],
  ['export a file', () => "SELECT lo_export(1, '/tmp/stolen')"],
  ['run a program to write', () => "COPY (SELECT 1) TO PROGRAM 'id'"],
  ['run a program to read', () => "CREATE TEMP TABLE t (a text); COPY t FROM PROGRAM 'id'"],
  ['write a file', () => "COPY (SELECT 1) TO '/tmp/stolen'"],
  ['read a file by COPY', () => "COPY notes FROM '/etc/passwd'"],
  ['load a library', () => "LOAD '/tmp/evil.so'"],
  ['make a C function', () => "CREATE FUNCTION f() RETURNS int LANGUAGE c AS '/tmp/evil', 'f'"],
  ['make an internal function', () => "CREATE FUNCTION f() RETURNS int LANGUAGE internal AS 'pg_backend_pid'"],
  ['get dblink', () => 'CREATE EXTENSION dblink'],
  ['get postgres_fdw', () => 'CREATE EXTENSION postgres_fdw'],
  ['get file_fdw', () => 'CREATE EXTENSION file_fdw'],
  ['get plpython3u', () => 'CREATE EXTENSION plpython3u'],
  ['get adminpack', () => 'CREATE EXTENSION pageinspect'],
  ['make a role', () => 'CREATE ROLE evil'],
  ['make a superuser', () => 'CREATE ROLE evil SUPERUSER'],
  ['make itself a superuser', () => 'ALTER ROLE CURRENT_USER SUPERUSER'],
  ['let itself make databases', () => 'ALTER ROLE CURRENT_USER CREATEDB'],
  ['lift its connection limit', () => 'ALTER ROLE CURRENT_USER CONNECTION LIMIT -1'],
  ['bypass row security', () => 'ALTER ROLE CURRENT_USER BYPASSRLS'],
  ['make a database', () => 'CREATE DATABASE evil'],
  ['copy the control database', () => 'CREATE DATABASE evil TEMPLATE tb_control'],
  ['copy a neighbour', ({ name }) => `CREATE DATABASE evil TEMPLATE ${name}`],
  ['drop a neighbour', ({ name }) => `DROP DATABASE ${name}`],
  ['open a neighbour to all', ({ name }) => `ALTER DATABASE ${name} CONNECTION LIMIT -1`],
  ['let itself into a neighbour', ({ name }) => `GRANT CONNECT ON DATABASE ${name} TO PUBLIC`],
  ['change a neighbour’s password', ({ app }) => `ALTER ROLE ${app.user} PASSWORD 'x'`],
  ['drop a neighbour’s role', ({ app }) => `DROP ROLE ${app.user}`],
  ['join a neighbour’s role', ({ owner }) => `GRANT ${owner.user} TO CURRENT_USER`],
  ['become a neighbour', ({ owner }) => `SET ROLE ${owner.user}`],
  ['become the admin', () => 'SET ROLE tb_admin'],
  ['become the superuser', () => 'SET ROLE postgres'],
  ['become the superuser by a setting', () => "SELECT set_config('role', 'postgres', false)"],
  ['take over the session', () => 'SET SESSION AUTHORIZATION postgres'],
  ['change the admin’s password', () => "ALTER ROLE tb_admin PASSWORD 'x'"],
  ['join the admin', () => 'GRANT tb_admin TO CURRENT_USER'],
  ['join the file readers', () => 'GRANT pg_read_server_files TO CURRENT_USER'],
  ['join the program runners', () => 'GRANT pg_execute_server_program TO CURRENT_USER'],
  ['join the data readers', () => 'GRANT pg_read_all_data TO CURRENT_USER'],
  ['join the signallers', () => 'GRANT pg_signal_backend TO CURRENT_USER'],
  ['change a server setting', () => "ALTER SYSTEM SET shared_preload_libraries = 'evil'"],
  ['reload the settings', () => 'SELECT pg_reload_conf()'],
  ['rotate the log', () => 'SELECT pg_rotate_logfile()'],
  ['force a checkpoint', () => 'CHECKPOINT'],
  ['switch the log file', () => 'SELECT pg_switch_wal()'],
  ['make a replication slot', () => "SELECT pg_create_physical_replication_slot('s')"],
  ['start a backup', () => "SELECT pg_backup_start('b')"],
  ['make a tablespace', () => "CREATE TABLESPACE evil LOCATION '/tmp'"],
  ['make a subscription', () => "CREATE SUBSCRIPTION s CONNECTION 'host=127.0.0.1' PUBLICATION p"],
  ['publish everything', () => 'CREATE PUBLICATION p FOR ALL TABLES'],
  ['make an event trigger', () => 'CREATE EVENT TRIGGER t ON ddl_command_end EXECUTE FUNCTION pg_notify()'],
  ['make a foreign data wrapper', () => 'CREATE FOREIGN DATA WRAPPER evil'],
  ['read who may log in', () => 'SELECT * FROM pg_hba_file_rules'],
  ['read the settings’ files', () => 'SELECT * FROM pg_file_settings'],
  ['measure a neighbour', ({ name }) => `SELECT pg_database_size('${name}')`],
  ['replace a function of Postgres', () => 'CREATE OR REPLACE FUNCTION pg_catalog.lower(text) RETURNS text RETURN $1'],
  ['change the catalog', () => 'UPDATE pg_catalog.pg_database SET datallowconn = true'],
  ['lift the limit on temporary files', () => 'SET temp_file_limit = -1'],
  ['switch triggers off', () => 'SET session_replication_role = replica'],
  [
    'end the admin’s sessions',
    () => "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE usename = 'tb_admin'",
  ],
];

/** What the application may not do in its own database either. */
const BEYOND_THE_APP: readonly (readonly [what: string, sql: string])[] = [
  ['make a table', 'CREATE TABLE mine (a int)'],
  ['make a temporary table', 'CREATE TEMP TABLE mine (a int)'],
  ['change a table', 'ALTER TABLE notes ADD COLUMN a int'],
  ['drop a table', 'DROP TABLE notes'],
  ['empty a table', 'TRUNCATE notes'],
  ['make an index', 'CREATE INDEX ON notes (note)'],
  ['make a view', 'CREATE VIEW v AS SELECT 1'],
  ['make a function', 'CREATE FUNCTION f() RETURNS int RETURN 1'],
  ['make a trigger', 'CREATE TRIGGER t AFTER INSERT ON notes EXECUTE FUNCTION suppress_redundant_updates_trigger()'],
  ['make a schema', 'CREATE SCHEMA mine'],
  ['make a type', "CREATE TYPE t AS ENUM ('a')"],
  ['get an extension', 'CREATE EXTENSION pgcrypto'],
  ['give a table away', 'ALTER TABLE notes OWNER TO CURRENT_USER'],
];

const BEYOND_THE_READER: readonly (readonly [what: string, sql: string])[] = [
  ['insert', "INSERT INTO notes VALUES ('x')"],
  ['update', "UPDATE notes SET note = 'x'"],
  ['delete', 'DELETE FROM notes'],
  ['lock', 'BEGIN; LOCK TABLE notes IN ACCESS EXCLUSIVE MODE'],
  ['draw from a sequence', "SELECT nextval('numbers')"],
  ...BEYOND_THE_APP,
];

// For want of a right, or because the transaction may not write; a mistake of our own would be another code.
const REFUSALS = ['42501', '25006'];

describe('isolation', () => {
  let server: TestCluster;
  let databases: TestDatabases;
  let own: ProvisionedDatabase;
  let neighbour: ProvisionedDatabase;

  before(async () => {
    server = await startTestCluster();
    databases = await openTestDatabases(server.postgres);
    [own, neighbour] = [await provision(), await provision()];
  });
  after(async () => {
    await databases.close();
    await server.stop();
  });

  for (const role of ['owner', 'app', 'reader'] as const) {
    test(`the ${role} gets into no other database`, async () => {
      for (const name of [neighbour.name, 'postgres', 'template1', 'template0', 'tb_control']) {
        await assert.rejects(connectTo(name, own[role]), { code: name === 'template0' ? '55000' : '42501' }, name);
      }
    });

    test(`the ${role} cannot get out of its own database, in ${ATTACKS.length} ways`, async () => {
      const found = await inventory();
      for (const [what, sql] of ATTACKS) await assertRefused(own[role], what, sql(neighbour));
      assert.deepEqual(await inventory(), found);
    });

    test(`the ${role} sees no statement of another role`, async () => {
      const seen = await runAs(
        own[role],
        'SELECT query FROM pg_stat_activity WHERE usename <> current_user AND query <> $$$$',
      );
      assert.deepEqual(new Set(seen.map((row) => row['query'])), new Set(['<insufficient privilege>']));
    });
  }

  test('the app changes rows, and nothing but rows', async () => {
    await runAs(
      own.app,
      "INSERT INTO notes VALUES ('kept'); UPDATE notes SET note = 'kept'; SELECT nextval('numbers')",
    );
    for (const [what, sql] of BEYOND_THE_APP) await assertRefused(own.app, what, sql);
    // To this Postgres only says that nothing was granted.
    await runAs(own.app, 'GRANT SELECT ON notes TO PUBLIC');
    assert.deepEqual(await runAs(own.app, "SELECT has_table_privilege('public', 'notes', 'SELECT') AS open"), [
      { open: false },
    ]);
  });

  test('the reader reads, and writes nothing in a transaction that may write either', async () => {
    assert.deepEqual(await runAs(own.reader, 'SELECT note FROM notes'), [{ note: 'kept' }]);
    for (const [what, sql] of BEYOND_THE_READER) {
      await assertRefused(own.reader, what, sql);
      await assertRefused(own.reader, `${what} after BEGIN READ WRITE`, sql, 'BEGIN READ WRITE');
    }
  });

  test('what the owner runs cannot step up to the admin', async () => {
    const text = `CREATE TABLE bait (a int); RESET ROLE; RESET SESSION AUTHORIZATION;
                  CREATE ROLE evil CREATEDB; GRANT ${neighbour.owner.user} TO ${own.app.user}`;
    await assertRefused(own.owner, 'reset its role', text);
    const name = await databases.cluster.claim(...(await newRun()));
    const [finding] = await databases.cluster.rehearse(name, designOf(text));
    assert.match(finding?.message ?? '', /permission denied to create role/);
  });

  test('the owner is let in once or twice, the app no more than forty times, which is two releases and the gates', async () => {
    const clients = await Promise.all(Array.from({ length: 40 }, () => connectTo(own.name, own.app)));
    await assert.rejects(connectTo(own.name, own.app), { code: '53300' });
    await Promise.all(clients.map((client) => client.end()));
  });

  test('the limits of every role are set', async () => {
    assert.equal(await setting(own.app, 'statement_timeout'), '15s');
    assert.equal(await setting(own.app, 'idle_in_transaction_session_timeout'), '30s');
    assert.equal(await setting(own.reader, 'statement_timeout'), '5s');
    assert.equal(await setting(own.reader, 'default_transaction_read_only'), 'on');
    assert.equal(await setting(own.owner, 'lock_timeout'), '10s');
  });

  test('our admin is no superuser and cannot become one', async () => {
    const admin = server.postgres.admin;
    const client = await connectTo('tb_control', admin);
    for (const sql of [
      'CREATE ROLE evil SUPERUSER',
      'GRANT pg_read_server_files TO CURRENT_USER',
      "SELECT pg_read_file('/etc/passwd')",
      'ALTER SYSTEM SET fsync = off',
      'SET ROLE postgres',
    ]) {
      await assert.rejects(client.query(sql), { code: '42501' }, sql);
    }
    await client.end();
  });

  async function provision(): Promise<ProvisionedDatabase> {
    const [runId, projectId] = await newRun();
    const name = await databases.cluster.claim(runId, projectId);
    await databases.cluster.provision(
      name,
      runId,
      designOf('CREATE TABLE notes (note text)', 'CREATE SEQUENCE numbers'),
    );
    return databases.cluster.open(name);
  }

  async function setting(login: DatabaseLogin, name: string): Promise<unknown> {
    const [row] = await runAs(login, `SELECT current_setting('${name}') AS value`);
    return row?.['value'];
  }

  async function newRun() {
    const { runId, projectId } = await databases.newRun();
    return [runId, projectId] as const;
  }

  async function assertRefused(
    login: DatabaseLogin,
    what: string,
    sql: string,
    ...first: readonly string[]
  ): Promise<void> {
    const client = await connectTo(own.name, login);
    try {
      for (const statement of first) await client.query(statement);
      await client.query(sql);
      assert.fail(`${login.user} could ${what}`);
    } catch (error) {
      const { code = '', message } = error as { code?: string; message: string };
      assert.ok(REFUSALS.includes(code), `${login.user} tried to ${what}: ${code} ${message}`);
    } finally {
      await client.end();
    }
  }

  async function runAs(login: DatabaseLogin, sql: string): Promise<readonly Record<string, unknown>[]> {
    const client = await connectTo(own.name, login);
    try {
      return (await client.query<Record<string, unknown>>(sql)).rows;
    } finally {
      await client.end();
    }
  }

  async function connectTo(database: string, { user, password }: DatabaseLogin): Promise<Client> {
    const { host, port } = server.postgres;
    const client = new Client({ host, port, database, user, password: password.reveal() });
    client.on('error', () => {});
    await client.connect();
    return client;
  }

  /** Roles with what they may do, memberships and databases: nothing of it may change. */
  async function inventory(): Promise<unknown> {
    const { rows } = await databases.pool.query(
      `SELECT (SELECT jsonb_agg(r ORDER BY r.rolname) FROM pg_roles r) AS roles,
              (SELECT jsonb_agg(m ORDER BY m.roleid, m.member) FROM pg_auth_members m) AS members,
              (SELECT jsonb_agg(jsonb_build_array(d.datname, d.datacl, d.datconnlimit) ORDER BY d.datname)
                 FROM pg_database d) AS databases`,
    );
    return rows[0];
  }
});
