import type { ProjectId, RunId } from '../domain/ids.ts';
import type { DatabaseClient } from './database-client.ts';

/** A release that a run brought up and that answered its health check. */
export interface DeploymentRecord {
  readonly runId: RunId;
  readonly projectId: ProjectId;
  /** The target's name: `local`, `fly`. */
  readonly target: string;
  /** What the target calls it. */
  readonly externalId: string;
  readonly url: string;
  readonly sourceHash: string;
}

/** One per run and target: a run that is carried on may have brought its release up a second time. */
export async function recordDeployment(db: DatabaseClient, deployment: DeploymentRecord): Promise<void> {
  await db.query(
    `INSERT INTO tb.project_deployments (run_id, project_id, target, external_id, url, source_hash)
     VALUES ($1, $2, $3, $4, $5, $6)
     ON CONFLICT (run_id, target) DO UPDATE
        SET external_id = excluded.external_id, url = excluded.url, source_hash = excluded.source_hash`,
    [
      deployment.runId,
      deployment.projectId,
      deployment.target,
      deployment.externalId,
      deployment.url,
      deployment.sourceHash,
    ],
  );
}
