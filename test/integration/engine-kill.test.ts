import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { setTimeout as delay } from 'node:timers/promises';
import type { Pool } from 'pg';
import { ensureEmbeddedPostgres } from '../../src/database/embedded/embedded-postgres.ts';
import type { RunRequest } from '../../src/engine/run-engine.ts';
import { DbosEngine } from '../../src/engine/dbos-engine.ts';
import { findRun } from '../../src/store/runs.ts';
import { controlConnectionOf, openTestControl, recordRun } from '../support/control-database.ts';
import { type MarkedRun, markingBody, MARKS } from '../support/engine-worker.ts';
import { startWorker } from '../support/engine-workers.ts';
import { startTestCluster, type TestCluster } from '../support/postgres.ts';

// Processes are killed for real. What a run did is read from the marks that its steps left.

let cluster: TestCluster;
let pool: Pool;
let submitter: DbosEngine;

before(async () => {
  cluster = await startTestCluster();
  pool = await openTestControl(cluster);
  await pool.query(MARKS);
  submitter = engineOf();
  await submitter.start({ concurrency: 0 });
});
after(async () => {
  await submitter.close();
  await pool.end();
  await cluster.stop();
});

test('a run whose process is killed is carried on by the next process at once', async (t) => {
  const first = await startWorker(t, cluster, { concurrency: 2 });
  // While Postgres has just been started, a lock that is free may be about to be taken again.
  await pool.query('SELECT pg_sleep(3.1 - extract(epoch FROM clock_timestamp() - pg_postmaster_start_time()))');
  const request = await submitted({ steps: 4, stepMs: 150 });
  await marked(request, 'begin 3');
  await first.signal('SIGKILL');

  const killedAtMs = performance.now();
  let takenOver = await submitter.takeOver();
  // On a busy machine Postgres needs a moment to notice that the process is gone.
  while (takenOver.length === 0 && performance.now() < killedAtMs + 5000) takenOver = await submitter.takeOver();
  assert.deepEqual(takenOver, [request.runId]);
  t.diagnostic(`taken over ${(performance.now() - killedAtMs).toFixed(0)} ms after the kill`);

  const successor = await startWorker(t, cluster, { concurrency: 2 });
  assert.deepEqual(successor.ready.tookOver, [request.runId], 'still nobody else’s');
  await allEnded([request]);
  await successor.close();
  assert.deepEqual(
    await marksOf(request),
    ['begin 1, end 1, begin 2, end 2, begin 3', 'resumed, begin 3, end 3, begin 4, end 4, succeeded'].flatMap((marks) =>
      marks.split(', '),
    ),
  );
});

test('a run that no process was left to begin, or even to hand in, is carried out by the next', async (t) => {
  const request = await submitted({ steps: 1, stepMs: 1 });
  const unsubmitted = await recordRun(pool, 'local', plan({ steps: 1, stepMs: 1 }));
  await pool.query('UPDATE tb.runs SET created_at = created_at - 60 WHERE run_id = $1', [unsubmitted.runId]);
  const successor = await startWorker(t, cluster, { concurrency: 2 });
  assert.deepEqual(successor.ready.tookOver.toSorted(), [request.runId, unsubmitted.runId].toSorted());
  await allEnded([request, unsubmitted]);
  await successor.close();
  for (const run of [request, unsubmitted]) assert.deepEqual(await marksOf(run), ['begin 1', 'end 1', 'succeeded']);
});

