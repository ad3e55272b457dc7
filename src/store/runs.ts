import { DatabaseError, type Pool } from 'pg';
import { TurboError } from '../domain/errors.ts';
import type { RunKind } from '../domain/change-plan.ts';
import type { ProjectId, RunId } from '../domain/ids.ts';
import type { Run, RunResult } from '../domain/run.ts';
import { type DatabaseClient, inTransaction } from './database-client.ts';
import type { NewestFirstPosition } from './newest-first.ts';
import { appendEvent } from './run-events.ts';
import { storableJson, storableText } from './storable.ts';

/** The channel on which a run's id is told when it is to be cancelled. */
export const RUN_CANCEL_CHANNEL = 'tb_run_cancel';

/** What the user asked for besides the prompt. */
interface RunOptions {
  /** `create` when missing. */
  readonly kind?: RunKind | undefined;
  /** The plan that a change, a deploy or an undo carries out. */
  readonly planId?: string | undefined;
  /** SQL text that takes the place of the planner's design. */
  readonly schemaSql?: string | undefined;
  readonly auth?: 'none' | 'password' | undefined;
  /** Rules of access, as they were said. */
  readonly access?: readonly string[] | undefined;
}

/** A run as it is stored. */
export interface RunRecord extends Run {
  readonly ownerId: string;
  readonly options: RunOptions;
  readonly cancelRequested: boolean;
  /** Undefined while it has not ended. */
  readonly result: RunResult | undefined;
  /** Unix seconds. */
  readonly startedAt: number | undefined;
  /** Unix seconds. */
  readonly endedAt: number | undefined;
}

interface RunRow {
  run_id: RunId;
  project_id: ProjectId;
  owner_id: string;
  prompt: string;
  options: RunOptions;
  status: Run['status'];
  cancel_requested: boolean;
  result: RunResult | null;
  created_at: string;
  started_at: string | null;
  ended_at: string | null;
}

// Not `*`: the head of the event log lies in the same row and is nobody's business.
const RUN_COLUMNS = `run_id, project_id, owner_id, prompt, options, status, cancel_requested, result, created_at,
                     started_at, ended_at`;

/** Records a queued run. Rejects with `PROJECT_BUSY` when the project has a run that has not ended. */
export async function insertRun(
  db: DatabaseClient,
  run: Pick<RunRecord, 'id' | 'projectId' | 'ownerId' | 'prompt' | 'options'>,
): Promise<void> {
  await db
    .query(
      `INSERT INTO tb.runs (run_id, project_id, owner_id, prompt, options)
       VALUES ($1, $2, $3, $4, $5)`,
      [run.id, run.projectId, run.ownerId, storableText(run.prompt), storableJson(run.options)],
    )
    .catch((cause: unknown) => {
      if (!(cause instanceof DatabaseError) || cause.constraint !== 'runs_one_active_per_project') throw cause;
      throw new TurboError('PROJECT_BUSY', `Project ${run.projectId} has a run that has not ended`, {
        cause,
        fix: 'Wait for it to end, or cancel it.',
      });
    });
}

export async function findRun(db: DatabaseClient, runId: RunId): Promise<RunRecord | undefined> {
  const { rows } = await db.query<RunRow>(`SELECT ${RUN_COLUMNS} FROM tb.runs WHERE run_id = $1`, [
    storableText(runId),
  ]);
  return rows[0] && toRun(rows[0]);
}

/** The project's runs, newest first. */
export async function listRunsOf(db: DatabaseClient, projectId: ProjectId): Promise<readonly RunRecord[]> {
  const { rows } = await db.query<RunRow>(
    `SELECT ${RUN_COLUMNS}
       FROM tb.runs
      WHERE project_id = $1
      ORDER BY created_at DESC, run_id`,
    [projectId],
  );
  return rows.map(toRun);
}

/** An owner's runs, newest first, at most `limit` of those behind `after`. */
export async function pageRuns(
  db: DatabaseClient,
  page: {
    readonly ownerId: string;
    readonly projectId: ProjectId | undefined;
    readonly status: Run['status'] | undefined;
    readonly after: NewestFirstPosition | undefined;
    readonly limit: number;
  },
): Promise<readonly RunRecord[]> {
  const { rows } = await db.query<RunRow>(
    `SELECT ${RUN_COLUMNS}
       FROM tb.runs
      WHERE owner_id = $1
        AND ($2::varchar IS NULL OR project_id = $2)
        AND ($3::varchar IS NULL OR status = $3)
        AND ($4::bigint IS NULL OR created_at < $4 OR (created_at = $4 AND run_id > $5))
      ORDER BY created_at DESC, run_id
      LIMIT $6`,
    [page.ownerId, page.projectId, page.status, page.after?.createdAt, page.after?.id, page.limit],
  );
  return rows.map(toRun);
}

