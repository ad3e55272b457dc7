import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { findPackageJSON } from 'node:module';
import { after, before, test } from 'node:test';
import type { Pool } from 'pg';
import type { RunId } from '../../src/domain/ids.ts';
import { DbosEngine } from '../../src/engine/dbos-engine.ts';
import { CHECKED_WITH } from '../../src/engine/dbos-tables.ts';
import type { RunRequest } from '../../src/engine/run-engine.ts';
import { findRun } from '../../src/store/runs.ts';
import { controlConnectionOf, openTestControl, recordRun } from '../support/control-database.ts';
import { markingBody, MARKS } from '../support/engine-worker.ts';
import { startWorker } from '../support/engine-workers.ts';
import { startTestCluster, type TestCluster } from '../support/postgres.ts';

let cluster: TestCluster;
let pool: Pool;

before(async () => {
  cluster = await startTestCluster();
  pool = await openTestControl(cluster);
  await pool.query(MARKS);
});
after(async () => {
  await pool.end();
  await cluster.stop();
});

test('six processes that start at once on an empty database all start', async (t) => {
  const workers = await Promise.all(Array.from({ length: 6 }, () => startWorker(t, cluster, { concurrency: 1 })));
  const times = workers.map(({ ready }) => ready.startedMs).toSorted((a, b) => a - b);
  t.diagnostic(`started after ${times.map((ms) => ms.toFixed(0)).join(', ')} ms`);
  await Promise.all(workers.map((worker) => worker.close()));
});

test('DBOS’ tables are those that our statements were written for', async () => {
  const manifest = JSON.parse(readFileSync(findPackageJSON('@dbos-inc/dbos-sdk', import.meta.url) ?? '', 'utf8')) as {
    version: string;
  };
  assert.equal(manifest.version, CHECKED_WITH.version);
  const { rows } = await pool.query<{ name: string; type: string }>(
    `SELECT table_name || '.' || column_name AS name, data_type AS type
       FROM information_schema.columns
      WHERE table_schema = 'dbos'`,
  );
  const present = new Map(rows.map(({ name, type }) => [name, type]));
  for (const [table, columns] of Object.entries(CHECKED_WITH.columns)) {
    for (const [column, type] of Object.entries(columns)) assert.equal(present.get(`${table}.${column}`), type, column);
  }
  const folder = new URL('../../src/engine/', import.meta.url);
  const code = readdirSync(folder).map((name) => readFileSync(new URL(name, folder), 'utf8'));
  const named = new Set(
    code.flatMap((text) => [...text.matchAll(/\bdbos\.(\w+_\w+)/g)].map(([, table = '']) => table)),
  );
  assert.deepEqual([...named].toSorted(), Object.keys(CHECKED_WITH.columns).toSorted());
});

test('a worker prints nothing and ends by itself once it is closed', async (t) => {
  const worker = await startWorker(t, cluster, { concurrency: 2 });
  const request = await handedIn(3);
  const engine = engineOf();
  await engine.ended(request.runId);
  const closedMs = await worker.close();
  const { startedMs, loadedMs } = worker.ready;
  t.diagnostic(`process ${loadedMs.toFixed(0)} ms, start ${startedMs.toFixed(0)} ms, close ${closedMs.toFixed(0)} ms`);
  assert.equal(worker.output(), '');
  const { rows } = await pool.query('SELECT FROM tb.worker_leases');
  assert.equal(rows.length, 0, 'its lease is gone');
});

test('four processes that each wait for a run of their own carry out their own', async (t) => {
  const settings = { concurrency: 4, keepsOwnRuns: true, submits: { steps: 5, stepMs: 100 } };
  const workers = await Promise.all([1, 2, 3, 4].map(() => startWorker(t, cluster, settings)));
  const engine = engineOf();
  for (const { ready, pid } of workers) {
    const runId = ready.submitted as RunId;
    await engine.ended(runId);
    const { rows } = await pool.query('SELECT DISTINCT pid FROM public.marks WHERE run_id = $1', [runId]);
    assert.deepEqual(rows, [{ pid }]);
  }
  const closed = await Promise.all(workers.map((worker) => worker.close()));
  t.diagnostic(`closed after ${closed.map((ms) => ms.toFixed(0)).join(', ')} ms`);
});

test('a busy process leaves what waits to a free one', async (t) => {
  const requests: RunRequest[] = [];
  for (let count = 0; count < 4; count += 1) requests.push(await handedIn(700));
  const workers = await Promise.all([1, 2].map(() => startWorker(t, cluster, { concurrency: 1 })));
  for (const { runId } of requests) await engineOf().ended(runId);
  await Promise.all(workers.map((worker) => worker.close()));
  const { rows } = await pool.query('SELECT DISTINCT pid FROM public.marks WHERE run_id = ANY($1)', [
    requests.map(({ runId }) => runId),
  ]);
  assert.equal(rows.length, 2, 'both had some');
  for (const request of requests) assert.equal((await marksOf(request)).length, 5, 'each is carried out once');
});

