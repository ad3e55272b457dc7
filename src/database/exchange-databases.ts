import { escapeIdentifier, type PoolClient } from 'pg';

/**
 * Has the two databases change their names in one transaction, so that each holds what the other did. Postgres waits up
 * to 5 s for their sessions to leave; whoever calls sees to it that they do.
 */
export async function exchangeDatabases(client: PoolClient, one: string, other: string): Promise<void> {
  const between = `${one}_x`;
  await client.query('BEGIN');
  try {
    for (const sql of [rename(one, between), rename(other, one), rename(between, other)]) await client.query(sql);
    await client.query('COMMIT');
  } catch (error) {
    await client.query('ROLLBACK');
    throw error;
  }
}

function rename(from: string, to: string): string {
  return `ALTER DATABASE ${escapeIdentifier(from)} RENAME TO ${escapeIdentifier(to)}`;
}
