import { setTimeout as delay } from 'node:timers/promises';
import type { Pool } from 'pg';
import type { RunId } from '../domain/ids.ts';
import { APPLICATION, hasEngineTables, MAX_SETBACKS, QUEUE, versionOf, WORKFLOW } from './dbos-tables.ts';
import { livesHere } from './lives-here.ts';
import type { RunRequest } from './run-engine.ts';
import { EXECUTOR_LOCKS } from './worker-lease.ts';

const LOCK_IS_HELD = `EXISTS (SELECT
                                FROM pg_locks
                               WHERE locktype = 'advisory'
                                 AND granted
                                 AND database = (SELECT oid FROM pg_database WHERE datname = current_database())
                                 AND classid = ${EXECUTOR_LOCKS}::oid
                                 AND objid = (hashtext(known.executor_id)::bigint & 4294967295)::oid
                                 AND objsubid = 2)`;

/** An executor takes its lock again this soon after Postgres was restarted. */
const LOCK_RETURNS_MS = 3000;
/** For so long a lock must be seen free, and its executor's lease must not be renewed. */
const WATCH_MS = 600;
const LOOK_MS = 100;

/** The process that takes over, and what it knows. */
export interface Successor {
  readonly executorId: string;
  readonly abi: number;
  /** The runs that it is carrying out itself. */
  readonly carrying: readonly string[];
  /** Whether a lease that has run out tells that its executor is gone as well. */
  readonly trustsLeases: boolean;
}

/** What taking over came to. */
export interface TakeOver {
  /** Back in the queue: their process is gone, they ended badly, or an older version left them behind. */
  readonly takenOver: readonly RunId[];
  /** Those that this process has, and those that wait while no other process lives that could carry them out. */
  readonly ours: readonly RunId[];
  /** On record, and never handed in: whoever was about to is gone. */
  readonly unsubmitted: readonly RunRequest[];
}

/** Takes over what nobody carries out, each run once, however many processes do it at the same moment. */
export async function takeOver(pool: Pool, successor: Successor): Promise<TakeOver> {
  if (!(await hasEngineTables(pool))) return { takenOver: [], ours: [], unsubmitted: [] };
  const dead = await findDead(pool, successor.executorId);
  const takenOver = [
    ...(await takeOverRuns(pool, successor, dead)),
    ...(await adoptOlderRuns(pool, successor)),
    ...(await mendRuns(pool, successor)),
  ];
  return { takenOver, ours: await findOurs(pool, successor), unsubmitted: await findUnsubmitted(pool) };
}

/** Executors that are gone for sure. Takes a good half second when there is one, longer when Postgres has just started. */
async function findDead(pool: Pool, executorId: string): Promise<readonly string[]> {
  const first = await findLockless(pool, executorId);
  // A process of this machine that lives has lost its connection, not its runs; one that hangs loses its lease.
  let suspects = first.executors.filter((executor) => !livesHere(executor.executorId));
  const untilMs = performance.now() + Math.max(WATCH_MS, LOCK_RETURNS_MS - first.serverAgeMs);
  while (suspects.length > 0 && performance.now() < untilMs) {
    await delay(LOOK_MS);
    const { executors } = await findLockless(pool, executorId);
    suspects = suspects.filter((suspect) => executors.some((found) => isSame(found, suspect)));
  }
  return suspects.map((suspect) => suspect.executorId);
}

/** True when the executor's lease has not run out and its lock is held. */
export async function isAlive(pool: Pool, executorId: string): Promise<boolean> {
  const { rowCount } = await pool.query(
    `SELECT
       FROM tb.worker_leases AS known
      WHERE executor_id = $1
        AND expires_at > clock_timestamp()
        AND ${LOCK_IS_HELD}`,
    [executorId],
  );
  return rowCount === 1;
}

interface Lockless {
  readonly executorId: string;
  /** What its lease says; empty when it has none. An executor that only lost its connection renews it at once. */
  readonly lease: string;
}

/** Whether nothing has been heard of it between two looks. */
function isSame(one: Lockless, other: Lockless): boolean {
  return one.executorId === other.executorId && one.lease === other.lease;
}

