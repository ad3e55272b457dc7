import type { ClientBase, Pool, PoolClient } from 'pg';
import type { DatabaseSchema } from '../domain/database-schema.ts';
import { isDatabaseAway } from '../domain/database-away.ts';
import { TurboError } from '../domain/errors.ts';
import type { ProjectId, RunId } from '../domain/ids.ts';
import type { DatabaseConnection, ProvisionedDatabase } from '../domain/provisioned-database.ts';
import type { Finding, SchemaDesign } from '../domain/schema-design.ts';
import { withRetries } from '../domain/transient-failure.ts';
import { openClient, withClient, withPooled } from '../postgres/open-client.ts';
import { transactionOn, unawaitedTransactionOn } from '../store/database-client.ts';
import { recordGeneratedQueries } from '../store/generated-queries.ts';
import {
  claimNewDatabase,
  claimReadyDatabase,
  findDatabase,
  findDatabaseOf,
  listReadyDatabases,
  type ProjectDatabase,
  releaseDatabase,
  setDatabaseState,
} from '../store/project-databases.ts';
import type { ClusterAccess } from './cluster-access.ts';
import { BRIEF_WITH_DATABASES, connectionTo } from './connect.ts';
import { cloneDatabase, createDatabase, endIdleSessions, whileEnding } from './create-database.ts';
import type { ClusterWatch, DatabaseCluster, QueryResult } from './database-cluster.ts';
import { tryDatabaseLock, withDatabaseLock } from './database-lock.ts';
import { isOurs, roleNames } from './database-names.ts';
import { dropDatabase } from './drop-database.ts';
import { exchangeDatabases } from './exchange-databases.ts';
import { keepRoles } from './keep-roles.ts';
import { OwnerSessions } from './owner-sessions.ts';
import { openPasswords, type PasswordCipher } from './project-passwords.ts';
import { readCatalog } from './read-catalog.ts';
import { runReaderQuery } from './reader-query.ts';
import { grantAccounts } from './project-roles.ts';
import { designHeld, holdsDesign, rehearseDesign, runDesign } from './run-design.ts';
import { endOverdueSessions, sweepDatabases } from './sweep.ts';

const READY_DATABASES = 2;
/** How often passwords are set that cannot be compared. */
const SET_ROLES_MS = 3_600_000;

export interface PostgresClusterOptions {
  readonly access: ClusterAccess;
  /** Connections to the cluster's control database, which must have its tables; whoever made the pool ends it. */
  readonly pool: Pool;
  /** 8 characters of [0-9a-z]; in the name of every database and role that we make, and we touch no others. */
  readonly installationId: string;
  readonly cipher: PasswordCipher;
  /** How many empty databases `fillPool` keeps waiting. */
  readonly readyDatabases?: number | undefined;
}

/** Project databases on a Postgres of version 15 or newer. */
export class PostgresCluster implements DatabaseCluster {
  readonly reach: DatabaseCluster['reach'];
  readonly version: string;
  readonly #options: PostgresClusterOptions;
  readonly #readyDatabases: number;
  readonly #owners: OwnerSessions;
  #rolesSetAtMs = Date.now();

  constructor(options: PostgresClusterOptions) {
    const { access } = options;
    this.reach = access.reach;
    this.version = `PostgreSQL ${access.version}`;
    this.#options = options;
    this.#readyDatabases = options.readyDatabases ?? READY_DATABASES;
    this.#owners = new OwnerSessions(async (name) => openClient(await this.#connection(name, 'owner')));
  }

  async claim(runId: RunId, projectId: ProjectId): Promise<string> {
    const name = await orProvisionFailed(`No database could be set aside for ${projectId}`, () =>
      this.#use((client) => this.#claim(client, runId, projectId)),
    );
    // Whoever claims will soon run statements; if this does not work, they will hear of it then.
    this.#owners.get(name).catch(() => {});
    return name;
  }

  async release(runId: RunId): Promise<void> {
    await orProvisionFailed(`The database of ${runId} could not be given back`, async () => {
      const name = await this.#use((client) => releaseDatabase(client, runId));
      if (name !== undefined) await this.#owners.end(name);
    });
  }

