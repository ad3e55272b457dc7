import { escapeIdentifier } from 'pg';
import type { ProvisionedDatabase } from '../domain/provisioned-database.ts';
import { connectAs } from './connect-as.ts';

/** Rows by table. */
export type RowCounts = ReadonlyMap<string, number>;

/** How many rows each table of `public` holds, whatever tables there are by now. */
export async function countRows(clone: ProvisionedDatabase): Promise<RowCounts> {
  const client = await connectAs(clone, clone.reader, clone.name);
  try {
    const { rows } = await client.query<{ name: string }>(
      `SELECT tablename AS name
         FROM pg_catalog.pg_tables
        WHERE schemaname = 'public'`,
    );
    const counts = new Map<string, number>();
    for (const { name } of rows) {
      const counted = await client.query<{ count: number }>(
        `SELECT count(*)::int AS count FROM public.${escapeIdentifier(name)}`,
      );
      counts.set(name, counted.rows[0]?.count ?? 0);
    }
    return counts;
  } finally {
    await client.end();
  }
}

/** Empties the copy's tables: what the gates find is then what they made. */
export async function emptyTables(clone: ProvisionedDatabase): Promise<void> {
  const tables = clone.schema.tables.map(({ name }) => `public.${escapeIdentifier(name)}`);
  if (tables.length === 0) return;
  const client = await connectAs(clone, clone.owner, clone.name);
  try {
    await client.query(`TRUNCATE ${tables.join(', ')} RESTART IDENTITY CASCADE`);
    // How often who has tried to sign in; tokens go with their accounts.
    const { rows } = await client.query<{ there: boolean }>(`SELECT to_regclass('auth.tries') IS NOT NULL AS there`);
    if (rows[0]?.there) await client.query('TRUNCATE auth.tries');
  } finally {
    await client.end();
  }
}
