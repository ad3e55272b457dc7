import type { ClientBase } from 'pg';

const PATIENCE = '60s';

/**
 * Runs `work` while this connection alone may create, fill or drop the database. The lock goes with the connection, so
 * a process that is killed leaves none: whoever gets the lock of a half-made database knows that its maker is gone.
 */
export async function withDatabaseLock<T>(
  client: ClientBase,
  databaseName: string,
  work: () => Promise<T>,
): Promise<T> {
  // In this order, by which a process that holds the lock and is frozen does not freeze us as well.
  await client.query("SELECT set_config('lock_timeout', $2, false), pg_advisory_lock(hashtextextended($1, 0))", [
    databaseName,
    PATIENCE,
  ]);
  return unlockAfter(client, databaseName, work);
}

/** The same, but resolves to undefined at once when somebody else holds the lock. */
export async function tryDatabaseLock<T>(
  client: ClientBase,
  databaseName: string,
  work: () => Promise<T>,
): Promise<T | undefined> {
  const { rows } = await client.query<{ locked: boolean }>(
    'SELECT pg_try_advisory_lock(hashtextextended($1, 0)) AS locked',
    [databaseName],
  );
  return rows[0]?.locked ? unlockAfter(client, databaseName, work) : undefined;
}

async function unlockAfter<T>(client: ClientBase, databaseName: string, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } finally {
    // A connection that broke has lost its locks with it.
    await client.query('SELECT pg_advisory_unlock(hashtextextended($1, 0))', [databaseName]).catch(() => {});
  }
}