  rehearse(databaseName: string, design: SchemaDesign): Promise<readonly Finding[]> {
    return orProvisionFailed(`The statements could not be tried in ${databaseName}`, async () =>
      rehearseDesign(await this.#owners.get(databaseName), design),
    );
  }

  async provision(databaseName: string, runId: RunId, design: SchemaDesign): Promise<DatabaseSchema> {
    try {
      return await orProvisionFailed(`The tables of ${databaseName} could not be made`, async () => {
        // First, because whoever holds the lock must not wait for a second connection of the same pool.
        const owner = await this.#owners.get(databaseName);
        return this.#use((client) =>
          withDatabaseLock(client, databaseName, () => provisionDatabase(client, owner, databaseName, runId, design)),
        );
      });
    } finally {
      await this.#owners.end(databaseName);
    }
  }

  open(databaseName: string): Promise<ProvisionedDatabase> {
    return orProvisionFailed(`${databaseName} could not be opened`, async () => {
      const database = await this.#find(databaseName);
      if (database.state !== 'active') throw notThere(databaseName);
      return this.#describe(database);
    });
  }

  clone(databaseName: string, runId: RunId): Promise<ProvisionedDatabase> {
    return orProvisionFailed(`${databaseName} could not be copied`, async () => {
      await this.#owners.end(databaseName);
      const name = await this.#use((client) =>
        cloneDatabase(client, databaseName, runId, () => endIdleSessions(this.#options.pool, databaseName)),
      );
      if (name === undefined) throw notThere(databaseName);
      return this.#describe(await this.#find(name));
    });
  }

  sizeOf(databaseName: string): Promise<number> {
    return orProvisionFailed(`${databaseName} could not be measured`, async () => {
      const { rows } = await this.#use((client) =>
        client.query<{ size: string }>('SELECT pg_database_size($1) AS size', [databaseName]),
      );
      return Number(rows[0]?.size ?? 0);
    });
  }

