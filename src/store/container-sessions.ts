import type { ProjectId, RunId } from '../domain/ids.ts';
import type { DatabaseClient } from './database-client.ts';

/** A sandbox that a run worked in. */
export interface SandboxSession {
  readonly runId: RunId;
  readonly projectId: ProjectId;
  /** The provider's name: `local`, `daytona`. */
  readonly provider: string;
  /** What the provider calls the sandbox. */
  readonly externalId: string;
  readonly directory: string;
}

/** Repeating it changes nothing. */
export async function recordSandboxSession(db: DatabaseClient, session: SandboxSession): Promise<void> {
  await db.query(
    `INSERT INTO tb.container_sessions (run_id, project_id, provider, external_id, directory)
     VALUES ($1, $2, $3, $4, $5)
     ON CONFLICT DO NOTHING`,
    [session.runId, session.projectId, session.provider, session.externalId, session.directory],
  );
}

/** Marks the project's sandbox as gone. */
export async function endSandboxSessions(db: DatabaseClient, projectId: ProjectId): Promise<void> {
  await db.query(
    `UPDATE tb.container_sessions
        SET ended_at = tb.unix_now()
      WHERE project_id = $1
        AND ended_at IS NULL`,
    [projectId],
  );
}
