import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import type { Pool } from 'pg';
import { newId, type ProjectId } from '../../src/domain/ids.ts';
import { findBlueprint, recordBlueprint } from '../../src/store/api-blueprints.ts';
import { endSandboxSessions, recordSandboxSession } from '../../src/store/container-sessions.ts';
import { recordMessageCost, sumMessageCosts } from '../../src/store/message-costs.ts';
import { migrate } from '../../src/store/migrate.ts';
import { openControlPool } from '../../src/store/open-control-pool.ts';
import { recordAction } from '../../src/store/project-actions.ts';
import { recordDeployment } from '../../src/store/project-deployments.ts';
import {
  createProject,
  findProject,
  findProjectById,
  freeName,
  listProjects,
  updateProject,
} from '../../src/store/projects.ts';
import { recordPush } from '../../src/store/push-history.ts';
import {
  countUnfinishedRuns,
  findRun,
  insertRun,
  listRunsOf,
  markStarted,
  requestCancel,
} from '../../src/store/runs.ts';
import { controlConnectionOf, openTestControl, recordEnd, recordRun } from '../support/control-database.ts';
import { startTestCluster, type TestCluster } from '../support/postgres.ts';

let cluster: TestCluster;
let pool: Pool;

before(async () => {
  cluster = await startTestCluster();
  const pools = Array.from({ length: 6 }, () => openControlPool(controlConnectionOf(cluster)));
  await Promise.all(pools.map((each) => migrate(each)));
  await Promise.all(pools.map((each) => each.end()));
  pool = await openTestControl(cluster);
});
after(async () => {
  await pool.end();
  await cluster.stop();
});

test('migrations that six processes run at once are each recorded once', async () => {
  const { rows } = await pool.query<{ name: string; checksum: string }>('SELECT name, checksum FROM schema_migrations');
  assert.ok(rows.some(({ name }) => name === '0001-control.sql'));
  assert.equal(new Set(rows.map(({ name }) => name)).size, rows.length);
});

test('a control database that another build made is refused', async () => {
  const name = '0001-control.sql';
  const { rows } = await pool.query('SELECT checksum FROM schema_migrations WHERE name = $1', [name]);
  await pool.query(`UPDATE schema_migrations SET checksum = 'other' WHERE name = $1`, [name]);
  await assert.rejects(migrate(pool), { code: 'CONFIG_INVALID' });
  await pool.query('UPDATE schema_migrations SET checksum = $2 WHERE name = $1', [name, rows[0].checksum]);
  await migrate(pool);
});

test('a live project’s name is its owner’s alone; a deleted one’s is free again', async () => {
  const ada = await project('ada', 'shop');
  assert.equal(ada.status, 'creating');
  await project('bob', 'shop');
  await assert.rejects(project('ada', 'shop'), { code: 'NAME_TAKEN' });
  assert.equal(await freeName(pool, 'ada', 'shop'), 'shop-2');
  await updateProject(pool, ada.id, { status: 'deleted' });
  assert.equal(await freeName(pool, 'ada', 'shop'), 'shop');
  assert.equal(await findProject(pool, 'ada', 'shop'), undefined);
  assert.equal((await findProjectById(pool, ada.id))?.status, 'deleted');
  const again = await project('ada', 'shop');
  assert.deepEqual(
    (await listProjects(pool, 'ada')).map(({ id }) => id),
    [again.id],
  );
});

test('a project is found by its id and by its name, by its owner alone', async () => {
  const { id } = await project('cleo', 'clinic');
  assert.equal((await findProject(pool, 'cleo', 'clinic'))?.id, id);
  assert.equal((await findProject(pool, 'cleo', id))?.id, id);
  assert.equal(await findProject(pool, 'dora', id), undefined);
  assert.equal(await findProject(pool, 'cleo', 'nul \0'), undefined);
});

test('updating a project changes what is named and leaves the rest', async () => {
  const { id } = await project('eve', 'gym');
  await updateProject(pool, id, { databaseName: 'turbo_1', url: 'http://127.0.0.1:1', needsDatabase: true });
  const updated = await updateProject(pool, id, { databaseName: undefined, status: 'ready' });
  const { databaseName, url, needsDatabase, status } = updated;
  assert.deepEqual(
    { databaseName, url, needsDatabase, status },
    { databaseName: undefined, url: 'http://127.0.0.1:1', needsDatabase: true, status: 'ready' },
  );
  await assert.rejects(updateProject(pool, newId('project'), { status: 'ready' }), { code: 'PROJECT_NOT_FOUND' });
});

test('free names stay within 40 characters', async () => {
  const base = 'a'.repeat(60);
  await project('fay', 'a'.repeat(40));
  assert.equal(await freeName(pool, 'fay', base), `${'a'.repeat(38)}-2`);
});

