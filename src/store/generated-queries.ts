import type { ProjectId, RunId } from '../domain/ids.ts';
import type { DdlStatement } from '../domain/schema-design.ts';
import type { DatabaseClient } from './database-client.ts';

/** `rolled-back`: it ran, and a later one failed; `not-run`: an earlier one failed. */
type QueryOutcome = 'done' | 'failed' | 'rolled-back' | 'not-run';

/** A statement that was to make a project's tables, and what became of it. */
export interface GeneratedQuery extends Pick<DdlStatement, 'kind' | 'sql'> {
  readonly outcome: QueryOutcome;
  /** Postgres' message when it failed. */
  readonly error?: string | undefined;
}

/** The statements that made the project's tables, in the order in which they ran. */
export async function readStatements(db: DatabaseClient, projectId: ProjectId): Promise<readonly DdlStatement[]> {
  const { rows } = await db.query<Pick<DdlStatement, 'kind' | 'sql'>>(
    `SELECT kind, sql
       FROM tb.generated_queries
      WHERE project_id = $1
        AND outcome = 'done'
      ORDER BY created_at, run_id, position`,
    [projectId],
  );
  return rows;
}

/** Records a run's statements in the order in which they ran; a repetition replaces what it said before. */
export async function recordGeneratedQueries(
  db: DatabaseClient,
  origin: { readonly runId: RunId; readonly projectId: ProjectId; readonly databaseName: string },
  queries: readonly GeneratedQuery[],
): Promise<void> {
  await db.query('DELETE FROM tb.generated_queries WHERE run_id = $1 AND position > $2', [
    origin.runId,
    queries.length,
  ]);
  await db.query(
    `INSERT INTO tb.generated_queries (run_id, project_id, database_name, position, kind, sql, outcome, error)
     SELECT $1, $2, $3, q.position, q.kind, q.sql, q.outcome, q.error
       FROM unnest($4::text[], $5::text[], $6::text[], $7::text[])
            WITH ORDINALITY AS q (kind, sql, outcome, error, position)
         ON CONFLICT (run_id, position) DO UPDATE
        SET database_name = excluded.database_name,
            kind = excluded.kind,
            sql = excluded.sql,
            outcome = excluded.outcome,
            error = excluded.error`,
    [
      origin.runId,
      origin.projectId,
      origin.databaseName,
      queries.map((query) => query.kind),
      queries.map((query) => query.sql),
      queries.map((query) => query.outcome),
      queries.map((query) => query.error ?? null),
    ],
  );
}