test('of many runs none is lost and no finished step is repeated when two of three processes are killed', async (t) => {
  const workers = await Promise.all([1, 2, 3].map(() => startWorker(t, cluster, { concurrency: 3 })));
  const owners = Array.from({ length: 12 }, (_, index) => `owner-${index % 4}`);
  const requests = await Promise.all(owners.map((owner) => submitted({ steps: 6, stepMs: 120 }, owner)));
  await delay(700);
  await workers[0]?.signal('SIGKILL');
  await delay(600);
  await workers[1]?.signal('SIGKILL');
  await allEnded(requests);
  await workers[2]?.close();

  const { rows } = await pool.query<{ repeated: number; most: number }>(
    `SELECT count(*) FILTER (WHERE begun > 1)::integer AS repeated, max(begun)::integer AS most
       FROM (SELECT count(*) AS begun
               FROM public.marks
              WHERE run_id = ANY($1)
                AND mark LIKE 'begin %'
              GROUP BY run_id, mark) AS steps`,
    [requests.map(({ runId }) => runId)],
  );
  t.diagnostic(`${rows[0]?.repeated} of 72 steps were begun twice`);
  assert.ok(rows[0]!.repeated <= 6, 'only steps that were going on when tsuccessor process was killed');
  assert.ok(rows[0]!.most <= 3);
  for (const request of requests) {
    assert.equal((await findRun(pool, request.runId))?.status, 'succeeded');
    assert.equal((await marksOf(request)).filter((mark) => mark === 'succeeded').length, 1);
    assert.equal(await countThings(request), 6);
  }
});

test('undoing goes on where a killed process left it', async (t) => {
  const first = await startWorker(t, cluster, { concurrency: 1 });
  const request = await submitted({ steps: 3, stepMs: 1, undoMs: 200, failAt: 3 });
  await marked(request, 'undo 2');
  await first.signal('SIGKILL');
  const successor = await startWorker(t, cluster, { concurrency: 1 });
  await allEnded([request]);
  await successor.close();
  assert.deepEqual(
    await marksOf(request),
    ['begin 1, end 1, begin 2, end 2, begin 3, undo 3, undo 2', 'resumed, undo 2, undo 1, failed'].flatMap((marks) =>
      marks.split(', '),
    ),
  );
  assert.equal(await countThings(request), 0);
});

test('a run is cancelled from another process in the middle of a step', async (t) => {
  const worker = await startWorker(t, cluster, { concurrency: 1 });
  const request = await submitted({ steps: 2, stepMs: 20_000 });
  await marked(request, 'begin 1');
  const askedAtMs = performance.now();
  await submitter.cancel(request.runId);
  await allEnded([request]);
  const tookMs = performance.now() - askedAtMs;
  t.diagnostic(`cancelled and undone after ${tookMs.toFixed(0)} ms`);
  assert.ok(tookMs < 1000, `${tookMs} ms`);
  await worker.close();
  assert.deepEqual(await marksOf(request), ['begin 1', 'undo 1', 'cancelled']);
  assert.equal(await countThings(request), 0);
});

test('a process that stood still does nothing more once its run is carried on elsewhere', async (t) => {
  const frozen = await startWorker(t, cluster, { concurrency: 1 });
  const request = await submitted({ steps: 3, stepMs: 300 });
  await marked(request, 'begin 2');
  await frozen.signal('SIGSTOP');
  const successor = await startWorker(t, cluster, { concurrency: 1 });
  assert.deepEqual(successor.ready.tookOver, [], 'a lock that is held is no proof of death');
  await allEnded([request]);
  await frozen.signal('SIGCONT');
  await delay(1500);
  await frozen.close();
  await successor.close();

  const { rows } = await pool.query<{ mark: string }>(
    'SELECT mark FROM public.marks WHERE run_id = $1 AND pid = $2 ORDER BY at',
    [request.runId, frozen.pid],
  );
  const marks = rows.map(({ mark }) => mark).filter((mark) => mark !== 'end 2');
  assert.deepEqual(marks, ['begin 1', 'end 1', 'begin 2'], 'at most the step that it was in came to its end');
  assert.equal((await findRun(pool, request.runId))?.status, 'succeeded');
});

