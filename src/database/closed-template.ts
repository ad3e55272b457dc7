import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { escapeIdentifier, escapeLiteral, type ClientBase } from 'pg';

/** Runs `work` as a superuser in a database of the cluster. */
export type AsSuperuser = <T>(database: string, work: (client: ClientBase) => Promise<T>) => Promise<T>;

/**
 * Makes the database that projects' databases are copied from, unless it is there, and resolves to its name. In it, and
 * so in every copy, projects' roles reach nothing that is the cluster's rather than the database's. The caller is alone
 * in doing so.
 */
export async function provideTemplate(superuser: ClientBase, asSuperuser: AsSuperuser): Promise<string> {
  const { name, sql } = await readClosing();
  if (await isTemplate(superuser, name)) return name;
  const database = escapeIdentifier(name);
  // What an earlier try has left is closed in part.
  await superuser.query(`DROP DATABASE IF EXISTS ${database} WITH (FORCE)`);
  await superuser.query(`CREATE DATABASE ${database} TEMPLATE template0 ENCODING 'UTF8' ALLOW_CONNECTIONS false`);
  await superuser.query(
    `REVOKE ALL ON DATABASE ${database} FROM PUBLIC;
     ALTER DATABASE ${database} ALLOW_CONNECTIONS true`,
  );
  await asSuperuser(name, (client) => client.query(sql));
  await superuser.query(`ALTER DATABASE ${database} WITH IS_TEMPLATE true ALLOW_CONNECTIONS false`);
  return name;
}

/** The template's name, where there is one; undefined on a cluster whose superuser has made none. */
export async function findTemplate(client: ClientBase): Promise<string | undefined> {
  const { name } = await readClosing();
  return (await isTemplate(client, name)) ? name : undefined;
}

/**
 * Closes projects' databases that were made before there was a template, each once, and resolves to whether all of them
 * are closed. One that cannot be reached does not keep the others.
 */
export async function closeDatabases(superuser: ClientBase, asSuperuser: AsSuperuser): Promise<boolean> {
  const { name: mark, sql } = await readClosing();
  let failures = 0;
  for (const name of await listOpen(superuser, mark)) {
    try {
      await asSuperuser(name, (client) => client.query(sql));
      await markClosed(superuser, name, mark);
    } catch {
      failures += 1;
    }
  }
  return failures === 0;
}

/** `closing`: the name of the template that it was closed like. */
export async function markClosed(client: ClientBase, name: string, closing: string): Promise<void> {
  await client.query(`COMMENT ON DATABASE ${escapeIdentifier(name)} IS ${escapeLiteral(closing)}`);
}

interface Closing {
  /** Changes with the statements, so that a template is never closed in part. */
  readonly name: string;
  readonly sql: string;
}

/** The file lies beside this module, in the sources as in the build. */
export async function readClosing(): Promise<Closing> {
  const sql = await readFile(new URL('close-database.sql', import.meta.url), 'utf8');
  return { name: `tb_closed_${createHash('sha256').update(sql).digest('hex').slice(0, 8)}`, sql };
}

async function isTemplate(client: ClientBase, name: string): Promise<boolean> {
  const { rowCount } = await client.query('SELECT FROM pg_database WHERE datname = $1 AND datistemplate', [name]);
  return rowCount === 1;
}

async function listOpen(client: ClientBase, mark: string): Promise<readonly string[]> {
  const { rows } = await client.query<{ datname: string }>(
    `SELECT datname
       FROM pg_database AS d
      WHERE datname ~ '^tb_[0-9a-z]{8}_'
        AND datallowconn
        AND shobj_description(d.oid, 'pg_database') IS DISTINCT FROM $1`,
    [mark],
  );
  return rows.map((row) => row.datname);
}
