import type { Pool, PoolClient } from 'pg';
import { withPooled } from '../postgres/open-client.ts';

/** Where a statement runs: on any connection, or on the one that holds a transaction. */
export type DatabaseClient = Pool | PoolClient;

/** Runs `work` in one transaction, rolled back when it rejects. */
export async function inTransaction<T>(pool: Pool, work: (client: PoolClient) => Promise<T>): Promise<T> {
  return withPooled(pool, async (client) => {
    await client.query('BEGIN');
    try {
      const result = await work(client);
      await client.query('COMMIT');
      return result;
    } catch (cause) {
      // The pool gives no connection that broke to anyone else; on every other this works.
      await client.query('ROLLBACK').catch(() => undefined);
      throw cause;
    }
  });
}
