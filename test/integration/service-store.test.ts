import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import type { Pool } from 'pg';
import type { RepeatableCall } from '../../src/domain/repeatable-call.ts';
import { createApiKey, listApiKeys, revokeApiKey, useApiKey } from '../../src/store/api-keys.ts';
import { claimCall, giveUpCall, keepAnswer } from '../../src/store/idempotency-keys.ts';
import type { NewestFirstPosition } from '../../src/store/newest-first.ts';
import { pageProjects } from '../../src/store/projects.ts';
import { countRuns, pageRuns } from '../../src/store/runs.ts';
import { openTestControl, recordEnd, recordRun } from '../support/control-database.ts';
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

test('of a key only a hash is kept, and only the whole key opens', async () => {
  const { apiKey, key } = await createApiKey(pool, { ownerId: 'ada', name: 'laptop', scope: 'read' });
  const { rows } = await pool.query<{ row: string }>('SELECT api_keys::text AS row FROM tb.api_keys');
  assert.ok(rows.every(({ row }) => !row.includes(key.reveal())));
  assert.equal(apiKey.lastUsedAt, undefined);
  assert.equal((await useApiKey(pool, key.reveal()))?.keyId, apiKey.keyId);
  assert.ok((await useApiKey(pool, key.reveal()))?.lastUsedAt !== undefined);
  for (const wrong of ['', 'tb_', key.reveal().slice(0, -1), `${key.reveal()} `, apiKey.keyId]) {
    assert.equal(await useApiKey(pool, wrong), undefined, wrong);
  }
});

test('a key is revoked by its owner, once', async () => {
  const { apiKey, key } = await createApiKey(pool, { ownerId: 'bob', name: 'phone', scope: 'write' });
  assert.equal(await revokeApiKey(pool, apiKey.keyId, 'ada'), undefined);
  assert.ok(await useApiKey(pool, key.reveal()));
  assert.equal((await revokeApiKey(pool, apiKey.keyId, 'bob'))?.keyId, apiKey.keyId);
  assert.equal(await useApiKey(pool, key.reveal()), undefined);
  assert.equal(await revokeApiKey(pool, apiKey.keyId), undefined);
  assert.deepEqual(await listApiKeys(pool, 'bob'), []);
  assert.equal((await listApiKeys(pool)).length, 1);
});

test('a call that is repeated gets the answer of the first', async () => {
  const call = callOf('k-1');
  assert.equal((await claimCall(pool, call)).state, 'ours');
  assert.equal((await claimCall(pool, call)).state, 'in-use');
  await keepAnswer(pool, call, { runId: 'run_1' });
  assert.deepEqual(await claimCall(pool, call), { state: 'answered', answer: { runId: 'run_1' } });
  assert.equal((await claimCall(pool, { ...call, requestHash: 'other' })).state, 'other-request');
  assert.equal((await claimCall(pool, { ...call, ownerId: 'bob' })).state, 'ours');
});

test('of calls that are made at once, one is ours', async () => {
  const states = await Promise.all(Array.from({ length: 20 }, () => claimCall(pool, callOf('k-2'))));
  assert.equal(states.filter(({ state }) => state === 'ours').length, 1);
  assert.equal(states.filter(({ state }) => state === 'in-use').length, 19);
});

test('whoever answers in the place of another names the effect as that one did', async () => {
  const call = callOf('k-3');
  const first = await claimCall(pool, call);
  await giveUpCall(pool, call);
  assert.deepEqual(await claimCall(pool, call), first, 'given up');
  await pool.query(`UPDATE tb.idempotency_keys SET claimed_at = claimed_at - 121 WHERE key = 'k-3'`);
  const later = await Promise.all([claimCall(pool, call), claimCall(pool, call)]);
  assert.deepEqual(
    later.filter(({ state }) => state === 'ours'),
    [first],
    'not answered in time',
  );
});

test('after a day the name is free for another call', async () => {
  const call = callOf('k-4');
  await claimCall(pool, call);
  await keepAnswer(pool, call, { runId: 'run_1' });
  await pool.query(`UPDATE tb.idempotency_keys SET created_at = created_at - 86401 WHERE key = 'k-4'`);
  assert.equal((await claimCall(pool, { ...call, requestHash: 'other' })).state, 'ours');
});

test('lists come newest first in pages, also of things made in the same second', async () => {
  const made: string[] = [];
  for (let count = 0; count < 7; count += 1) {
    const request = await recordRun(pool, 'cleo', count % 2 === 0 ? 'a 100% safe_box' : 'a blog');
    made.push(request.runId);
    if (count < 3) await recordEnd(pool, request, 'succeeded');
  }
  await recordRun(pool, 'dan');
  await pool.query(`UPDATE tb.runs SET created_at = 1000 + (random() * 2)::int WHERE owner_id = 'cleo'`);

  const seen: { id: string; createdAt: number }[] = [];
  for (let last: NewestFirstPosition | undefined; ; last = seen.at(-1)) {
    const all = { ownerId: 'cleo', projectId: undefined, status: undefined };
    const page = await pageRuns(pool, { ...all, after: last, limit: 2 });
    if (page.length === 0) break;
    seen.push(...page);
  }
  assert.deepEqual(seen.map(({ id }) => id).toSorted(), made.toSorted());
  assert.ok(seen.every(({ createdAt }, index) => index === 0 || createdAt <= seen[index - 1]!.createdAt));

  const ended = await pageRuns(pool, {
    ownerId: 'cleo',
    projectId: undefined,
    status: 'succeeded',
    after: undefined,
    limit: 10,
  });
  assert.equal(ended.length, 3);
  assert.deepEqual(await countRuns(pool, 'cleo'), { queued: 4, running: 0, succeeded: 3, failed: 0, cancelled: 0 });
  assert.equal((await countRuns(pool, 'cleo', 5000)).queued, 0);
  const found = async (search: string): Promise<number> =>
    (await pageProjects(pool, { ownerId: 'cleo', search, after: undefined, limit: 10 })).length;
  assert.equal(await found('100% SAFE_'), 4, 'whatever the case, and signs as they are');
  assert.equal(await found('%'), 4);
  assert.equal(await found('_o'), 0);
});

function callOf(key: string): RepeatableCall {
  return { ownerId: 'ada', key, requestHash: 'hash' };
}
