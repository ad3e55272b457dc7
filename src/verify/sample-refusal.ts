import { DatabaseError, escapeIdentifier } from 'pg';
import { isDatabaseAway } from '../domain/database-away.ts';
import type { ProvisionedDatabase } from '../domain/provisioned-database.ts';
import { connectAs } from './connect-as.ts';

/**
 * What Postgres itself has against the row, which is tried as the app role and taken back; undefined when it takes it.
 * A sample that breaks a rule which nobody could read off the schema says nothing about the backend that refused it.
 */
export async function sampleRefusal(
  clone: ProvisionedDatabase,
  table: string,
  row: Readonly<Record<string, unknown>>,
): Promise<string | undefined> {
  const client = await connectAs(clone, clone.app, clone.name);
  const columns = Object.keys(row).map(escapeIdentifier).join(', ');
  const name = `public.${escapeIdentifier(table)}`;
  try {
    await client.query('BEGIN');
    await client.query(
      `INSERT INTO ${name} (${columns})
       SELECT ${columns}
         FROM json_populate_record(NULL::${name}, $1)`,
      [JSON.stringify(row)],
    );
    return undefined;
  } catch (error) {
    if (error instanceof DatabaseError && !isDatabaseAway(error)) return error.message;
    throw error;
  } finally {
    await client.query('ROLLBACK').catch(() => undefined);
    await client.end();
  }
}