test('runs outlast a Postgres that is killed and started again', async (t) => {
  const worker = await startWorker(t, cluster, { concurrency: 3 });
  const requests = await Promise.all([1, 2, 3].map(() => submitted({ steps: 8, stepMs: 200 })));
  await marked(requests[0]!, 'begin 3');
  process.kill(cluster.postgres.pid, 'SIGQUIT');
  await delay(1000);
  await ensureEmbeddedPostgres({ home: cluster.home });
  await allEnded(requests);
  await worker.close();
  for (const request of requests) {
    const marks = await marksOf(request);
    assert.equal(marks.at(-1), 'succeeded');
    for (let step = 1; step <= 8; step += 1) {
      assert.ok(marks.filter((mark) => mark === `end ${step}`).length <= 2, marks.join());
    }
  }
});

test('a run is carried on after its process and Postgres were killed together', async (t) => {
  const first = await startWorker(t, cluster, { concurrency: 1 });
  const request = await submitted({ steps: 2, stepMs: 500 });
  await marked(request, 'begin 2');
  await first.signal('SIGKILL');
  process.kill((await ensureEmbeddedPostgres({ home: cluster.home })).pid, 'SIGQUIT');
  await delay(500);
  await ensureEmbeddedPostgres({ home: cluster.home });
  const successor = await startWorker(t, cluster, { concurrency: 1 });
  assert.ok(successor.ready.tookOver.includes(request.runId));
  await allEnded([request]);
  await successor.close();
  assert.deepEqual(await marksOf(request), ['begin 1', 'end 1', 'begin 2', 'resumed', 'begin 2', 'end 2', 'succeeded']);
});

test('a run that ends every process which carries it out is undone and has failed', async (t) => {
  const request = await submitted({ steps: 3, stepMs: 1, killAt: 2 });
  let deaths = 0;
  while ((await findRun(pool, request.runId))?.endedAt === undefined && deaths < 6) {
    const worker = await startWorker(t, cluster, { concurrency: 1, maxAttempts: 1 }).catch(() => undefined);
    await Promise.race([worker?.gone(), allEnded([request]).then(() => worker?.close())]);
    deaths += 1;
  }
  const marks = await marksOf(request);
  assert.equal(marks.filter((mark) => mark === 'begin 2').length, 2, 'the first attempt and one more');
  assert.deepEqual(marks.slice(-3), ['undo 2', 'undo 1', 'failed']);
  assert.equal(await countThings(request), 0);
});

function plan(run: MarkedRun): string {
  return JSON.stringify(run);
}

/** An engine in this process. */
function engineOf(): DbosEngine {
  return new DbosEngine({ connection: controlConnectionOf(cluster), pool, body: markingBody(pool), graceMs: 0 });
}

async function submitted(run: MarkedRun, ownerId = 'local'): Promise<RunRequest> {
  const request = await recordRun(pool, ownerId, plan(run));
  await submitter.submit(request);
  return request;
}

async function marksOf({ runId }: RunRequest): Promise<readonly string[]> {
  const { rows } = await pool.query<{ mark: string }>('SELECT mark FROM public.marks WHERE run_id = $1 ORDER BY at', [
    runId,
  ]);
  return rows.map(({ mark }) => mark);
}

async function countThings({ runId }: RunRequest): Promise<number> {
  const { rowCount } = await pool.query('SELECT FROM public.things WHERE run_id = $1', [runId]);
  return rowCount ?? 0;
}

async function marked(request: RunRequest, mark: string): Promise<void> {
  await until(async () => (await marksOf(request)).includes(mark), `${mark} of ${request.runId}`);
}

async function allEnded(requests: readonly RunRequest[]): Promise<void> {
  for (const { runId } of requests) {
    await until(async () => (await findRun(pool, runId))?.endedAt !== undefined, `the end of ${runId}`);
  }
}

async function until(holds: () => Promise<boolean>, what: string): Promise<void> {
  const deadline = Date.now() + 40_000;
  // Postgres may be away: one test sees to that.
  while (!(await holds().catch(() => false))) {
    if (Date.now() > deadline) assert.fail(`Waited in vain for ${what}`);
    await delay(20);
  }
}
