import type { Pool } from 'pg';

/**
 * Removes what runs that ended long ago have left in the control database: how they went, the statements that made their
 * tables, what models answered, descriptions of backends that later ones replaced; and projects that were deleted or
 * never came to be, with everything of theirs. What a project is, the last word on each of its runs and what they cost
 * stay. Any number of processes may do it at once.
 */
export async function forgetRecords(pool: Pool, { olderThanDays }: { readonly olderThanDays: number }): Promise<void> {
  if (!(olderThanDays >= 1)) throw new RangeError(`Records are kept for at least a day, not ${olderThanDays}`);
  for (const statement of STATEMENTS) await pool.query(statement, [olderThanDays * 86_400]);
}

const ENDED_LONG_AGO = 'run.ended_at < tb.unix_now() - $1::bigint';

const STATEMENTS = [
  // The last event stays: who watches the run from its beginning hears how it ended.
  `DELETE FROM tb.run_events AS event
    USING tb.runs AS run
    WHERE run.run_id = event.run_id
      AND event.seq < run.last_seq
      AND ${ENDED_LONG_AGO}`,
  `DELETE FROM tb.llm_calls AS call
    USING tb.runs AS run
    WHERE run.run_id = call.run_id
      AND ${ENDED_LONG_AGO}`,
  `DELETE FROM tb.generated_queries AS query
    USING tb.runs AS run
    WHERE run.run_id = query.run_id
      AND ${ENDED_LONG_AGO}`,
  `DELETE FROM tb.api_blueprints AS blueprint
    USING tb.runs AS run
    WHERE run.run_id = blueprint.run_id
      AND ${ENDED_LONG_AGO}
      AND EXISTS (SELECT
                    FROM tb.api_blueprints AS later
                   WHERE later.project_id = blueprint.project_id
                     AND later.created_at > blueprint.created_at)`,
  `DELETE FROM tb.projects AS project
    WHERE status IN ('deleted', 'failed')
      AND updated_at < tb.unix_now() - $1::bigint
      AND NOT EXISTS (SELECT FROM tb.project_databases AS kept WHERE kept.project_id = project.project_id)
      AND NOT EXISTS (SELECT
                        FROM tb.runs AS run
                       WHERE run.project_id = project.project_id
                         AND (${ENDED_LONG_AGO}) IS NOT TRUE)`,
];
