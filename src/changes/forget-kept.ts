import { escapeIdentifier, type ClientBase } from 'pg';

/** Drops a schema of kept values that holds none: rows of tables that were added, values of columns that were. */
export async function dropUnlessUsed(client: ClientBase, schema: string): Promise<void> {
  const { rows: tables } = await client.query<{ name: string; values: string[] }>(
    `SELECT c.relname AS name,
            ARRAY(SELECT a.attname::text
                    FROM pg_attribute a
                   WHERE a.attrelid = c.oid
                     AND a.attnum > 0
                     AND NOT a.attisdropped
                     AND a.attnum <> ALL (coalesce((SELECT k.conkey
                                                      FROM pg_constraint k
                                                     WHERE k.conrelid = c.oid
                                                       AND k.contype = 'p'), '{}'))) AS values
       FROM pg_class c
      WHERE c.relnamespace = to_regnamespace($1)
        AND c.relkind = 'r'`,
    [escapeIdentifier(schema)],
  );
  for (const { name, values } of tables) if (await holds(client, schema, name, values)) return;
  await client.query(`DROP SCHEMA IF EXISTS ${escapeIdentifier(schema)} CASCADE`);
}

/** Drops what a revision keeps, for good, together with what tries of it that were taken back have left. */
export async function dropKept(client: ClientBase, schema: string): Promise<void> {
  const { rows } = await client.query<{ name: string }>(
    `SELECT nspname AS name
       FROM pg_namespace
      WHERE nspname = $1
         OR starts_with(nspname, $1 || '_')
         OR nspname ~ ('^' || $1 || 'x[0-9]+$')`,
    [schema],
  );
  for (const { name } of rows) await client.query(`DROP SCHEMA IF EXISTS ${escapeIdentifier(name)} CASCADE`);
}

/** A relation of ours holds something where a value is: its keys are those of rows that are still there. */
async function holds(client: ClientBase, schema: string, table: string, values: readonly string[]): Promise<boolean> {
  const isOurs = /^tb_c\d+$/.test(table) && values.length > 0;
  const where = isOurs ? `WHERE num_nonnulls(${values.map(escapeIdentifier).join(', ')}) > 0` : '';
  const { rowCount } = await client.query(
    `SELECT FROM ${escapeIdentifier(schema)}.${escapeIdentifier(table)} ${where} LIMIT 1`,
  );
  return (rowCount ?? 0) > 0;
}
