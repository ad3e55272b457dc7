import { escapeIdentifier, escapeLiteral, type ClientBase } from 'pg';
import { listRoleSecrets, recordVerifiers, type RoleSecrets } from '../store/project-databases.ts';
import { ownNamePatterns, roleNames } from './database-names.ts';
import { openPasswords, type PasswordCipher, type Passwords } from './project-passwords.ts';
import { limitStatements, ROLE_KINDS, settingsOf } from './project-roles.ts';
import { scramVerifiers } from './scram-verifier.ts';

/**
 * Sets back what projects' roles have changed of themselves, which Postgres lets every role do: passwords, and the
 * limits that were set for it. Resolves to the names of those that were set back.
 * Passwords are looked at where the admin may (on a cluster of ours); elsewhere `blindly` sets every one.
 */
export async function keepRoles(
  client: ClientBase,
  installationId: string,
  cipher: PasswordCipher,
  blindly: boolean,
): Promise<readonly string[]> {
  const databases = await listRoleSecrets(client, installationId);
  const [settings, verifiers] = [
    await readSettings(client, installationId),
    await readVerifiers(client, installationId),
  ];
  const changed: string[] = [];
  for (const database of databases) {
    const expected = database.verifiers ?? (await newVerifiers(client, database, cipher));
    for (const kind of ROLE_KINDS) {
      const role = roleNames(database.name)[kind];
      const isKept = verifiers ? verifiers.get(role) === expected[kind] : !blindly;
      if (!isKept) await client.query(setPassword(role, expected[kind]));
      const limits = settings.get(role) ?? [];
      const areKept = isSame(limits, settingsOf(kind));
      if (!areKept) await client.query(setBackLimits(role, kind, limits));
      if (!isKept || !areKept) changed.push(role);
    }
  }
  return changed;
}

/** A setting of a role, in every database or in one. */
interface RoleSetting {
  readonly database: string | undefined;
  /** `statement_timeout=15s` */
  readonly setting: string;
}

async function readSettings(
  client: ClientBase,
  installationId: string,
): Promise<ReadonlyMap<string, readonly RoleSetting[]>> {
  const { rows } = await client.query<{ role: string; database: string | null; settings: readonly string[] }>(
    `SELECT rolname AS role, datname AS database, setconfig AS settings
       FROM pg_db_role_setting
       JOIN pg_roles ON pg_roles.oid = setrole
       LEFT JOIN pg_database ON pg_database.oid = setdatabase
      WHERE rolname LIKE $1`,
    [ownNamePatterns(installationId).roles],
  );
  const found = rows.flatMap(({ role, database, settings }) =>
    settings.map((setting) => ({ role, database: database ?? undefined, setting })),
  );
  return Map.groupBy(found, ({ role }) => role);
}

/** By role; undefined where the admin may not see them. */
async function readVerifiers(
  client: ClientBase,
  installationId: string,
): Promise<ReadonlyMap<string, string> | undefined> {
  const { rows: allowed } = await client.query<{ may: boolean }>(
    `SELECT has_column_privilege('pg_catalog.pg_authid', 'rolpassword', 'SELECT') AS may`,
  );
  if (!allowed[0]?.may) return undefined;
  const { rows } = await client.query<{ role: string; verifier: string | null }>(
    'SELECT rolname AS role, rolpassword AS verifier FROM pg_authid WHERE rolname LIKE $1',
    [ownNamePatterns(installationId).roles],
  );
  return new Map(rows.map(({ role, verifier }) => [role, verifier ?? '']));
}

async function newVerifiers(
  client: ClientBase,
  { name, passwords }: RoleSecrets,
  cipher: PasswordCipher,
): Promise<Passwords<string>> {
  const verifiers = await scramVerifiers(openPasswords(cipher, passwords));
  await recordVerifiers(client, name, verifiers);
  return verifiers;
}

function isSame(found: readonly RoleSetting[], expected: readonly string[]): boolean {
  const settings = found.map(({ database, setting }) => (database === undefined ? setting : `${database}: ${setting}`));
  return JSON.stringify(settings.toSorted()) === JSON.stringify([...expected].toSorted());
}

function setPassword(role: string, verifier: string): string {
  return `ALTER ROLE ${escapeIdentifier(role)} PASSWORD ${escapeLiteral(verifier)}`;
}

/** As one message, hence one transaction. */
function setBackLimits(role: string, kind: keyof Passwords<unknown>, found: readonly RoleSetting[]): string {
  const name = escapeIdentifier(role);
  const places = new Set(
    found.map(({ database }) => (database === undefined ? '' : `IN DATABASE ${escapeIdentifier(database)}`)),
  );
  return [...[...places].map((place) => `ALTER ROLE ${name} ${place} RESET ALL`), ...limitStatements(role, kind)].join(
    ';\n',
  );
}
