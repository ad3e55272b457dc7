import type { Pool, PoolClient } from 'pg';

/** Where a statement runs: on any connection, or on the one that holds a transaction. */
export type DatabaseClient = Pool | PoolClient;

/** Runs `work` in one transaction, rolled back when it rejects. */
export async function inTransaction<T>(pool: Pool, work: (client: PoolClient) => Promise<T>): Promise<T> {
  const client = await pool.connect();
  let broken: Error | undefined;
  try {
    await client.query('BEGIN');
    const result = await work(client);
    await client.query('COMMIT');
    return result;
  } catch (cause) {
    // A connection that cannot even roll back is not given to anyone else.
    await client.query('ROLLBACK').catch((error: Error) => (broken = error));
    throw cause;
  } finally {
    client.release(broken);
  }
}
