import { escapeIdentifier, escapeLiteral, type ClientBase } from 'pg';
import { roleNames } from './database-names.ts';
import type { Passwords } from './project-passwords.ts';

const PLAIN_LOGIN = 'LOGIN NOSUPERUSER NOCREATEDB NOCREATEROLE NOREPLICATION NOBYPASSRLS';

// A role may lift its own settings, so the sweep sets them back, and the watchdog ends what outstays them meanwhile.
const LIMITS = {
  owner: { connections: 2, settings: { statement_timeout: '60s', lock_timeout: '10s' } },
  app: {
    // Two releases while one takes the place of the other, and room for the gates on a copy.
    connections: 40,
    settings: { statement_timeout: '15s', idle_in_transaction_session_timeout: '30s', lock_timeout: '5s' },
  },
  reader: { connections: 3, settings: { statement_timeout: '5s', default_transaction_read_only: 'on' } },
} as const;

type RoleKind = keyof typeof LIMITS;

export const ROLE_KINDS: readonly RoleKind[] = ['owner', 'app', 'reader'];

/** The limits of such a role as Postgres keeps them: `statement_timeout=15s`. */
export function settingsOf(kind: RoleKind): readonly string[] {
  return Object.entries(LIMITS[kind].settings).map(([name, value]) => `${name}=${value}`);
}

/** What gives the role its limits. */
export function limitStatements(role: string, kind: RoleKind): readonly string[] {
  return Object.entries(LIMITS[kind].settings).map(
    ([name, value]) => `ALTER ROLE ${escapeIdentifier(role)} SET ${name} = ${escapeLiteral(value)}`,
  );
}

/** Makes the three roles of a database, all of them or none; they can log in and nothing else yet. */
export async function createRoles(
  admin: ClientBase,
  databaseName: string,
  verifiers: Passwords<string>,
): Promise<void> {
  const names = roleNames(databaseName);
  const statements: string[] = [];
  for (const kind of ROLE_KINDS) {
    const role = escapeIdentifier(names[kind]);
    const limit = `CONNECTION LIMIT ${LIMITS[kind].connections}`;
    statements.push(`CREATE ROLE ${role} ${PLAIN_LOGIN} ${limit} PASSWORD ${escapeLiteral(verifiers[kind])}`);
    statements.push(...limitStatements(names[kind], kind));
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

/** As the owner, once schema `auth` is there: accounts are the app's to keep, and nobody else's to look at. */
export async function grantAccounts(owner: ClientBase, databaseName: string): Promise<void> {
  const { rows } = await owner.query<{ there: boolean }>(`SELECT to_regclass('auth.tokens') IS NOT NULL AS there`);
  if (!rows[0]?.there) return;
  const app = escapeIdentifier(roleNames(databaseName).app);
  await owner.query(
    `GRANT USAGE ON SCHEMA auth TO ${app};
     GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA auth TO ${app}`,
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
