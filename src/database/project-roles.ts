import { escapeIdentifier, escapeLiteral, type ClientBase } from 'pg';
import type { Secret } from '../domain/secret.ts';
import { roleNames } from './database-names.ts';
import type { Passwords } from './project-passwords.ts';
import { scramVerifier } from './scram-verifier.ts';

const PLAIN_LOGIN = 'LOGIN NOSUPERUSER NOCREATEDB NOCREATEROLE NOREPLICATION NOBYPASSRLS';

// A role may lift its own timeouts, so the watchdog in sweep.ts keeps them too.
const LIMITS = {
  owner: { connections: 2, settings: ["statement_timeout = '60s'", "lock_timeout = '10s'"] },
  app: {
    connections: 20,
    settings: ["statement_timeout = '15s'", "idle_in_transaction_session_timeout = '30s'", "lock_timeout = '5s'"],
  },
  reader: { connections: 3, settings: ["statement_timeout = '5s'", 'default_transaction_read_only = on'] },
} as const;

/** Makes the three roles of a database, all of them or none; they can log in and nothing else yet. */
export async function createRoles(
  admin: ClientBase,
  databaseName: string,
  passwords: Passwords<Secret>,
): Promise<void> {
  const names = roleNames(databaseName);
  const statements: string[] = [];
  for (const kind of ['owner', 'app', 'reader'] as const) {
    const role = escapeIdentifier(names[kind]);
    const verifier = escapeLiteral(await scramVerifier(passwords[kind]));
    const { connections, settings } = LIMITS[kind];
    statements.push(`CREATE ROLE ${role} ${PLAIN_LOGIN} CONNECTION LIMIT ${connections} PASSWORD ${verifier}`);
    statements.push(...settings.map((setting) => `ALTER ROLE ${role} SET ${setting}`));
  }
  // Since 16 making a role is not yet being able to hand it a database.
  statements.push(`GRANT ${rolesOf(databaseName)} TO CURRENT_USER`);
  // One message, hence one transaction.
  await admin.query(statements.join(';\n'));
}

/** Opens a new database to its own roles and nobody else, in one step. */
export async function grantConnect(admin: ClientBase, databaseName: string): Promise<void> {
  const { app, reader } = roleNames(databaseName);
  const database = escapeIdentifier(databaseName);
  await admin.query(
    `REVOKE ALL ON DATABASE ${database} FROM PUBLIC;
     GRANT CONNECT ON DATABASE ${database} TO ${escapeIdentifier(app)}, ${escapeIdentifier(reader)};
     ALTER DATABASE ${database} ALLOW_CONNECTIONS true`,
  );
}

/** As the owner, in its empty database: what the other two may do with the tables that are to come. */
export async function grantUsage(owner: ClientBase, databaseName: string): Promise<void> {
  const names = roleNames(databaseName);
  const [app, reader] = [escapeIdentifier(names.app), escapeIdentifier(names.reader)];
  await owner.query(
    `REVOKE ALL ON SCHEMA public FROM PUBLIC;
     GRANT USAGE ON SCHEMA public TO ${app}, ${reader};
     ALTER DEFAULT PRIVILEGES IN SCHEMA public GRANT SELECT, INSERT, UPDATE, DELETE ON TABLES TO ${app};
     ALTER DEFAULT PRIVILEGES IN SCHEMA public GRANT USAGE, SELECT, UPDATE ON SEQUENCES TO ${app};
     ALTER DEFAULT PRIVILEGES IN SCHEMA public GRANT SELECT ON TABLES TO ${reader};
     ALTER DEFAULT PRIVILEGES REVOKE EXECUTE ON FUNCTIONS FROM PUBLIC`,
  );
}

/** Resolves also when they are gone. */
export async function dropRoles(admin: ClientBase, databaseName: string): Promise<void> {
  await admin.query(`DROP ROLE IF EXISTS ${rolesOf(databaseName)}`);
}

function rolesOf(databaseName: string): string {
  const { owner, app, reader } = roleNames(databaseName);
  return [owner, app, reader].map(escapeIdentifier).join(', ');
}
