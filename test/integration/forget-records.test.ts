import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import type { Pool } from 'pg';
import type { RunRequest } from '../../src/engine/run-engine.ts';
import { EventHub } from '../../src/store/event-hub.ts';
import { forgetRecords } from '../../src/store/forget-records.ts';
import { appendEvent } from '../../src/store/run-events.ts';
import { controlConnectionOf, openTestControl, recordEnd, recordRun } from '../support/control-database.ts';
import { startTestCluster, type TestCluster } from '../support/postgres.ts';

let cluster: TestCluster;
let pool: Pool;

before(async () => {
  cluster = await startTestCluster();
  pool = await openTestControl(cluster);
});
after(async () => {
  await pool.end();
  await cluster.stop();
});

test('what runs that ended long ago have left goes, and their last word, costs and projects stay', async () => {
  const [old, recent, open] = [await filled(100), await filled(80), await filled(undefined)];
  await pool.query("UPDATE tb.projects SET status = 'ready'");
  await forgetRecords(pool, { olderThanDays: 90 });
  assert.deepEqual(await left(old), { events: 1, calls: 0, statements: 0, costs: 1, blueprints: 1, projects: 1 });
  assert.deepEqual(await left(recent), { events: 3, calls: 1, statements: 1, costs: 1, blueprints: 1, projects: 1 });
  assert.deepEqual(await left(open), { events: 2, calls: 1, statements: 1, costs: 1, blueprints: 1, projects: 1 });
  const hub = new EventHub(controlConnectionOf(cluster), pool);
  const events = await Array.fromAsync(hub.watch(old.runId));
  assert.deepEqual(
    events.map(({ type }) => type),
    ['run-ended'],
  );
  await hub.close();
});

test('a project that was deleted or failed long ago goes as a whole, unless a database of its is left', async () => {
  const [gone, left1, fresh] = [await filled(100), await filled(100), await filled(100)];
  const ids = [gone, left1, fresh].map(({ exclusiveKey }) => exclusiveKey);
  await pool.query("UPDATE tb.projects SET status = 'deleted', updated_at = 1 WHERE project_id = ANY($1)", [ids]);
  await pool.query('UPDATE tb.projects SET updated_at = tb.unix_now() WHERE project_id = $1', [fresh.exclusiveKey]);
  await pool.query(
    `INSERT INTO tb.project_databases (database_name, installation_id, project_id, owner_password, app_password, reader_password)
     VALUES ('tb_test0000_x', 'test0000', $1, '', '', '')`,
    [left1.exclusiveKey],
  );
  await forgetRecords(pool, { olderThanDays: 90 });
  assert.deepEqual(
    [(await left(gone)).projects, (await left(left1)).projects, (await left(fresh)).projects],
    [0, 1, 1],
  );
  await assert.rejects(forgetRecords(pool, { olderThanDays: 0 }), RangeError);
});

/** A run with one of everything that runs leave, which ended so many days ago. */
async function filled(endedDaysAgo: number | undefined): Promise<RunRequest> {
  const run = await recordRun(pool);
  const ids = [run.runId, run.exclusiveKey];
  for (const key of ['a', 'b']) {
    await appendEvent(pool, run.runId, key, { type: 'run-resumed', message: key }, 1, Date.now());
  }
  await pool.query("INSERT INTO tb.llm_calls (run_id, call_key, answer) VALUES ($1, 'a', '{}')", [run.runId]);
  await pool.query(
    `INSERT INTO tb.generated_queries (run_id, project_id, database_name, position, kind, sql, outcome)
     VALUES ($1, $2, 'x', 1, 'table', '', 'done')`,
    ids,
  );
  await pool.query(
    `INSERT INTO tb.message_cost_tracker (run_id, call_key, purpose, provider, model, tokens_in, tokens_out, duration_ms)
     VALUES ($1, 'a', '', '', '', 1, 1, 1)`,
    [run.runId],
  );
  await pool.query("INSERT INTO tb.api_blueprints (run_id, project_id, openapi) VALUES ($1, $2, '{}')", ids);
  if (endedDaysAgo === undefined) return run;
  await recordEnd(pool, run, 'succeeded');
  await pool.query('UPDATE tb.runs SET ended_at = tb.unix_now() - $2::bigint * 86400 WHERE run_id = $1', [
    run.runId,
    endedDaysAgo,
  ]);
  return run;
}

async function left({ runId, exclusiveKey }: RunRequest): Promise<Readonly<Record<string, number>>> {
  const { rows } = await pool.query<Record<string, number>>(
    `SELECT (SELECT count(*)::int FROM tb.run_events WHERE run_id = $1) AS events,
            (SELECT count(*)::int FROM tb.llm_calls WHERE run_id = $1) AS calls,
            (SELECT count(*)::int FROM tb.generated_queries WHERE run_id = $1) AS statements,
            (SELECT count(*)::int FROM tb.message_cost_tracker WHERE run_id = $1) AS costs,
            (SELECT count(*)::int FROM tb.api_blueprints WHERE run_id = $1) AS blueprints,
            (SELECT count(*)::int FROM tb.projects WHERE project_id = $2) AS projects`,
    [runId, exclusiveKey],
  );
  return rows[0] ?? {};
}
