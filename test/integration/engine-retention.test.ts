import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { setTimeout as delay } from 'node:timers/promises';
import type { Pool } from 'pg';
import { DbosEngine } from '../../src/engine/dbos-engine.ts';
import { forgetEndedRuns } from '../../src/engine/forget-ended-runs.ts';
import type { RunRequest } from '../../src/engine/run-engine.ts';
import { appendEvent } from '../../src/store/run-events.ts';
import { findRun } from '../../src/store/runs.ts';
import { controlConnectionOf, openTestControl, recordRun } from '../support/control-database.ts';
import { type MarkedRun, markingBody, MARKS } from '../support/engine-worker.ts';
import { startWorker } from '../support/engine-workers.ts';
import { startTestCluster, type TestCluster } from '../support/postgres.ts';

const DAY_SECONDS = 86_400;
const ENGINE_TABLES = ['workflow_status', 'workflow_input', 'workflow_output', 'operation_outputs'];

let cluster: TestCluster;
let pool: Pool;
let engine: DbosEngine;

before(async () => {
  cluster = await startTestCluster();
  pool = await openTestControl(cluster);
});
after(async () => {
  await engine?.close();
  await pool.end();
  await cluster.stop();
});

test('there is nothing to forget before an engine was started', async () => {
  assert.equal(await forgetEndedRuns(pool, { olderThanDays: 30 }), 0);
  await pool.query(MARKS);
  engine = engineOf(0);
  await engine.start({ concurrency: 0 });
});

test('what ended long ago is forgotten, its record and its events stay', async (t) => {
  const [old, recent, failed] = await Promise.all([
    submitted({ steps: 3, stepMs: 1 }),
    submitted({ steps: 3, stepMs: 1 }),
    submitted({ steps: 3, stepMs: 1, failAt: 2 }),
  ]);
  await carriedOut(t, [old, recent, failed]);
  await appendEvent(pool, recent.runId, 'said', { type: 'warning', message: 'a word' } as never, 1, Date.now());
  const recorded = await recordOf(old);
  await age([old, failed], 31);
  await age([recent], 29);
  assert.equal(await forgetEndedRuns(pool, { olderThanDays: 30 }), 2);
  assert.deepEqual(await engineRows(old), [0, 0, 0, 0]);
  assert.deepEqual(await engineRows(failed), [0, 0, 0, 0]);
  assert.deepEqual((await engineRows(recent)).map(Math.sign), [1, 1, 1, 1]);
  const kept = await recordOf(old);
  assert.deepEqual({ ...kept, endedAt: 0 }, { ...recorded, endedAt: 0, createdAt: kept.createdAt });
  const { rows } = await pool.query('SELECT body FROM tb.run_events WHERE run_id = $1', [old.runId]);
  assert.deepEqual(
    rows.map(({ body }: { body: { type: string } }) => body.type),
    ['run-ended'],
  );
  assert.equal(await forgetEndedRuns(pool, { olderThanDays: 30 }), 0, 'nothing is left of it');
});

test('a forgotten run has ended for whoever waits for it, and is not begun again when it is handed in again', async (t) => {
  const request = await submitted({ steps: 2, stepMs: 1 });
  await carriedOut(t, [request]);
  await age([request], 40);
  await forgetEndedRuns(pool, { olderThanDays: 30 });
  await engine.ended(request.runId, AbortSignal.timeout(2000));
  await engine.submit(request);
  assert.deepEqual(await engineRows(request), [0, 0, 0, 0]);
  const { rows } = await pool.query<{ mark: string }>('SELECT mark FROM public.marks WHERE run_id = $1', [
    request.runId,
  ]);
  assert.equal(rows.filter(({ mark }) => mark === 'begin 1').length, 1);
  assert.deepEqual(await engine.takeOver(), []);
});

test('nothing of a run that has not ended is touched, however old it is', async (t) => {
  const waiting = await submitted({ steps: 1, stepMs: 1 });
  const untold = await submitted({ steps: 2, stepMs: 1 });
  const unmarked = await submitted({ steps: 2, stepMs: 1 });
  await pool.query(`UPDATE dbos.workflow_status SET status = 'DELAYED' WHERE workflow_uuid = $1`, [waiting.runId]);
  await carriedOut(t, [untold, unmarked]);
  await age([waiting, untold, unmarked], 400);
  // Its end is not on record, as of a run that ended badly and was given up.
  await pool.query(`UPDATE tb.runs SET status = 'running', ended_at = NULL, setbacks = 4 WHERE run_id = $1`, [
    untold.runId,
  ]);
  await pool.query(`UPDATE dbos.workflow_status SET status = 'ERROR' WHERE workflow_uuid = $1`, [untold.runId]);
  // Its process was killed between telling its end and marking it.
  await pool.query(`UPDATE dbos.workflow_status SET status = 'ENQUEUED' WHERE workflow_uuid = $1`, [unmarked.runId]);
  await pool.query(`UPDATE tb.runs SET ended_at = NULL WHERE run_id = $1`, [waiting.runId]);
  const rows = await Promise.all([waiting, untold, unmarked].map(engineRows));
  assert.equal(await forgetEndedRuns(pool, { olderThanDays: 1 }), 1, 'the one of the first test that was recent');
  assert.deepEqual(await Promise.all([waiting, untold, unmarked].map(engineRows)), rows);
  await pool.query(`UPDATE dbos.workflow_status SET status = 'ENQUEUED' WHERE workflow_uuid = $1`, [waiting.runId]);
  await carriedOut(t, [waiting, unmarked]);
});

