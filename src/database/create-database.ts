import { escapeIdentifier, type ClientBase, type PoolClient } from 'pg';
import type { RunId } from '../domain/ids.ts';
import { insertClone, insertDatabase, setDatabaseState } from '../store/project-databases.ts';
import type { ClusterAccess } from './cluster-access.ts';
import { connectionSettings, withConnection } from './connect.ts';
import { withDatabaseLock } from './database-lock.ts';
import { newCloneName, newDatabaseName, roleNames } from './database-names.ts';
import { dropDatabase } from './drop-database.ts';
import { newPasswords, sealPasswords, type PasswordCipher } from './project-passwords.ts';
import { createRoles, grantConnect, grantUsage } from './project-roles.ts';

// Together with the roles' own limits: a backend cannot take the whole cluster's connections.
const CONNECTION_LIMIT = 24;

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
    await insertDatabase(client, name, installationId, sealPasswords(cipher, passwords));
    return orDrop(client, name, async () => {
      await createRoles(client, name, passwords);
      await createFrom(client, name, 'template0');
      await grantConnect(client, name);
      // The first login also builds the database's own caches, which would cost the run as much again.
      await withConnection(connectionSettings(access, name, owner), (session) => grantUsage(session, name));
      await handOver(name);
    });
  });
}

/**
 * Copies a database with its rows; nobody may be connected to it. The copy has the original's owner, roles and grants.
 * Resolves to undefined when there is no such original.
 */
export async function cloneDatabase(client: PoolClient, original: string, runId: RunId): Promise<string | undefined> {
  const name = newCloneName(original);
  return withDatabaseLock(client, name, async () => {
    if (!(await insertClone(client, name, original, runId))) return undefined;
    return orDrop(client, name, async () => {
      await createFrom(client, name, original);
      await grantConnect(client, name);
      await setDatabaseState(client, name, 'active');
    });
  });
}

async function createFrom(client: ClientBase, name: string, template: string): Promise<void> {
  // Not template1, which somebody may be connected to; and the strategy that needs no checkpoint.
  await client.query(
    `CREATE DATABASE ${escapeIdentifier(name)}
       OWNER ${escapeIdentifier(roleNames(name).owner)}
       TEMPLATE ${escapeIdentifier(template)}
       ${template === 'template0' ? "ENCODING 'UTF8'" : ''}
       STRATEGY wal_log
       CONNECTION LIMIT ${CONNECTION_LIMIT}`,
  );
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
