import type { DatabaseSchema } from '../domain/database-schema.ts';
import type { ProjectId, RunId } from '../domain/ids.ts';
import type { ProvisionedDatabase } from '../domain/provisioned-database.ts';
import type { Finding, SchemaDesign } from '../domain/schema-design.ts';

export interface QueryResult {
  readonly columns: readonly string[];
  /** Values as JSON can hold them; 64-bit integers and numerics are strings. */
  readonly rows: readonly (readonly unknown[])[];
  /** True when there were more rows than asked for. */
  readonly truncated: boolean;
}

export interface ClusterWatch {
  /** False once the server has been away, even if it is back. */
  hasStayed(): boolean;
  end(): Promise<void>;
}

/**
 * Where project databases live. Port: `postgres-cluster.ts`, on an embedded or a given Postgres.
 * Everything rejects with `CLUSTER_UNAVAILABLE` while the server cannot be reached or has no room for it.
 */
export interface DatabaseCluster {
  /** `this-machine`: only processes on this machine can reach the databases. */
  readonly reach: 'this-machine' | 'network';

  /** `PostgreSQL 18.4` */
  readonly version: string;

  /**
   * Sets a ready, empty database aside for the run and resolves to its name; the same one for the same run.
   * Rejects with `DATABASE_PROVISION_FAILED`, nothing left behind.
   */
  claim(runId: RunId, projectId: ProjectId): Promise<string>;

  /** Gives back what the run claimed and did not use; resolves when it claimed nothing. */
  release(runId: RunId): Promise<void>;

  /** Runs the design's statements as the database's owner and rolls them back; what Postgres objected to, or nothing. */
  rehearse(databaseName: string, design: SchemaDesign): Promise<readonly Finding[]>;

  /**
   * Runs the design's statements in one transaction as the database's owner, records each in `generated_queries` and
   * reads the catalog back. Repeating it for a database that has its tables reads the catalog back again.
   * Rejects with `DATABASE_PROVISION_FAILED`; the database then holds no table.
   */
  provision(databaseName: string, runId: RunId, design: SchemaDesign): Promise<DatabaseSchema>;

  /** How to reach a provisioned database, roles and passwords included. Rejects with `DATABASE_PROVISION_FAILED` when there is none. */
  open(databaseName: string): Promise<ProvisionedDatabase>;

  /**
   * A copy with tables and rows, reached by the same roles; for tests. Its name starts with the original's, it is
   * dropped by `drop`, and by `sweep` when its run has ended.
   */
  clone(databaseName: string, runId: RunId): Promise<ProvisionedDatabase>;

  /** What it takes on the disk. */
  sizeOf(databaseName: string): Promise<number>;

  /** Has a database and a copy of it change places at one moment, each with what the other held. Ends their sessions. */
  exchange(databaseName: string, copyName: string): Promise<void>;

  /** Drops a project's database with its roles and copies, or one copy; resolves when it is already gone. */
  drop(databaseName: string): Promise<void>;

  /**
   * Runs one statement as the database's reader, in a read-only transaction, under a time limit of `timeoutMs`
   * (default 5000) and a limit of `maxRows` rows (default 100). Rejects with `QUERY_FAILED`, Postgres' message in it.
   */
  query(
    databaseName: string,
    sql: string,
    options?: { readonly maxRows?: number; readonly timeoutMs?: number },
  ): Promise<QueryResult>;

  /** Watches whether the cluster stays, without a moment's interruption, until the watch is ended. */
  watch(): Promise<ClusterWatch>;

  /**
   * Ends sessions of projects' roles that outstay their limits, or take more than their part of what the cluster shares.
   * To be called every few seconds.
   */
  guard(): Promise<void>;

  /**
   * Removes databases and roles of ours that no live run and no project has a claim on, finishes drops that were cut
   * short, does what `guard` does, and sets back the passwords and limits that projects' roles have changed of
   * themselves. Resolves to what it removed, by name.
   */
  sweep(): Promise<readonly string[]>;

  /** Makes ready databases until the pool is full. */
  fillPool(): Promise<void>;

  close(): Promise<void>;
}
