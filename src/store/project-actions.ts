import type { ProjectId, RunId } from '../domain/ids.ts';
import type { DatabaseClient } from './database-client.ts';

/** Something that was done to a project. */
export interface ProjectAction {
  readonly projectId: ProjectId;
  /** The run that did it; undefined for a command outside of runs. Of one run, each action is recorded once. */
  readonly runId?: RunId | undefined;
  readonly action: 'created' | 'failed' | 'deployed' | 'started' | 'stopped' | 'exported' | 'configured' | 'deleted';
  readonly detail?: string | undefined;
}

export async function recordAction(db: DatabaseClient, action: ProjectAction): Promise<void> {
  await db.query(
    `INSERT INTO tb.project_actions (project_id, run_id, action, detail)
     VALUES ($1, $2, $3, $4)
     ON CONFLICT (run_id, action) DO NOTHING`,
    [action.projectId, action.runId, action.action, action.detail ?? ''],
  );
}
