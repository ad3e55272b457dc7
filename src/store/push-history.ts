import type { ProjectId, RunId } from '../domain/ids.ts';
import type { DatabaseClient } from './database-client.ts';

/** A commit that a run brought to the project's repository. */
export interface PushRecord {
  readonly runId: RunId;
  readonly projectId: ProjectId;
  /** The source host's name: `local`, `github`. */
  readonly host: string;
  readonly repository: string;
  readonly commitId: string;
}

/** Repeating it changes nothing. */
export async function recordPush(db: DatabaseClient, push: PushRecord): Promise<void> {
  await db.query(
    `INSERT INTO tb.github_push_history (run_id, project_id, host, repository, commit_id)
     VALUES ($1, $2, $3, $4, $5)
     ON CONFLICT DO NOTHING`,
    [push.runId, push.projectId, push.host, push.repository, push.commitId],
  );
}
