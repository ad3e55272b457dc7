import type { Pool, PoolClient } from 'pg';
import { withPooled } from '../postgres/open-client.ts';

/** Where a statement runs: on any connection, or on the one that holds a transaction. */
export type DatabaseClient = Pool | PoolClient;

/** Runs `work` in one transaction, rolled back when it rejects. */
export async function inTransaction<T>(pool: Pool, work: (client: PoolClient) => Promise<T>): Promise<T> {
  return withPooled(pool, (client) => transactionOn(client, () => work(client)));
}

/** The same on a connection that is held already. */
export async function transactionOn<T>(client: PoolClient, work: () => Promise<T>): Promise<T> {
  return between(client, 'BEGIN', work);
}

/**
 * The same without waiting for the disk: for what is followed by a commit that does wait, in whichever database of the
 * cluster, as both go through one log. A crash in between loses the two together.
 */
export async function unawaitedTransactionOn<T>(client: PoolClient, work: () => Promise<T>): Promise<T> {
  return between(client, 'BEGIN; SET LOCAL synchronous_commit TO off', work);
}

async function between<T>(client: PoolClient, begin: string, work: () => Promise<T>): Promise<T> {
  await client.query(begin);
  try {
    const result = await work();
    await client.query('COMMIT');
    return result;
  } catch (cause) {
    // The pool gives no connection that broke to anyone else; on every other this works.
    await client.query('ROLLBACK').catch(() => undefined);
    throw cause;
  }
}