/** Executors without their lock: gone, or about to take it again after Postgres was restarted `serverAgeMs` ago. */
async function findLockless(
  pool: Pool,
  executorId: string,
): Promise<{ readonly executors: readonly Lockless[]; readonly serverAgeMs: number }> {
  const { rows } = await pool.query<{ executor_id: string | null; lease: string; server_age_ms: number }>(
    `WITH known AS (
       SELECT executor_id FROM tb.worker_leases
        UNION
       SELECT executor_id
         FROM dbos.workflow_status
        WHERE status = 'PENDING'
          AND application_name = $1
          AND name = $2),
     lockless AS (
       SELECT executor_id, coalesce(lease.expires_at::text, '') AS lease
         FROM known
         LEFT JOIN tb.worker_leases AS lease USING (executor_id)
        WHERE executor_id <> $3
          AND NOT ${LOCK_IS_HELD})
     SELECT executor_id,
            lease,
            (extract(epoch FROM clock_timestamp() - pg_postmaster_start_time()) * 1000)::float8 AS server_age_ms
       FROM (SELECT) AS one
       LEFT JOIN lockless ON true`,
    [APPLICATION, WORKFLOW, executorId],
  );
  const executors = rows.flatMap((row) =>
    row.executor_id === null ? [] : [{ executorId: row.executor_id, lease: row.lease }],
  );
  return { executors, serverAgeMs: rows[0]?.server_age_ms ?? 0 };
}

/**
 * Puts the runs of executors that are gone back into the queue, and runs of ours that DBOS claimed and lost. In one
 * statement with the look at the leases; DBOS' owner token keeps a process that lives after all from going on. The
 * count of attempts stays, so that a run that ends its processes is noticed.
 */
async function takeOverRuns(pool: Pool, successor: Successor, dead: readonly string[]): Promise<readonly RunId[]> {
  const { rows } = await pool.query<{ run_id: RunId }>(
    `WITH gone AS (
       DELETE FROM tb.worker_leases
        WHERE executor_id = ANY($4)
           OR expires_at < clock_timestamp() - interval '1 day')
     UPDATE dbos.workflow_status AS run
        SET status = 'ENQUEUED',
            owner_xid = NULL,
            started_at_epoch_ms = NULL,
            queue_name = coalesce(queue_name, $7),
            updated_at = (extract(epoch FROM now()) * 1000)::bigint
      WHERE status = 'PENDING'
        AND application_name = $1
        AND name = $2
        AND application_version = $3
        AND CASE
              WHEN executor_id = $5
              THEN workflow_uuid <> ALL($6) AND started_at_epoch_ms < (extract(epoch FROM now()) * 1000)::bigint - 10000
              ELSE executor_id = ANY($4)
                OR $8 AND NOT EXISTS (SELECT
                                        FROM tb.worker_leases AS lease
                                       WHERE lease.executor_id = run.executor_id
                                         AND lease.expires_at > clock_timestamp())
            END
     RETURNING workflow_uuid AS run_id`,
    [
      APPLICATION,
      WORKFLOW,
      versionOf(successor.abi),
      dead,
      successor.executorId,
      successor.carrying,
      QUEUE,
      successor.trustsLeases,
    ],
  );
  return rows.map((row) => row.run_id);
}

/**
 * Makes ours what was begun by an older version that no process runs any more. Its steps cannot be told from ours, so
 * the run begins anew; effects are idempotent.
 */
async function adoptOlderRuns(pool: Pool, successor: Successor): Promise<readonly RunId[]> {
  const { rows } = await pool.query<{ run_id: RunId }>(
    `WITH older AS (
       SELECT workflow_uuid
         FROM dbos.workflow_status AS run,
              LATERAL (SELECT substring(run.application_version FROM '@(\\d+)$')::integer AS abi) AS version
        WHERE application_name = $1
          AND name = $2
          AND status IN ('ENQUEUED', 'PENDING')
          AND version.abi < $3
          AND NOT EXISTS (SELECT
                            FROM tb.worker_leases AS lease
                           WHERE lease.abi = version.abi
                             AND lease.expires_at > clock_timestamp())
          FOR UPDATE OF run SKIP LOCKED),
     forgotten AS (
       DELETE FROM dbos.operation_outputs AS step
        USING older
        WHERE step.workflow_uuid = older.workflow_uuid)
     UPDATE dbos.workflow_status AS run
        SET status = 'ENQUEUED',
            application_version = $4,
            owner_xid = NULL,
            started_at_epoch_ms = NULL,
            updated_at = (extract(epoch FROM now()) * 1000)::bigint
       FROM older
      WHERE run.workflow_uuid = older.workflow_uuid
     RETURNING run.workflow_uuid AS run_id`,
    [APPLICATION, WORKFLOW, successor.abi, versionOf(successor.abi)],
  );
  return rows.map((row) => row.run_id);
}

