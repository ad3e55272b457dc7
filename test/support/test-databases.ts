import type { Pool } from 'pg';
import type { ClusterAccess } from '../../src/database/cluster-access.ts';
import { PostgresCluster } from '../../src/database/postgres-cluster.ts';
import { newId, type ProjectId, type RunId } from '../../src/domain/ids.ts';
import type { DdlStatement, SchemaDesign } from '../../src/domain/schema-design.ts';
import { makeCipher, newKey } from '../../src/home/cipher.ts';
import { migrate } from '../../src/store/migrate.ts';
import { openControlPool } from '../../src/store/open-control-pool.ts';

export const INSTALLATION = 'test0000';

/** A `PostgresCluster` with its control tables, and what tests do around it. */
export interface TestDatabases {
  readonly cluster: PostgresCluster;
  readonly pool: Pool;
  /** A running run of a new project. */
  newRun(): Promise<{ readonly runId: RunId; readonly projectId: ProjectId }>;
  endRun(runId: RunId, status: 'succeeded' | 'failed' | 'cancelled'): Promise<void>;
  /** Another process' view of the same installation, or another installation on the same cluster. */
  another(installationId?: string, access?: ClusterAccess): PostgresCluster;
  close(): Promise<void>;
}

export async function openTestDatabases(access: ClusterAccess): Promise<TestDatabases> {
  const { host, port, tls, ca, admin, controlDatabase } = access;
  const pool = openControlPool({ host, port, tls, ca, ...admin, database: controlDatabase });
  await migrate(pool);
  const cipher = makeCipher(newKey());
  const opened: PostgresCluster[] = [];
  const another = (installationId = INSTALLATION, reached = access): PostgresCluster => {
    const cluster = new PostgresCluster({ access: reached, pool, cipher, installationId });
    opened.push(cluster);
    return cluster;
  };
  return {
    cluster: another(),
    pool,
    another,
    newRun: () => insertRun(pool),
    async endRun(runId, status) {
      await pool.query('UPDATE tb.runs SET status = $2 WHERE run_id = $1', [runId, status]);
    },
    async close() {
      await Promise.all(opened.map((cluster) => cluster.close()));
      await pool.end();
    },
  };
}

/** A design of these statements, as the schema room would make it, without the shape it promises. */
export function designOf(...statements: readonly string[]): SchemaDesign {
  return {
    schema: { enums: [], tables: [] },
    statements: statements.map((sql): DdlStatement => ({ kind: 'table', sql })),
    findings: [],
  };
}

async function insertRun(pool: Pool): Promise<{ readonly runId: RunId; readonly projectId: ProjectId }> {
  const projectId = newId('project');
  const runId = newId('run');
  await pool.query(
    `INSERT INTO tb.projects (project_id, owner_id, name, prompt)
     VALUES ($1, 'test', $1, 'a blog')`,
    [projectId],
  );
  await pool.query(
    `INSERT INTO tb.runs (run_id, project_id, owner_id, prompt, status)
     VALUES ($1, $2, 'test', 'a blog', 'running')`,
    [runId, projectId],
  );
  return { runId, projectId };
}