/** How many runs there are in each state, of one owner since a moment or of all. */
export async function countRuns(
  db: DatabaseClient,
  ownerId?: string,
  sinceAt = 0,
): Promise<Readonly<Record<Run['status'], number>>> {
  const { rows } = await db.query<{ status: Run['status']; count: string }>(
    `SELECT status, count(*)
       FROM tb.runs
      WHERE ($1::varchar IS NULL OR owner_id = $1)
        AND created_at >= $2
      GROUP BY status`,
    [ownerId, sinceAt],
  );
  const counts = new Map(rows.map(({ status, count }) => [status, Number(count)]));
  const of = (status: Run['status']): number => counts.get(status) ?? 0;
  return {
    queued: of('queued'),
    running: of('running'),
    succeeded: of('succeeded'),
    failed: of('failed'),
    cancelled: of('cancelled'),
  };
}

/** The project's run that has not ended; there is one at most. */
export async function findActiveRun(db: DatabaseClient, projectId: ProjectId): Promise<RunId | undefined> {
  const { rows } = await db.query<{ run_id: RunId }>(
    `SELECT run_id
       FROM tb.runs
      WHERE project_id = $1
        AND status IN ('queued', 'running')`,
    [projectId],
  );
  return rows[0]?.run_id;
}

/** How many runs have not ended, whoever owns them. */
export async function countUnfinishedRuns(db: DatabaseClient): Promise<number> {
  const { rows } = await db.query<{ count: string }>(
    `SELECT count(*)
       FROM tb.runs
      WHERE status IN ('queued', 'running')`,
  );
  return Number(rows[0]?.count);
}

/** Marks a run as to be cancelled and wakes the process that has it; an unknown or ended one is left alone. */
export async function requestCancel(db: DatabaseClient, runId: RunId): Promise<void> {
  await db.query(
    `WITH asked AS (
       UPDATE tb.runs
          SET cancel_requested = true
        WHERE run_id = $1
          AND ended_at IS NULL
       RETURNING run_id)
     SELECT pg_notify($2, run_id) FROM asked`,
    [runId, RUN_CANCEL_CHANNEL],
  );
}

/** Repeating it, also by a process that carries the run on, changes nothing. */
export async function markStarted(db: DatabaseClient, runId: RunId): Promise<void> {
  await db.query(
    `UPDATE tb.runs
        SET status = 'running', started_at = tb.unix_now()
      WHERE run_id = $1
        AND status = 'queued'`,
    [runId],
  );
}

/** Stores how the run ended and writes the terminal event, both or neither; repeating it changes nothing. */
export async function finishRun(pool: Pool, result: RunResult, atMs: number): Promise<void> {
  await inTransaction(pool, async (client) => {
    const { rowCount } = await client.query(
      `UPDATE tb.runs
          SET status = $2, result = $3, ended_at = floor($4::bigint / 1000.0)::bigint
        WHERE run_id = $1
          AND ended_at IS NULL`,
      [result.runId, result.status, storableJson(result), atMs],
    );
    if (rowCount === 0) return;
    await appendEvent(client, result.runId, 'run-ended', { type: 'run-ended', result }, 100, atMs);
  });
}

function toRun(row: RunRow): RunRecord {
  return {
    id: row.run_id,
    projectId: row.project_id,
    ownerId: row.owner_id,
    kind: row.options.kind ?? 'create',
    prompt: row.prompt,
    options: row.options,
    status: row.status,
    cancelRequested: row.cancel_requested,
    result: row.result ?? undefined,
    createdAt: Number(row.created_at), // pg hands bigint over as a string
    startedAt: row.started_at === null ? undefined : Number(row.started_at),
    endedAt: row.ended_at === null ? undefined : Number(row.ended_at),
  };
}

/** The runs that a process has begun and none has ended, whoever owns them. */
export async function listRunning(db: DatabaseClient): Promise<readonly RunId[]> {
  const { rows } = await db.query<{ run_id: RunId }>(`SELECT run_id FROM tb.runs WHERE status = 'running'`);
  return rows.map((row) => row.run_id);
}
