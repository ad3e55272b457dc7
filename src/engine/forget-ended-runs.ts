import { setTimeout as delay } from 'node:timers/promises';
import type { Pool } from 'pg';
import { APPLICATION, hasEngineTables, WORKFLOW } from './dbos-tables.ts';

const BATCH = 200;
/** Between two batches, so that runs which are carried out meanwhile are not kept from the database. */
const PAUSE_MS = 50;

interface ForgetOptions {
  /** At least one: what is handed in again within a day has to be known to have ended. */
  readonly olderThanDays: number;
  /** Ends it between two batches. */
  readonly signal?: AbortSignal | undefined;
}

/**
 * Removes what the engine keeps to carry a run on, its steps' results above all, of runs that ended long ago; what
 * became of a run stays in `tb`. A run whose end is not on record, or that DBOS has not marked as ended, is never
 * touched. Any number of processes may do it at once, beside those that carry runs out.
 * Resolves to the number of runs.
 */
export async function forgetEndedRuns(pool: Pool, { olderThanDays, signal }: ForgetOptions): Promise<number> {
  if (!(olderThanDays >= 1)) throw new RangeError(`Ended runs are kept for at least a day, not ${olderThanDays}`);
  if (!(await hasEngineTables(pool))) return 0;
  for (let forgotten = 0; ;) {
    const count = await forgetBatch(pool, olderThanDays);
    forgotten += count;
    if (count < BATCH) return forgotten;
    const isLeaving = await delay(PAUSE_MS, false, { signal }).catch(() => true);
    if (isLeaving) return forgotten;
  }
}

/**
 * What began long ago and is not forgotten has mostly ended long ago too, so the index on its beginning finds it. DBOS'
 * steps and payloads refer to nothing and have to be removed by name; its other tables follow the run's own row.
 */
async function forgetBatch(pool: Pool, olderThanDays: number): Promise<number> {
  const { rows } = await pool.query<{ count: number }>(
    `WITH age AS MATERIALIZED (
       SELECT tb.unix_now() - ($1::float8 * 86400)::bigint AS ended_before),
     old AS (
       SELECT workflow_uuid
         FROM dbos.workflow_status AS run
         JOIN tb.runs AS record ON record.run_id = workflow_uuid
        WHERE application_name = $2
          AND name = $3
          AND run.created_at < (SELECT ended_before * 1000 FROM age)
          AND run.status IN ('SUCCESS', 'ERROR', 'CANCELLED', 'MAX_RECOVERY_ATTEMPTS_EXCEEDED')
          AND record.status IN ('succeeded', 'failed', 'cancelled')
          AND record.ended_at < (SELECT ended_before FROM age)
        ORDER BY run.created_at
        LIMIT $4
          FOR UPDATE OF run SKIP LOCKED),
     steps AS (
       DELETE FROM dbos.operation_outputs AS step
        USING old
        WHERE step.workflow_uuid = old.workflow_uuid),
     inputs AS (
       DELETE FROM dbos.workflow_input AS input
        USING old
        WHERE input.workflow_uuid = old.workflow_uuid),
     outputs AS (
       DELETE FROM dbos.workflow_output AS output
        USING old
        WHERE output.workflow_uuid = old.workflow_uuid),
     runs AS (
       DELETE FROM dbos.workflow_status AS run
        USING old
        WHERE run.workflow_uuid = old.workflow_uuid
       RETURNING 1)
     SELECT count(*)::integer AS count FROM runs`,
    [olderThanDays, APPLICATION, WORKFLOW, BATCH],
  );
  return rows[0]?.count ?? 0;
}
