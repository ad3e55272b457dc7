import type { Pool } from 'pg';
import type { RunId } from '../domain/ids.ts';
import type { Refusal, RunState } from './carry-out.ts';

// DBOS' own tables, where what we need to know or to change is not in its interface.

/**
 * What our statements rely on in those tables: here, in `take-over.ts` and in `forget-ended-runs.ts`. The engine's test
 * holds it to the version that is installed; with another one, read its migrations before this is changed.
 */
export const CHECKED_WITH = {
  version: '5.3.0',
  columns: {
    workflow_status: {
      workflow_uuid: 'text',
      status: 'text',
      name: 'text',
      application_name: 'text',
      application_version: 'text',
      executor_id: 'text',
      /** Whoever has claimed the run; another value keeps a process that lives after all from going on. */
      owner_xid: 'text',
      queue_name: 'text',
      queue_partition_key: 'text',
      deduplication_id: 'text',
      recovery_attempts: 'bigint',
      created_at: 'bigint',
      updated_at: 'bigint',
      started_at_epoch_ms: 'bigint',
      completed_at: 'bigint',
    },
    operation_outputs: { workflow_uuid: 'text' },
    workflow_input: { workflow_uuid: 'text' },
    workflow_output: { workflow_uuid: 'text' },
  },
} as const;

/** The name that our rows bear in DBOS' tables. */
export const APPLICATION = 'turbobackend';
export const QUEUE = 'runs';
export const WORKFLOW = 'run';

/** A run that was mended this often and still ends badly is left as it is. */
export const MAX_SETBACKS = 4;

/** The name of a workflow's code as DBOS knows it: bumped when runs of the code before cannot be replayed by ours. */
export function versionOf(abi: number): string {
  return `${APPLICATION}@${abi}`;
}

export async function hasEngineTables(pool: Pool): Promise<boolean> {
  const { rows } = await pool.query<{ known: boolean }>(
    `SELECT to_regclass('dbos.workflow_status') IS NOT NULL AND to_regclass('tb.runs') IS NOT NULL AS known`,
  );
  return rows[0]?.known === true;
}

/** Gives back the runs that this executor has not ended, for others to carry on; that is no failed attempt. */
export async function handBackAll(pool: Pool, executorId: string): Promise<void> {
  await pool.query(
    `UPDATE dbos.workflow_status
        SET status = 'ENQUEUED',
            owner_xid = NULL,
            started_at_epoch_ms = NULL,
            recovery_attempts = greatest(recovery_attempts - 1, 0),
            updated_at = (extract(epoch FROM now()) * 1000)::bigint
      WHERE status = 'PENDING'
        AND application_name = $1
        AND executor_id = $2`,
    [APPLICATION, executorId],
  );
}

/** Gives one run back, unless somebody else has it by now. `counts`: as an attempt that failed. */
export async function handBack(pool: Pool, runId: RunId, ownerToken: string, counts: boolean): Promise<void> {
  await pool.query(
    `UPDATE dbos.workflow_status
        SET status = 'ENQUEUED',
            owner_xid = NULL,
            started_at_epoch_ms = NULL,
            recovery_attempts = greatest(recovery_attempts - $3::integer, 0),
            updated_at = (extract(epoch FROM now()) * 1000)::bigint
      WHERE workflow_uuid = $1
        AND status = 'PENDING'
        AND owner_xid = $2`,
    [runId, ownerToken, counts ? 0 : 1],
  );
}

/** What this process has just claimed: the token that shows the run to be its own, and whether it was begun before. */
export async function readClaim(
  pool: Pool,
  runId: RunId,
): Promise<{ readonly ownerToken: string; readonly resumed: boolean }> {
  const { rows } = await pool.query<{ owner_xid: string | null; resumed: boolean }>(
    `SELECT owner_xid,
            recovery_attempts > 1 OR EXISTS (SELECT
                                               FROM dbos.operation_outputs AS step
                                              WHERE step.workflow_uuid = $1) AS resumed
       FROM dbos.workflow_status
      WHERE workflow_uuid = $1`,
    [runId],
  );
  return { ownerToken: rows[0]?.owner_xid ?? '', resumed: rows[0]?.resumed ?? false };
}

/** What holds for the run right now; undefined when it is no longer the token's holder that carries it out. */
export async function readState(pool: Pool, runId: RunId, ownerToken: string): Promise<RunState | undefined> {
  const { rows } = await pool.query<{ cancelled: boolean; refusal: Refusal }>(
    `SELECT coalesce(cancel_requested, false) AS cancelled, coalesce(refusal, 0) AS refusal
       FROM dbos.workflow_status
       LEFT JOIN tb.runs ON run_id = workflow_uuid
      WHERE workflow_uuid = $1
        AND owner_xid = $2`,
    [runId, ownerToken],
  );
  return rows[0];
}

/** Those of the runs that are to be cancelled. */
export async function findCancelled(pool: Pool, runIds: readonly RunId[]): Promise<readonly RunId[]> {
  const { rows } = await pool.query<{ run_id: RunId }>(
    `SELECT run_id
       FROM tb.runs
      WHERE run_id = ANY($1)
        AND cancel_requested`,
    [runIds],
  );
  return rows.map((row) => row.run_id);
}

/** True when the run that has the key told its end, so that it gives the key back any moment; or when none has it. */
export async function isLeaving(pool: Pool, exclusiveKey: string): Promise<boolean> {
  const { rows } = await pool.query<{ ended: boolean }>(
    `SELECT ended_at IS NOT NULL AS ended
       FROM dbos.workflow_status
       JOIN tb.runs ON run_id = workflow_uuid
      WHERE queue_name = $1
        AND deduplication_id = $2`,
    [QUEUE, exclusiveKey],
  );
  return rows[0]?.ended ?? true;
}

/**
 * Undefined for a run that nobody submitted. A run that ended badly counts as open while it may still be mended; one
 * that DBOS no longer knows has ended when its record says so.
 */
export async function readEnd(pool: Pool, runId: RunId): Promise<'open' | 'ended' | undefined> {
  const { rows } = await pool.query<{ ended: boolean }>(
    `SELECT CASE status
              WHEN 'SUCCESS' THEN true
              WHEN 'ENQUEUED' THEN false
              WHEN 'PENDING' THEN false
              ELSE EXISTS (SELECT FROM tb.runs WHERE run_id = $1 AND (ended_at IS NOT NULL OR setbacks >= $2))
            END AS ended
       FROM dbos.workflow_status
      WHERE workflow_uuid = $1
      UNION ALL
     SELECT true
       FROM tb.runs
      WHERE run_id = $1
        AND ended_at IS NOT NULL
        AND NOT EXISTS (SELECT FROM dbos.workflow_status WHERE workflow_uuid = $1)`,
    [runId, MAX_SETBACKS],
  );
  return rows[0] && (rows[0].ended ? 'ended' : 'open');
}