test('an engine that has not been started takes over nothing from an empty database', async () => {
  const { rows } = await pool.query('SELECT FROM dbos.workflow_status WHERE status IN ($1, $2)', [
    'PENDING',
    'ENQUEUED',
  ]);
  assert.equal(rows.length, 0);
  assert.deepEqual(await engineOf().takeOver(), []);
});

test('a run that an older version began is begun anew', async () => {
  const request = await handedIn();
  await pool.query(
    `UPDATE dbos.workflow_status
        SET application_version = 'turbobackend@0', status = 'PENDING', executor_id = 'gone', owner_xid = 'x'
      WHERE workflow_uuid = $1`,
    [request.runId],
  );
  await recordStep(request, 'a step that we do not know');
  await endedAfterTakeOver(request);
  assert.deepEqual(await marksOf(request), ['begin 1', 'end 1', 'begin 2', 'end 2', 'succeeded']);
});

test('a run of a newer version is left to its own', async () => {
  const request = await handedIn();
  await pool.query(`UPDATE dbos.workflow_status SET application_version = 'turbobackend@99' WHERE workflow_uuid = $1`, [
    request.runId,
  ]);
  const engine = engineOf();
  await engine.start({ concurrency: 1 });
  assert.deepEqual(await engine.takeOver(), []);
  await engine.close();
  await pool.query(`UPDATE dbos.workflow_status SET application_version = 'turbobackend@1' WHERE workflow_uuid = $1`, [
    request.runId,
  ]);
  await endedAfterTakeOver(request);
});

test('a run whose history does not fit is begun anew', async () => {
  const request = await handedIn();
  await recordStep(request, 'a step that was renamed');
  await endedAfterTakeOver(request);
  const marks = await marksOf(request);
  assert.deepEqual(marks.slice(-5), ['begin 1', 'end 1', 'begin 2', 'end 2', 'succeeded']);
});

test('a run that DBOS was told to cancel is mended', async () => {
  const request = await handedIn();
  await pool.query(
    `UPDATE dbos.workflow_status
        SET status = 'CANCELLED', queue_name = NULL, deduplication_id = NULL, completed_at = 0
      WHERE workflow_uuid = $1`,
    [request.runId],
  );
  await endedAfterTakeOver(request);
  assert.equal((await marksOf(request)).at(-1), 'succeeded');
});

test('the password is nowhere in the control database', async () => {
  const secret = controlConnectionOf(cluster).password.reveal();
  const { rows } = await pool.query<{ relname: string; found: boolean }>(
    `SELECT relname, query_to_xml(format('SELECT * FROM %I.%I', nspname, relname), true, false, '')::text
                     LIKE '%' || $1 || '%' AS found
       FROM pg_class
       JOIN pg_namespace ON pg_namespace.oid = relnamespace
      WHERE nspname IN ('tb', 'dbos')
        AND relkind = 'r'`,
    [secret],
  );
  assert.ok(rows.length > 20);
  assert.deepEqual(
    rows.filter(({ found }) => found),
    [],
  );
});

/** A run of two steps that no engine of this process claims yet. */
async function handedIn(stepMs = 1): Promise<RunRequest> {
  const request = await recordRun(pool, 'local', JSON.stringify({ steps: 2, stepMs }));
  const engine = engineOf();
  await engine.start({ concurrency: 0 });
  await engine.submit(request);
  await engine.close();
  return request;
}

async function endedAfterTakeOver(request: RunRequest): Promise<void> {
  const engine = engineOf();
  await engine.start({ concurrency: 1 });
  const deadline = Date.now() + 20_000;
  while ((await findRun(pool, request.runId))?.endedAt === undefined) {
    assert.ok(Date.now() < deadline, 'has not ended');
    await engine.takeOver();
  }
  await engine.ended(request.runId);
  await engine.close();
}

async function recordStep({ runId }: RunRequest, name: string): Promise<void> {
  await pool.query(
    `INSERT INTO dbos.operation_outputs (workflow_uuid, function_id, function_name, output, application_name)
     VALUES ($1, 0, $2, NULL, 'turbobackend')`,
    [runId, name],
  );
}

async function marksOf({ runId }: RunRequest): Promise<readonly string[]> {
  const { rows } = await pool.query<{ mark: string }>('SELECT mark FROM public.marks WHERE run_id = $1 ORDER BY at', [
    runId,
  ]);
  return rows.map(({ mark }) => mark);
}

function engineOf(): DbosEngine {
  return new DbosEngine({ connection: controlConnectionOf(cluster), pool, body: markingBody(pool), graceMs: 0 });
}
