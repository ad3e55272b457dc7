import assert from 'node:assert/strict';
import { readdirSync } from 'node:fs';
import { after, before, describe, test } from 'node:test';
import { describeDatabaseCluster } from '../../src/database/database-cluster.contract.ts';
import { connectGivenCluster, type GivenClusterSettings } from '../../src/database/given-cluster.ts';
import { Secret } from '../../src/domain/secret.ts';
import { startPlainCluster, type PlainCluster } from '../support/plain-cluster.ts';
import { designOf, openTestDatabases } from '../support/test-databases.ts';

const PASSWORD = new Secret('given-password');

// As a provider hands it out: no superuser, and not the owner of what is already there.
const MAKE_ADMIN = `CREATE ROLE provider_admin LOGIN CREATEDB CREATEROLE PASSWORD '${PASSWORD.reveal()}'`;

for (const major of [undefined, installedMajor()]) {
  const name = major === undefined ? 'a given cluster' : `a given cluster of PostgreSQL ${major}`;
  const skip = major === 0 && 'no other Postgres is installed here';

  describe(name, { skip }, () => {
    let server: PlainCluster;
    let settings: GivenClusterSettings;
    before(async () => {
      server = await startPlainCluster(major);
      await server.asSuperuser(MAKE_ADMIN, `CREATE ROLE humble LOGIN PASSWORD '${PASSWORD.reveal()}'`);
      settings = { host: server.host, port: server.port, user: 'provider_admin', password: PASSWORD, tls: 'off' };
    });
    after(() => server.stop());

    test('is made ready by several processes at once, and again', async () => {
      const reached = await Promise.all([1, 2, 3].map(() => connectGivenCluster(settings)));
      assert.deepEqual(new Set(reached.map((access) => access.controlDatabase)), new Set(['tb_control']));
      const again = await connectGivenCluster(settings);
      assert.match(again.version, /^\d+\.\d+$/);
      assert.equal(again.reach, 'this-machine');
    });

    test('tells what stays open on it', async () => {
      const { hardening } = await connectGivenCluster(settings);
      assert.match(hardening.join('\n'), /can connect to: postgres, template1\./);
      assert.doesNotMatch(hardening.join('\n'), /tb_control/);
    });

    test('hears no password, even when it logs every statement', async () => {
      await server.asSuperuser("ALTER SYSTEM SET log_statement = 'all'", 'SELECT pg_reload_conf()');
      const databases = await openTestDatabases(await connectGivenCluster(settings));
      const { runId, projectId } = await databases.newRun();
      const databaseName = await databases.cluster.claim(runId, projectId);
      await databases.cluster.provision(databaseName, runId, designOf('CREATE TABLE notes (note text)'));
      const { owner, app, reader } = await databases.cluster.open(databaseName);
      await databases.close();
      const log = await server.readLog();
      assert.match(log, new RegExp(`CREATE ROLE "${app.user}"`));
      for (const { password } of [owner, app, reader]) assert.ok(!log.includes(password.reveal()));
      await server.asSuperuser('ALTER SYSTEM RESET log_statement', 'SELECT pg_reload_conf()');
    });

    describeDatabaseCluster('keeps the promises of a cluster of ours', async () =>
      openTestDatabases(await connectGivenCluster(settings)),
    );

    for (const [what, change, message, fix] of [
      ['a wrong password', { password: new Secret('wrong') }, /password authentication failed/, /DB_CLUSTER_PASSWORD/],
      ['a port nobody listens on', { port: 1 }, /ECONNREFUSED/, /DB_CLUSTER_HOST/],
      ['a server that cannot encrypt', { tls: 'verify' }, /SSL/, /DB_CLUSTER_TLS/],
      ['a user that may not create', { user: 'humble' }, /may not create databases and roles/, /CREATEDB CREATEROLE/],
    ] as const) {
      test(`is refused with an advice for ${what}`, async () => {
        await server.asSuperuser('GRANT CONNECT ON DATABASE tb_control TO humble');
        const failure = { code: 'CLUSTER_UNAVAILABLE', message, fix };
        await assert.rejects(connectGivenCluster({ ...settings, ...change }), failure);
      });
    }
  });
}

/** The oldest version that will do and is installed beside the packaged one; 0 when there is none. */
function installedMajor(): number {
  try {
    const majors = readdirSync('/usr/lib/postgresql').map(Number);
    return majors.toSorted((a, b) => a - b).find((major) => major >= 15) ?? 0;
  } catch {
    return 0;
  }
}
