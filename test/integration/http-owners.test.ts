import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import type { Scope } from '../../src/domain/api-key.ts';
import { readEventStream } from '../support/event-stream.ts';
import { openHttpService, type CallOptions, type HttpService } from '../support/http-service.ts';

// Two users of one service, each with a key.

let service: HttpService;
let ada = '';
let bob = '';
let runId = '';
let projectId = '';

before(async () => {
  service = await openHttpService();
  ada = await makeKey('ada', 'admin');
  bob = await makeKey('bob', 'admin');
  const body = { prompt: 'a shop with products and customers', name: 'shop', waitSeconds: 45 };
  ({ runId, projectId } = await service.json<{ runId: string; projectId: string }>(202, '/v1/projects', {
    body,
    key: ada,
  }));
  const { status } = await service.json<{ status: string }>(200, `/v1/runs/${runId}?waitSeconds=30`, { key: ada });
  assert.equal(status, 'succeeded');
});

after(() => service.close());

test('another user finds neither the project nor its run, by name or by id', async () => {
  const body = { sql: 'SELECT 1' };
  const onProject: readonly (readonly [string, CallOptions?])[] = [
    [''],
    ['?confirm=shop', { method: 'DELETE' }],
    ['/actions', { body: { action: 'stop' } }],
    ['/files'],
    ['/files?path=src/app.ts'],
    ['/openapi.json'],
    ['/receipt'],
    ['/logs'],
    ['/schema'],
    ['/erd.svg'],
    ['/tables/products/rows'],
    ['/sql', { body }],
    ['/connection'],
  ];
  for (const [path, options] of onProject) {
    for (const project of [projectId, 'shop']) {
      const { code } = await service.json<{ code: string }>(404, `/v1/projects/${project}${path}`, {
        ...options,
        key: bob,
      });
      assert.equal(code, 'PROJECT_NOT_FOUND', path);
      // Without a key one is the user of this machine, who owns neither.
      await service.json(404, `/v1/projects/${project}${path}`, options);
    }
  }
  for (const [path, options] of [
    ['', {}],
    ['/events', {}],
    ['/events?format=ndjson', {}],
    ['/cancel', { method: 'POST' }],
  ] as const) {
    const { code } = await service.json<{ code: string }>(404, `/v1/runs/${runId}${path}`, { ...options, key: bob });
    assert.equal(code, 'RUN_NOT_FOUND');
  }
  for (const path of ['/v1/projects', '/v1/runs', '/v1/projects?search=shop']) {
    assert.deepEqual((await service.json<{ data: unknown[] }>(200, path, { key: bob })).data, []);
  }
  await service.json(404, '/v1/runs?project=shop', { key: bob });
  const usage = await service.json<{ runs: Record<string, number> }>(200, '/v1/usage', { key: bob });
  assert.equal(usage.runs['succeeded'], 0);

  assert.equal((await service.json<{ status: string }>(200, '/v1/projects/shop', { key: ada })).status, 'running');
  const { events } = await readEventStream(`${service.door.url}/v1/runs/${runId}/events`, { key: ada });
  assert.equal(events.at(-1)?.type, 'run-ended');
});

test('two users may have a project of the same name', async () => {
  const { data } = await service.json<{ data: { projectId: string }[] }>(200, '/v1/projects', { key: ada });
  const body = { prompt: 'a shop with orders', name: 'shop' };
  const made = await service.json<{ projectId: string; runId: string }>(202, '/v1/projects', { body, key: bob });
  assert.notEqual(made.projectId, data[0]?.projectId);
  await service.json(202, `/v1/runs/${made.runId}/cancel`, { method: 'POST', key: bob });
  await service.json(409, '/v1/projects', { body, key: ada });
});

test('a request that is repeated by name has its effect once', async () => {
  const headers = { 'idempotency-key': '6f1c2f7e-create' };
  const body = { prompt: 'a list of links', name: 'links' };
  const answers = await Promise.all(
    Array.from({ length: 5 }, () => service.call('/v1/projects', { body, headers, key: ada })),
  );
  const made = answers.filter(({ status }) => status === 202);
  const others = answers.filter(({ status }) => status !== 202);
  assert.ok(made.length >= 1);
  assert.ok(others.every(({ status }) => status === 409));
  for (const answer of others) assert.match(await answer.text(), /IDEMPOTENCY_KEY_IN_USE/);
  const first = (await made[0]!.json()) as { runId: string };

  const again = await service.call('/v1/projects', { body, headers, key: ada });
  assert.equal(again.status, 202);
  assert.equal(again.headers.get('idempotent-replayed'), 'true');
  assert.deepEqual(await again.json(), first);
  const other = { body: { ...body, prompt: 'a list of books' }, headers, key: ada };
  assert.match(await (await service.call('/v1/projects', other)).text(), /IDEMPOTENCY_KEY_REUSED/);
  const { data } = await service.json<{ data: unknown[] }>(200, '/v1/projects?search=links', { key: ada });
  assert.equal(data.length, 1);
  // The same name of another user's is another name.
  const bobs = await service.json<{ runId: string }>(202, '/v1/projects', { body, headers, key: bob });
  assert.notEqual(bobs.runId, first.runId);
  for (const [run, key] of [
    [first.runId, ada],
    [bobs.runId, bob],
  ] as const) {
    await service.json(202, `/v1/runs/${run}/cancel`, { method: 'POST', key });
  }
  await service.json(400, '/v1/projects', { body, headers: { 'idempotency-key': 'x'.repeat(201) }, key: ada });
});

