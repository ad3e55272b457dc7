import { DatabaseError, escapeIdentifier, type Client } from 'pg';
import { isDatabaseAway } from '../../domain/database-away.ts';
import type { ProvisionedDatabase } from '../../domain/provisioned-database.ts';
import { connectAs } from '../connect-as.ts';

const INSUFFICIENT_PRIVILEGE = '42501';
/** Every cluster has them; only its superuser can close them, so on one that was given they may be open. */
const COMMON_DATABASES = ['postgres', 'template1'];
const OTHER_DATABASES = 4;

export interface RoleProbes {
  /** A line for each thing that the role was refused. */
  readonly refused: readonly string[];
  /** A line for each thing that it was not refused and should have been. */
  readonly faults: readonly string[];
  /** What is open by nature of a given cluster, worth telling. */
  readonly notes: readonly string[];
}

/** Logs in as the app role and tries what it must not be able to do: definitions, other roles, files, other databases. */
export async function probeRole(database: ProvisionedDatabase, projectDatabase: string): Promise<RoleProbes> {
  const client = await connectAs(database, database.app, database.name);
  try {
    const refused: string[] = [];
    const faults: string[] = [];
    for (const statement of forbidden(database)) {
      const code = await attempt(client, statement);
      if (code === INSUFFICIENT_PRIVILEGE) refused.push(`app role: ${statement}: refused`);
      else
        faults.push(
          `app role: ${statement}: expected to be refused (${INSUFFICIENT_PRIVILEGE}); ${code ?? 'it was carried out'}`,
        );
    }
    const others = await probeOthers(client, database, projectDatabase);
    return { refused: [...refused, ...others.refused], faults: [...faults, ...others.faults], notes: others.notes };
  } finally {
    await client.end();
  }
}

function forbidden({ schema, owner }: ProvisionedDatabase): string[] {
  const [table] = schema.tables;
  const name = table && `public.${escapeIdentifier(table.name)}`;
  return [
    'CREATE TABLE public.probe (id int)',
    'CREATE TEMP TABLE probe (id int)',
    'CREATE SCHEMA probe',
    `CREATE FUNCTION public.probe() RETURNS int LANGUAGE sql AS 'SELECT 1'`,
    ...(name
      ? [`ALTER TABLE ${name} ADD COLUMN probe int`, `DROP TABLE ${name} CASCADE`, `TRUNCATE ${name} CASCADE`]
      : []),
    'CREATE ROLE probe',
    `SET ROLE ${escapeIdentifier(owner.user)}`,
    'SELECT rolpassword FROM pg_catalog.pg_authid',
    `SELECT pg_catalog.pg_read_file('PG_VERSION')`,
    `COPY (SELECT 1) TO PROGRAM 'true'`,
  ];
}

/** Postgres' code for refusing the statement; undefined when it was carried out, and then taken back. */
async function attempt(client: Client, statement: string): Promise<string | undefined> {
  await client.query('BEGIN');
  try {
    await client.query(statement);
    return undefined;
  } catch (error) {
    if (error instanceof DatabaseError && !isDatabaseAway(error)) return error.code;
    throw error;
  } finally {
    await client.query('ROLLBACK').catch(() => undefined);
  }
}

async function probeOthers(
  client: Client,
  database: ProvisionedDatabase,
  projectDatabase: string,
): Promise<RoleProbes> {
  const { rows } = await client.query<{ datname: string }>(
    `SELECT datname
       FROM pg_catalog.pg_database
      WHERE datallowconn AND NOT starts_with(datname, $1)
      ORDER BY datname`,
    [projectDatabase],
  );
  const names = rows.map(({ datname }) => datname);
  const [refused, faults, notes]: [string[], string[], string[]] = [[], [], []];
  const foreign = names.filter((name) => !COMMON_DATABASES.includes(name)).slice(0, OTHER_DATABASES);
  for (const name of [...names.filter((one) => COMMON_DATABASES.includes(one)), ...foreign]) {
    const held = await holdsOut(database, name);
    if (held === 'closed') refused.push(`app role: connect to ${described(name)}: refused`);
    else if (held === 'powerless' && COMMON_DATABASES.includes(name)) {
      notes.push(
        `app role: may connect to ${name} on this cluster, and create nothing there; its administrator can close it`,
      );
    } else faults.push(`app role: connect to ${described(name)}: expected to be refused; it was let in`);
  }
  return { refused, faults, notes };
}

/** Whether the role stays outside, comes in without being able to do anything, or is at home there. */
async function holdsOut(database: ProvisionedDatabase, name: string): Promise<'closed' | 'powerless' | 'open'> {
  let client: Client;
  try {
    client = await connectAs(database, database.app, name);
  } catch (error) {
    if (error instanceof DatabaseError && !isDatabaseAway(error)) return 'closed';
    throw error;
  }
  try {
    return (await attempt(client, 'CREATE TABLE public.probe (id int)')) === undefined ? 'open' : 'powerless';
  } finally {
    await client.end();
  }
}

/** Another project's database is nobody's business in a receipt. */
function described(name: string): string {
  return COMMON_DATABASES.includes(name) ? name : 'another database of the cluster';
}
