import { setTimeout as sleep } from 'node:timers/promises';
import { escapeIdentifier, type ClientBase, type PoolClient } from 'pg';
import type { RunId } from '../domain/ids.ts';
import { withClient } from '../postgres/open-client.ts';
import { insertClone, insertDatabase, setDatabaseState } from '../store/project-databases.ts';
import type { ClusterAccess } from './cluster-access.ts';
import { connectionTo, isPostgresError } from './connect.ts';
import { markClosed } from './closed-template.ts';
import { withDatabaseLock } from './database-lock.ts';
import { newCloneName, newDatabaseName, originalOf, roleNames } from './database-names.ts';
import { dropDatabase } from './drop-database.ts';
import { newPasswords, sealPasswords, type PasswordCipher } from './project-passwords.ts';
import { createRoles, grantConnect, grantUsage } from './project-roles.ts';
import { scramVerifiers } from './scram-verifier.ts';

// Together with the roles' own limits: a backend cannot take the whole cluster's connections.
const CONNECTION_LIMIT = 48;
const COPY_ATTEMPTS = 10;

export interface Creating {
  readonly access: ClusterAccess;
  readonly installationId: string;
  readonly cipher: PasswordCipher;
}

/**
 * Creates an empty database with its roles and then runs `handOver`, which says whose it is. It is recorded before it
 * exists. When anything fails nothing is left; after a kill the record is, for `sweep`.
 */
export async function createDatabase(
  client: PoolClient,
  { access, installationId, cipher }: Creating,
  handOver: (name: string) => Promise<void>,
): Promise<string> {
  const name = newDatabaseName(installationId);
  const passwords = newPasswords();
  const owner = { user: roleNames(name).owner, password: passwords.owner };
  return withDatabaseLock(client, name, async () => {
    const verifiers = await scramVerifiers(passwords);
    await insertDatabase(client, name, installationId, sealPasswords(cipher, passwords), verifiers);
    return orDrop(client, name, async () => {
      await createRoles(client, name, verifiers);
      await createFrom(client, name, access.template ?? 'template0');
      await grantConnect(client, name);
      if (access.template !== undefined) await markClosed(client, name, access.template);
      // The first login also builds the database's own caches, which would cost the run as much again.
      await withClient(connectionTo(access, name, owner), (session) => grantUsage(session, name));
      await handOver(name);
    });
  });
}

/**
 * Copies a database with its rows, also while a backend is connected to it: Postgres waits up to 5 s for the sessions
 * to leave and keeps new ones waiting, and `endIdle` ends those that are idle meanwhile. The copy has the original's
 * owner, roles and grants. Resolves to undefined when there is no such original.
 */
export async function cloneDatabase(
  client: PoolClient,
  original: string,
  runId: RunId,
  endIdle: () => Promise<void>,
): Promise<string | undefined> {
  const name = newCloneName(originalOf(original));
  return withDatabaseLock(client, name, async () => {
    if (!(await insertClone(client, name, original, runId))) return undefined;
    return orDrop(client, name, async () => {
      await whileEnding(endIdle, () => copyDatabase(client, name, original));
      await grantConnect(client, name);
      await setDatabaseState(client, name, 'active');
    });
  });
}

/** Ours that are still in it are ended: those of a process that carried the run out before, and was thought to be gone. */
async function copyDatabase(client: ClientBase, name: string, original: string): Promise<void> {
  for (let attempt = 1; ; attempt += 1) {
    try {
      return await createFrom(client, name, original, await copyStrategy(client, original));
    } catch (error) {
      if (attempt === COPY_ATTEMPTS || !isPostgresError(error, '55006')) throw error;
      await client.query('SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = $1 AND usename = $2', [
        original,
        roleNames(original).owner,
      ]);
      await sleep(100);
    }
  }
}

const BETWEEN_ENDINGS_MS = 15;

/** Ends idle sessions again and again until the work is done; one that cannot be ended is a matter of the work's. */
export async function whileEnding(endIdle: () => Promise<void>, work: () => Promise<void>): Promise<void> {
  const over = new AbortController();
  const ending = (async () => {
    while (!over.signal.aborted) {
      await sleep(BETWEEN_ENDINGS_MS);
      if (!over.signal.aborted) await endIdle().catch(() => undefined);
    }
  })();
  await work().finally(() => over.abort());
  await ending;
}

/** Ends the sessions of a database that have done nothing for some milliseconds; a statement that runs is let finish. */
export async function endIdleSessions(admin: Pick<ClientBase, 'query'>, databaseName: string): Promise<void> {
  await admin.query(
    `SELECT pg_terminate_backend(pid)
       FROM pg_stat_activity
      WHERE datname = $1
        AND state = 'idle'
        AND state_change < clock_timestamp() - interval '5 ms'`,
    [databaseName],
  );
}

type CopyStrategy = 'wal_log' | 'file_copy';

async function createFrom(
  client: ClientBase,
  name: string,
  template: string,
  strategy: CopyStrategy = 'wal_log',
): Promise<void> {
  // Not template1, which somebody may be connected to. A new database lets
  // everybody in, so this one lets nobody in until `grantConnect` has closed it.
  await client.query(
    `CREATE DATABASE ${escapeIdentifier(name)}
       OWNER ${escapeIdentifier(roleNames(name).owner)}
       TEMPLATE ${escapeIdentifier(template)}
       ${template === 'template0' ? "ENCODING 'UTF8'" : ''}
       STRATEGY ${strategy}
       ALLOW_CONNECTIONS false
       CONNECTION LIMIT ${CONNECTION_LIMIT}`,
  );
}

const SMALL_BYTES = 20 * 1024 * 1024;

/** A small database is copied without a checkpoint; a large one as files, without writing all of it into the log. */
async function copyStrategy(client: ClientBase, original: string): Promise<CopyStrategy> {
  const { rows } = await client.query<{ size: string }>('SELECT pg_database_size($1) AS size', [original]);
  return Number(rows[0]?.size ?? 0) > SMALL_BYTES ? 'file_copy' : 'wal_log';
}

async function orDrop(client: PoolClient, name: string, create: () => Promise<void>): Promise<string> {
  try {
    await create();
    return name;
  } catch (error) {
    // Where even this fails the record stays, and the sweep finishes it.
    await dropDatabase(client, name).catch(() => {});
    throw error;
  }
}