test('where keys are needed, only a key opens', async () => {
  const { url } = await service.openDoor({ requireKey: true });
  for (const key of [undefined, 'tb_wrong', ada.slice(0, -1)]) {
    const response = await service.call('/v1/projects', { url, ...(key !== undefined && { key }) });
    assert.equal(response.status, 401);
    assert.match(response.headers.get('www-authenticate') ?? '', /^Bearer realm="turbobackend"/);
    assert.equal(((await response.json()) as { code: string }).code, 'UNAUTHORIZED');
  }
  const basic = await service.call('/v1/projects', { url, headers: { authorization: 'Basic YTpi' } });
  assert.equal(basic.status, 401);
  await service.json(401, '/metrics', { url });
  for (const open of ['/healthz', '/readyz', '/openapi.json']) await service.json(200, open, { url });
  await service.json(200, '/v1/projects', { url, key: ada });
  await service.json(401, '/v1/projects', { key: 'tb_wrong' });
});

test('a key does what its scope allows, until it is revoked', async () => {
  const reader = await makeKey('ada', 'read');
  await service.json(200, '/v1/projects/shop', { key: reader });
  await service.json(200, '/v1/projects/shop/sql', { body: { sql: 'SELECT 1' }, key: reader });
  for (const [path, options] of [
    ['/v1/projects', { body: { prompt: 'a shop' } }],
    ['/v1/projects/shop/actions', { body: { action: 'stop' } }],
    ['/v1/projects/shop?confirm=shop', { method: 'DELETE' }],
    [`/v1/runs/${runId}/cancel`, { method: 'POST' }],
    ['/v1/keys', {}],
    ['/metrics', {}],
  ] as const) {
    const { code } = await service.json<{ code: string }>(403, path, { ...options, key: reader });
    assert.equal(code, 'FORBIDDEN', path);
  }

  const { data } = await service.json<{ data: { keyId: string; scope: string; lastUsedAt?: number }[] }>(
    200,
    '/v1/keys',
    { key: ada },
  );
  const listed = data.find(({ scope }) => scope === 'read');
  assert.ok(listed?.lastUsedAt !== undefined && listed.lastUsedAt > Date.now() / 1000 - 60);
  assert.ok(!JSON.stringify(data).includes(reader), 'a key is never shown again');
  await service.json(404, `/v1/keys/${listed.keyId}`, { method: 'DELETE', key: bob });
  await service.json(200, '/v1/projects', { key: reader });
  await service.json(200, `/v1/keys/${listed.keyId}`, { method: 'DELETE', key: ada });
  await service.json(401, '/v1/projects', { key: reader });
});

test('who calls too often has to wait, and nobody else has', async () => {
  const { url } = await service.openDoor({ requestsPerMinute: 5 });
  const statuses: number[] = [];
  for (let call = 0; call < 7; call += 1) {
    statuses.push((await service.call('/v1/projects', { url, key: ada })).status);
  }
  assert.deepEqual(statuses, [200, 200, 200, 200, 200, 429, 429]);
  const refused = await service.call('/v1/projects', { url, key: ada });
  assert.ok(Number(refused.headers.get('retry-after')) >= 1);
  assert.equal(refused.headers.get('ratelimit-limit'), '5');
  assert.equal(((await refused.json()) as { code: string }).code, 'RATE_LIMITED');
  await service.json(200, '/v1/projects', { url, key: bob });
});

test('guessing keys is limited too', async () => {
  const { url } = await service.openDoor({ requestsPerMinute: 3, requireKey: true });
  const statuses: number[] = [];
  for (let call = 0; call < 5; call += 1) {
    statuses.push((await service.call('/v1/projects', { url, key: `tb_${call}` })).status);
  }
  assert.deepEqual(statuses, [401, 401, 401, 429, 429]);
});

async function makeKey(ownerId: string, scope: Scope): Promise<string> {
  return (await service.backend.keys.create({ ownerId, name: `${ownerId} ${scope}`, scope })).key.reveal();
}