test('several processes forget two thousand runs together while others carry theirs out', async (t) => {
  await forgetEndedRuns(pool, { olderThanDays: 1 });
  await fillWithOldRuns(2000);
  const busy = await Promise.all(Array.from({ length: 8 }, () => submitted({ steps: 5, stepMs: 40 })));
  const workers = await Promise.all([1, 2].map(() => startWorker(t, cluster, { concurrency: 4 })));
  const startedMs = performance.now();
  const counts = await Promise.all([1, 2, 3].map(() => forgetEndedRuns(pool, { olderThanDays: 30 })));
  t.diagnostic(`${counts.join(' + ')} runs in ${(performance.now() - startedMs).toFixed(0)} ms`);
  // Whoever finds all of a batch held by another one stops, and the others have it.
  await forgetEndedRuns(pool, { olderThanDays: 30 });
  assert.equal(await countOldRuns(), 0);
  assert.ok(counts.reduce((sum, count) => sum + count) <= 2000, 'each was forgotten once');
  for (const { runId } of busy) await engine.ended(runId);
  await Promise.all(workers.map((worker) => worker.close()));
  for (const request of busy) {
    assert.equal((await recordOf(request)).status, 'succeeded');
    const { rows: marks } = await pool.query('SELECT FROM public.marks WHERE run_id = $1', [request.runId]);
    assert.equal(marks.length, 11, 'each step was carried out once');
  }
});

test('it ends between two batches when it is told to', async () => {
  await fillWithOldRuns(500);
  const leaving = new AbortController();
  const forgetting = forgetEndedRuns(pool, { olderThanDays: 30, signal: leaving.signal });
  while ((await countOldRuns()) === 500) await delay(5);
  leaving.abort();
  assert.equal(await forgetting, 200);
  assert.equal(await countOldRuns(), 300);
  await assert.rejects(forgetEndedRuns(pool, { olderThanDays: 0 }), RangeError);
});

function engineOf(concurrency: number): DbosEngine {
  return new DbosEngine({
    connection: controlConnectionOf(cluster),
    pool,
    body: markingBody(pool),
    ...(concurrency > 0 && { graceMs: 0 }),
  });
}

async function submitted(plan: MarkedRun): Promise<RunRequest> {
  const request = await recordRun(pool, 'local', JSON.stringify(plan));
  await engine.submit(request);
  return request;
}

async function carriedOut(t: Parameters<typeof startWorker>[0], requests: readonly RunRequest[]): Promise<void> {
  const worker = await startWorker(t, cluster, { concurrency: 4 });
  for (const { runId } of requests) await engine.ended(runId, AbortSignal.timeout(20_000));
  await worker.close();
}

/** Makes the runs so old, in the engine's tables and on record. */
async function age(requests: readonly RunRequest[], days: number): Promise<void> {
  const runIds = requests.map(({ runId }) => runId);
  await pool.query(
    `UPDATE tb.runs
        SET created_at = created_at - $2::bigint, ended_at = coalesce(ended_at, tb.unix_now()) - $2::bigint
      WHERE run_id = ANY($1)`,
    [runIds, days * DAY_SECONDS],
  );
  await pool.query(
    'UPDATE dbos.workflow_status SET created_at = created_at - $2::bigint * 1000 WHERE workflow_uuid = ANY($1)',
    [runIds, days * DAY_SECONDS],
  );
}

/** As many rows as a run of ten steps leaves, for each. */
async function fillWithOldRuns(count: number): Promise<void> {
  const { exclusiveKey } = await recordRun(pool);
  await pool.query(
    `INSERT INTO tb.runs (run_id, project_id, owner_id, prompt, status, created_at, ended_at)
     SELECT 'old' || number, $1, 'local', '', 'succeeded', 1, 2 FROM generate_series(1, $2::integer) AS number
         ON CONFLICT DO NOTHING`,
    [exclusiveKey, count],
  );
  await pool.query(
    `INSERT INTO dbos.workflow_status (workflow_uuid, status, name, application_name, created_at, updated_at)
     SELECT 'old' || number, 'SUCCESS', 'run', 'turbobackend', 1, 1 FROM generate_series(1, $1::integer) AS number`,
    [count],
  );
  await pool.query(
    `INSERT INTO dbos.operation_outputs (workflow_uuid, function_id, function_name, output)
     SELECT 'old' || number, step, 'step', repeat('x', 500)
       FROM generate_series(1, $1::integer) AS number, generate_series(1, 10) AS step`,
    [count],
  );
}

async function countOldRuns(): Promise<number> {
  const { rowCount } = await pool.query(`SELECT FROM dbos.workflow_status WHERE workflow_uuid LIKE 'old%'`);
  return rowCount ?? 0;
}

/** How many rows of the run each of the engine's tables has. */
async function engineRows({ runId }: RunRequest): Promise<readonly number[]> {
  const counts: number[] = [];
  for (const table of ENGINE_TABLES) {
    const { rowCount } = await pool.query(`SELECT FROM dbos.${table} WHERE workflow_uuid = $1`, [runId]);
    counts.push(rowCount ?? 0);
  }
  return counts;
}

async function recordOf({ runId }: RunRequest) {
  const record = await findRun(pool, runId);
  assert.ok(record);
  return record;
}