test('text that Postgres cannot hold is kept readable', async () => {
  const { prompt } = await createProject(pool, {
    id: newId('project'),
    ownerId: 'gil',
    name: 'x',
    prompt: 'a\0b\ud800',
  });
  assert.equal(prompt, 'a\u{FFFD}b\u{FFFD}');
});

test('a project has one active run at a time', async () => {
  const request = await recordRun(pool, 'hal');
  const projectId = request.exclusiveKey as ProjectId;
  const next = {
    id: newId('run'),
    projectId,
    ownerId: 'hal',
    prompt: 'more',
    options: { schemaSql: 'CREATE TABLE a ()' },
  };
  await assert.rejects(insertRun(pool, next), { code: 'PROJECT_BUSY' });
  const unfinished = await countUnfinishedRuns(pool);
  await recordEnd(pool, request, 'failed');
  assert.equal(await countUnfinishedRuns(pool), unfinished - 1);
  await insertRun(pool, next);
  assert.deepEqual(
    (await listRunsOf(pool, projectId)).map(({ id }) => id).toSorted(),
    [request.runId, next.id].toSorted(),
  );
  assert.deepEqual((await findRun(pool, next.id))?.options, { schemaSql: 'CREATE TABLE a ()' });
  await recordEnd(pool, { ...request, runId: next.id }, 'succeeded');
});

test('a run goes from queued to running to its end, and cancelling it later changes nothing', async () => {
  const request = await recordRun(pool, 'ida');
  assert.equal((await findRun(pool, request.runId))?.status, 'queued');
  await markStarted(pool, request.runId);
  const started = await findRun(pool, request.runId);
  assert.equal(started?.status, 'running');
  await markStarted(pool, request.runId);
  await recordEnd(pool, request, 'succeeded');
  await recordEnd(pool, request, 'failed');
  await markStarted(pool, request.runId);
  await requestCancel(pool, request.runId);
  const ended = await findRun(pool, request.runId);
  assert.deepEqual(
    [ended?.status, ended?.result?.status, ended?.cancelRequested, ended?.startedAt],
    ['succeeded', 'succeeded', false, started.startedAt],
  );
});

test('what a run records twice is there once', async () => {
  const { runId, exclusiveKey } = await recordRun(pool, 'jan');
  const projectId = exclusiveKey as ProjectId;
  const cost = {
    purpose: 'design',
    provider: 'xai',
    model: 'm',
    tokensIn: 10,
    tokensOut: 5,
    tokensCached: 0,
    durationMs: 7,
  };
  for (let time = 0; time < 2; time += 1) {
    await recordSandboxSession(pool, { runId, projectId, provider: 'local', externalId: 'box', directory: '/srv' });
    await recordMessageCost(pool, { runId, callKey: 'design:1', costUsd: 0.25, ...cost });
    await recordAction(pool, { projectId, runId, action: 'created' });
    await recordDeployment(pool, {
      runId,
      projectId,
      target: 'local',
      externalId: String(time),
      url: 'u',
      sourceHash: 'h',
    });
    await recordPush(pool, { runId, projectId, host: 'local', repository: 'r', commitId: 'c' });
    await recordBlueprint(pool, { runId, projectId, schema: undefined, openapi: { openapi: '3.1.0', note: 'a\0' } });
  }
  await endSandboxSessions(pool, projectId);
  for (const table of [
    'container_sessions',
    'message_cost_tracker',
    'project_actions',
    'project_deployments',
    'github_push_history',
    'api_blueprints',
  ]) {
    const { rowCount } = await pool.query(`SELECT FROM ${table} WHERE run_id = $1`, [runId]);
    assert.equal(rowCount, 1, table);
  }
  assert.deepEqual(await findBlueprint(pool, projectId), {
    runId,
    projectId,
    schema: undefined,
    openapi: { openapi: '3.1.0', note: 'a\u{FFFD}' },
  });
});

test('a run’s cost is the sum of its calls, and not known when one’s is not', async () => {
  const { runId } = await recordRun(pool, 'kim');
  const cost = {
    runId,
    purpose: 'code',
    provider: 'p',
    model: 'm',
    tokensIn: 1,
    tokensOut: 1,
    tokensCached: 0,
    durationMs: 1,
  };
  assert.equal(await sumMessageCosts(pool, runId), 0);
  await recordMessageCost(pool, { ...cost, callKey: '1', costUsd: 0.1 });
  await recordMessageCost(pool, { ...cost, callKey: '2', costUsd: 0.02 });
  assert.equal(await sumMessageCosts(pool, runId), 0.12);
  await recordMessageCost(pool, { ...cost, callKey: '3', costUsd: undefined });
  assert.equal(await sumMessageCosts(pool, runId), undefined);
});

async function project(ownerId: string, name: string): ReturnType<typeof createProject> {
  return await createProject(pool, { id: newId('project'), ownerId, name, prompt: 'a blog' });
}
