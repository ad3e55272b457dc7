import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { after, before, test } from 'node:test';
import { escapeLiteral } from 'pg';
import { readClosing } from '../../src/database/closed-template.ts';
import { connectGivenCluster, type GivenClusterSettings } from '../../src/database/given-cluster.ts';
import { Secret } from '../../src/domain/secret.ts';
import { startPlainCluster, type PlainCluster } from '../support/plain-cluster.ts';
import { designOf, openTestDatabases } from '../support/test-databases.ts';

// The role that compose/make-admin.sh makes, on a cluster that is as new as the container's. The script itself is psql's.

const PASSWORD = new Secret(`it's "secret" \\ $PATH`);

let server: PlainCluster;
let settings: GivenClusterSettings;

before(async () => {
  server = await startPlainCluster();
  await server.asSuperuser(...scriptStatements());
  await makeTemplate();
  settings = { host: server.host, port: server.port, user: 'turbobackend', password: PASSWORD, tls: 'off' };
});
after(() => server.stop());

test('with the role of compose.yaml nothing is left to harden but what its settings add', async () => {
  const { hardening, controlDatabase } = await connectGivenCluster(settings);
  assert.equal(controlDatabase, 'tb_control');
  assert.deepEqual(hardening, []);
});

test('the role of compose.yaml makes and drops project databases, and is no superuser', async () => {
  const databases = await openTestDatabases(await connectGivenCluster(settings));
  const { runId, projectId } = await databases.newRun();
  const databaseName = await databases.cluster.claim(runId, projectId);
  const design = designOf('CREATE TABLE notes (note text)');
  const { tables } = await databases.cluster.provision(databaseName, runId, design);
  assert.deepEqual(
    tables.map(({ name }) => name),
    ['notes'],
  );
  await databases.cluster.drop(databaseName);
  const { rows } = await databases.pool.query('SELECT rolsuper, rolreplication FROM pg_roles WHERE rolname = $1', [
    settings.user,
  ]);
  assert.deepEqual(rows, [{ rolsuper: false, rolreplication: false }]);
  await databases.close();
});

/** As compose/make-template.sh does. */
async function makeTemplate(): Promise<void> {
  const { name, sql } = await readClosing();
  await server.asSuperuser(`CREATE DATABASE ${name} TEMPLATE template0 ENCODING 'UTF8'`);
  await server.asSuperuser(`REVOKE ALL ON DATABASE ${name} FROM PUBLIC`);
  await server.inDatabase(name, sql);
  await server.asSuperuser(`ALTER DATABASE ${name} WITH IS_TEMPLATE true ALLOW_CONNECTIONS false`);
}

/** The statements between the script's marks, with the password as psql would put it in. */
function scriptStatements(): readonly string[] {
  const script = readFileSync(new URL('../../compose/make-admin.sh', import.meta.url), 'utf8');
  const sql = /<<'SQL'\n([\s\S]*)\nSQL$/m.exec(script)?.[1] ?? assert.fail('no SQL in the script');
  assert.match(sql, /^\\getenv password DB_CLUSTER_PASSWORD$/m);
  return sql
    .replace(/^(\\getenv|--).*$/gm, '')
    .replace(":'password'", () => escapeLiteral(PASSWORD.reveal()))
    .split(';')
    .map((statement) => statement.trim())
    .filter((statement) => statement !== '');
}