/**
 * Puts runs whose workflow ended badly back into the queue. One that kept ending its processes goes the same way again
 * with its steps refused, which undoes it; the next time its undo steps are refused as well. One whose steps did not
 * fit its history begins anew, and is given up the next time.
 */
async function mendRuns(pool: Pool, successor: Successor): Promise<readonly RunId[]> {
  const { rows } = await pool.query<{ run_id: RunId }>(
    `WITH bad AS (
       SELECT workflow_uuid, run.status = 'MAX_RECOVERY_ATTEMPTS_EXCEEDED' AS deadly, record.owner_id
         FROM dbos.workflow_status AS run
         JOIN tb.runs AS record ON record.run_id = workflow_uuid
        WHERE application_name = $1
          AND name = $2
          AND run.status IN ('ERROR', 'CANCELLED', 'MAX_RECOVERY_ATTEMPTS_EXCEEDED')
          AND ended_at IS NULL
          AND setbacks < $3
          FOR UPDATE OF run, record SKIP LOCKED),
     counted AS (
       UPDATE tb.runs
          SET setbacks = setbacks + 1,
              refusal = CASE WHEN deadly THEN least(refusal + 1, 2) WHEN setbacks = 0 THEN refusal ELSE 2 END
         FROM bad
        WHERE run_id = workflow_uuid),
     forgotten AS (
       DELETE FROM dbos.operation_outputs AS step
        USING bad
        WHERE step.workflow_uuid = bad.workflow_uuid
          AND NOT deadly),
     unended AS (
       DELETE FROM dbos.workflow_output AS ending
        USING bad
        WHERE ending.workflow_uuid = bad.workflow_uuid)
     UPDATE dbos.workflow_status AS run
        SET status = 'ENQUEUED',
            queue_name = $4,
            queue_partition_key = coalesce(queue_partition_key, bad.owner_id),
            application_version = $5,
            owner_xid = NULL,
            recovery_attempts = 0,
            started_at_epoch_ms = NULL,
            completed_at = NULL,
            updated_at = (extract(epoch FROM now()) * 1000)::bigint
       FROM bad
      WHERE run.workflow_uuid = bad.workflow_uuid
     RETURNING run.workflow_uuid AS run_id`,
    [APPLICATION, WORKFLOW, MAX_SETBACKS, QUEUE, versionOf(successor.abi)],
  );
  return rows.map((row) => row.run_id);
}

async function findOurs(pool: Pool, successor: Successor): Promise<readonly RunId[]> {
  const { rows } = await pool.query<{ run_id: RunId }>(
    `SELECT workflow_uuid AS run_id
       FROM dbos.workflow_status
      WHERE application_name = $1
        AND name = $2
        AND application_version = $3
        AND (status = 'PENDING' AND executor_id = $4
          OR status = 'ENQUEUED' AND NOT EXISTS (SELECT
                                                   FROM tb.worker_leases
                                                  WHERE executor_id <> $4
                                                    AND expires_at > clock_timestamp()))`,
    [APPLICATION, WORKFLOW, versionOf(successor.abi), successor.executorId],
  );
  return rows.map((row) => row.run_id);
}

async function findUnsubmitted(pool: Pool): Promise<readonly RunRequest[]> {
  const { rows } = await pool.query<{ run_id: RunId; owner_id: string; project_id: string }>(
    `SELECT run_id, owner_id, project_id
       FROM tb.runs
      WHERE status IN ('queued', 'running')
        AND created_at < tb.unix_now() - 5
        AND NOT EXISTS (SELECT FROM dbos.workflow_status WHERE workflow_uuid = run_id)`,
  );
  return rows.map((row) => ({ runId: row.run_id, ownerId: row.owner_id, exclusiveKey: row.project_id }));
}
