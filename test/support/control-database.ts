import type { Pool } from 'pg';
import { newId } from '../../src/domain/ids.ts';
import type { RunOutcome, RunRequest } from '../../src/engine/run-engine.ts';
import { migrate } from '../../src/store/migrate.ts';
import { type ControlConnection, openControlPool } from '../../src/store/open-control-pool.ts';
import { createProject } from '../../src/store/projects.ts';
import { finishRun, insertRun } from '../../src/store/runs.ts';
import type { TestCluster } from './postgres.ts';

/** How the admin of a test cluster reaches its control database. */
export function controlConnectionOf({ postgres }: TestCluster): ControlConnection {
  const { host, port, admin, controlDatabase: database } = postgres;
  return { host, port, database, user: admin.user, password: admin.password, tls: 'off' };
}

/** A pool on the cluster's control database, migrated; the caller ends it. */
export async function openTestControl(cluster: TestCluster): Promise<Pool> {
  const pool = openControlPool(controlConnectionOf(cluster));
  await migrate(pool);
  return pool;
}

/** Puts a project and a run on record. */
export async function recordRun(pool: Pool, ownerId = 'local', prompt = 'a blog'): Promise<RunRequest> {
  const projectId = newId('project');
  const runId = newId('run');
  await createProject(pool, { id: projectId, ownerId, name: projectId.replace('_', '-'), prompt });
  await insertRun(pool, { id: runId, projectId, ownerId, prompt, options: {} });
  return { runId, ownerId, exclusiveKey: projectId };
}

/** Ends a run as the pipeline does, with a result that says nothing but how. */
export async function recordEnd(
  pool: Pool,
  { runId, exclusiveKey }: RunRequest,
  status: RunOutcome['status'],
): Promise<void> {
  await finishRun(
    pool,
    {
      type: 'result',
      kind: 'create',
      runId,
      projectId: exclusiveKey as never,
      name: '',
      status,
      needsDatabase: false,
      database: null,
      url: '',
      docsUrl: '',
      sourceDir: '',
      repository: '',
      commit: '',
      artifact: '',
      receipt: '',
      costUsd: 0,
      durationMs: 0,
      design: null,
      missing: [],
      phases: [],
      error: null,
      revision: 0,
    },
    Date.now(),
  );
}