  exchange(databaseName: string, copyName: string): Promise<void> {
    return orProvisionFailed(`${databaseName} could not change places with ${copyName}`, async () => {
      const names = [(await this.#find(databaseName)).name, (await this.#find(copyName)).name];
      for (const name of names) await this.#owners.end(name);
      const endIdle = async (): Promise<void> => {
        for (const name of names) await endIdleSessions(this.#options.pool, name);
      };
      await this.#use((client) =>
        withDatabaseLock(client, databaseName, () =>
          whileEnding(endIdle, () => exchangeDatabases(client, databaseName, copyName)),
        ),
      );
    });
  }

  drop(databaseName: string): Promise<void> {
    return orProvisionFailed(`${databaseName} could not be dropped`, async () => {
      if (!isOurs(databaseName, this.#options.installationId)) {
        throw new Error('it does not belong to this installation');
      }
      await this.#owners.end(databaseName);
      await this.#use((client) => withDatabaseLock(client, databaseName, () => dropDatabase(client, databaseName)));
    });
  }

  async query(
    databaseName: string,
    sql: string,
    { maxRows = 100, timeoutMs = 5000 }: { readonly maxRows?: number; readonly timeoutMs?: number } = {},
  ): Promise<QueryResult> {
    const reader = await orProvisionFailed(`${databaseName} could not be read`, () =>
      this.#connection(databaseName, 'reader'),
    );
    return runReaderQuery(reader, sql, { maxRows, timeoutMs });
  }

  async watch(): Promise<ClusterWatch> {
    const { access } = this.#options;
    const client = await withRetries(BRIEF_WITH_DATABASES, () =>
      openClient(connectionTo(access, access.controlDatabase, access.admin)),
    );
    let stayed = true;
    client.once('end', () => (stayed = false));
    return { hasStayed: () => stayed, end: () => client.end().catch(() => undefined) };
  }

  guard(): Promise<void> {
    return orProvisionFailed('Sessions that outstay their limits could not be ended', () =>
      this.#use((client) => endOverdueSessions(client, this.#options.installationId)),
    );
  }

  sweep(): Promise<readonly string[]> {
    return orProvisionFailed('Databases that nobody uses could not be removed', () =>
      this.#use(async (client) => {
        await endOverdueSessions(client, this.#options.installationId);
        // Neither keeps the other from being done.
        const trouble = await this.#keepRoles(client).catch((error: unknown) => ({ error }));
        const removed = await sweepDatabases(client, this.#options.installationId, this.#readyDatabases);
        if (trouble) throw trouble.error;
        return removed;
      }),
    );
  }

  async fillPool(): Promise<void> {
    const { installationId } = this.#options;
    await orProvisionFailed('No databases could be made ahead', () =>
      this.#use((client) =>
        // One process fills, the others find it full.
        tryDatabaseLock(client, `pool of ${installationId}`, async () => {
          while ((await listReadyDatabases(client, installationId)).length < this.#readyDatabases) {
            await createDatabase(client, this.#options, (name) => setDatabaseState(client, name, 'ready'));
          }
        }),
      ),
    );
  }

  async close(): Promise<void> {
    await this.#owners.endAll();
  }

  async #claim(client: PoolClient, runId: RunId, projectId: ProjectId): Promise<string> {
    const { installationId } = this.#options;
    // Two processes may carry the same run on for a moment: the second one finds what the first one claimed.
    return withDatabaseLock(client, runId, async () => {
      return (
        (await findDatabaseOf(client, runId)) ??
        (await unawaitedTransactionOn(client, () => claimReadyDatabase(client, installationId, runId, projectId))) ??
        (await createDatabase(client, this.#options, (name) => claimNewDatabase(client, name, runId, projectId)))
      );
    });
  }

  async #describe(database: ProjectDatabase): Promise<ProvisionedDatabase> {
    const { host, port, tls, ca } = this.#options.access;
    const passwords = openPasswords(this.#options.cipher, database.passwords);
    const users = roleNames(database.name);
    return {
      name: database.name,
      host,
      port,
      tls,
      ca,
      owner: { user: users.owner, password: passwords.owner },
      app: { user: users.app, password: passwords.app },
      reader: { user: users.reader, password: passwords.reader },
      schema: await withClient(await this.#connection(database.name, 'owner'), readCatalog),
    };
  }

  async #keepRoles(client: PoolClient): Promise<void> {
    const { installationId, cipher } = this.#options;
    const isDue = Date.now() - this.#rolesSetAtMs > SET_ROLES_MS;
    await keepRoles(client, installationId, cipher, isDue);
    if (isDue) this.#rolesSetAtMs = Date.now();
  }

  /** How one of the database's roles gets in. */
  async #connection(databaseName: string, role: 'owner' | 'reader'): Promise<DatabaseConnection> {
    const { access, cipher } = this.#options;
    const { passwords } = await this.#find(databaseName);
    const login = { user: roleNames(databaseName)[role], password: openPasswords(cipher, passwords)[role] };
    return connectionTo(access, databaseName, login);
  }

  async #find(databaseName: string): Promise<ProjectDatabase> {
    const found = await this.#use((client) => findDatabase(client, databaseName));
    if (!found || !isOurs(databaseName, this.#options.installationId) || found.state === 'dropping') {
      throw notThere(databaseName);
    }
    return found;
  }

  #use<T>(work: (client: PoolClient) => Promise<T>): Promise<T> {
    return withPooled(this.#options.pool, work);
  }
}

async function provisionDatabase(
  client: PoolClient,
  owner: ClientBase,
  databaseName: string,
  runId: RunId,
  design: SchemaDesign,
): Promise<DatabaseSchema> {
  const database = await findDatabase(client, databaseName);
  if (database?.runId !== runId || database.projectId === undefined) throw notThere(databaseName);
  if (database.state === 'active') return readCatalog(owner);

  await unawaitedTransactionOn(client, () => setDatabaseState(client, databaseName, 'provisioning'));
  // An earlier try may have been cut short between the tables and the record of them.
  const { queries, failure } = (await holdsDesign(owner)) ? designHeld(design) : await runDesign(owner, design);
  if (!failure) await grantAccounts(owner, databaseName);
  const { projectId } = database;
  await transactionOn(client, async () => {
    await recordGeneratedQueries(client, { runId, projectId, databaseName }, queries);
    if (!failure) await setDatabaseState(client, databaseName, 'active');
  });
  if (failure) throw failure;
  return readCatalog(owner);
}

function notThere(databaseName: string): TurboError {
  return new TurboError('DATABASE_PROVISION_FAILED', `There is no database ${databaseName} for this`, {
    phase: 'provision',
  });
}

/** Tries again what passes by itself, and turns what does not into the one failure that this room rejects with. */
async function orProvisionFailed<T>(message: string, work: () => Promise<T>): Promise<T> {
  try {
    return await withRetries(BRIEF_WITH_DATABASES, work);
  } catch (cause) {
    if (cause instanceof TurboError) throw cause;
    if (isDatabaseAway(cause)) {
      throw new TurboError('CLUSTER_UNAVAILABLE', `${message}: ${(cause as Error).message}`, {
        cause,
        fix: 'Try again in a moment.',
      });
    }
    throw new TurboError('DATABASE_PROVISION_FAILED', `${message}: ${(cause as Error).message}`, {
      cause,
      phase: 'provision',
      fix: 'Run `turbobackend doctor` to see what the database cluster lacks.',
    });
  }
}
