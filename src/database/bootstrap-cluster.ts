import { escapeIdentifier, escapeLiteral, type ClientBase } from 'pg';
import type { DatabaseLogin } from '../domain/provisioned-database.ts';
import { closeDatabases, provideTemplate, type AsSuperuser } from './closed-template.ts';
import { CONTROL_DATABASE } from './cluster-access.ts';
import { isPostgresError } from './connect.ts';
import { scramVerifier } from './scram-verifier.ts';

// Any number; the same in every process that bootstraps.
const BOOTSTRAP_LOCK = 7_266_001;

/**
 * Makes a new cluster ours, as its superuser: the admin role, the control database, no way in for anybody else, and
 * nothing of the cluster within reach of projects' roles. May be repeated, and by several processes at once. Afterwards
 * only the admin is used. Resolves to whether nothing is left to be done.
 */
export function bootstrapCluster(asSuperuser: AsSuperuser, admin: DatabaseLogin): Promise<boolean> {
  return aloneAsSuperuser(asSuperuser, async (superuser) => {
    await createAdmin(superuser, admin);
    await createControlDatabase(superuser, admin.user);
    await superuser.query('REVOKE CONNECT, TEMPORARY ON DATABASE postgres, template1 FROM PUBLIC');
    await grantDuties(superuser, admin.user);
    await grantVerifiers(asSuperuser, admin.user);
    await provideTemplate(superuser, asSuperuser);
    return closeDatabases(superuser, asSuperuser);
  });
}

/** In the database that every cluster has, one process at a time. */
export function aloneAsSuperuser<T>(asSuperuser: AsSuperuser, work: (client: ClientBase) => Promise<T>): Promise<T> {
  return asSuperuser('postgres', async (client) => {
    await client.query('SELECT pg_advisory_lock($1)', [BOOTSTRAP_LOCK]);
    // The lock goes with the connection.
    return work(client);
  });
}

/** Makes the control database unless it is there, and closes it to everybody but its owner. */
export async function createControlDatabase(client: ClientBase, owner: string): Promise<void> {
  const name = escapeIdentifier(CONTROL_DATABASE);
  const { rowCount } = await client.query('SELECT FROM pg_database WHERE datname = $1', [CONTROL_DATABASE]);
  if (rowCount === 0) {
    try {
      await client.query(`CREATE DATABASE ${name} OWNER ${escapeIdentifier(owner)} TEMPLATE template0 ENCODING 'UTF8'`);
    } catch (error) {
      // Another process made it at the same moment: Postgres says so in either of two ways.
      if (!isPostgresError(error, '42P04', '23505')) throw error;
    }
  }
  await client.query(`REVOKE ALL ON DATABASE ${name} FROM PUBLIC`);
}

async function createAdmin(superuser: ClientBase, admin: DatabaseLogin): Promise<void> {
  const role = escapeIdentifier(admin.user);
  const { rowCount } = await superuser.query('SELECT FROM pg_roles WHERE rolname = $1', [admin.user]);
  if (rowCount === 0) await superuser.query(`CREATE ROLE ${role}`);
  await superuser.query(
    `ALTER ROLE ${role}
       WITH LOGIN NOSUPERUSER CREATEDB CREATEROLE NOREPLICATION NOBYPASSRLS
       PASSWORD ${escapeLiteral(await scramVerifier(admin.password))}`,
  );
}

/** The sweep sees by them whether a role has changed its password. The grant holds in the control database alone. */
async function grantVerifiers(asSuperuser: AsSuperuser, admin: string): Promise<void> {
  await asSuperuser(CONTROL_DATABASE, (client) =>
    client.query(`GRANT SELECT (rolname, rolpassword) ON pg_catalog.pg_authid TO ${escapeIdentifier(admin)}`),
  );
}

/** The watchdog ends other roles' sessions, and gets in when those have taken every connection. */
async function grantDuties(superuser: ClientBase, admin: string): Promise<void> {
  const { rows } = await superuser.query<{ rolname: string }>(
    `SELECT rolname
       FROM pg_roles
      WHERE rolname IN ('pg_signal_backend', 'pg_use_reserved_connections')`,
  );
  const duties = rows.map((row) => escapeIdentifier(row.rolname)).join(', ');
  await superuser.query(`GRANT ${duties} TO ${escapeIdentifier(admin)}`);
}
