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
let planId = '';

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
  ({ planId } = await service.json<Plan>(201, '/v1/projects/shop/changes', { body: DROP, key: ada }));
});

after(() => service.close());

interface Plan {
  readonly planId: string;
  readonly needsConsent: boolean;
  readonly baseRevision: number;
  readonly warnings: readonly string[];
}

interface RunAnswer {
  readonly runId: string;
  readonly kind: string;
  readonly status: string;
  readonly result?: { readonly revision: number };
}

const DROP = { sql: 'ALTER TABLE products DROP COLUMN price' };

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
    ['/changes', { body: { prompt: 'add a note to products' } }],
    [`/changes/${planId}`],
    [`/changes/${planId}/apply`, { body: {} }],
    ['/change', { body: { prompt: 'add a note to products' } }],
    ['/undo', { body: {} }],
    ['/deploy', { body: {} }],
    ['/files', { body: { files: [{ path: 'src/evil.ts', content: '' }] } }],
    ['/check', { method: 'POST' }],
    ['/revisions'],
    ['/revisions/1'],
    ['/diff'],
    ['/secrets'],
    ['/secrets', { body: { name: 'PAYMENT_KEY', value: 'somebody-elses' } }],
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

test('what loses data takes a person: a key that no model has, and the name of the project', async () => {
  const writer = await makeKey('ada', 'write');
  const { needsConsent } = await service.json<Plan>(200, `/v1/projects/shop/changes/${planId}`, { key: writer });
  assert.equal(needsConsent, true);
  const consent = { acceptDataLoss: true, confirm: 'shop' };
  for (const [key, path, body, status, code] of [
    [writer, `/changes/${planId}/apply`, {}, 409, 'CONFIRMATION_NEEDED'],
    [writer, `/changes/${planId}/apply`, consent, 403, 'FORBIDDEN'],
    [writer, '/change', DROP, 409, 'CONFIRMATION_NEEDED'],
    [ada, `/changes/${planId}/apply`, { acceptDataLoss: true }, 409, 'CONFIRMATION_NEEDED'],
    [ada, `/changes/${planId}/apply`, { ...consent, confirm: 'shops' }, 409, 'CONFIRMATION_NEEDED'],
    [ada, '/change', { ...DROP, ...consent }, 400, 'USAGE'],
  ] as const) {
    const refused = await service.json<{ code: string; fix: string }>(status, `/v1/projects/shop${path}`, {
      body,
      key,
    });
    assert.equal(refused.code, code, path);
    assert.doesNotMatch(refused.fix, /turbobackend/);
  }
  const { data } = await service.json<{ data: unknown[] }>(200, '/v1/projects/shop/revisions', { key: ada });
  assert.equal(data.length, 1, 'nothing was changed');
});

test('one change at a time, each once, and none on a plan from before another', async () => {
  const [headers, key] = [{ 'idempotency-key': 'add-a-note' }, ada];
  const body = { sql: 'ALTER TABLE products ADD COLUMN note text' };
  const { runId: changing } = await service.json<RunAnswer>(202, '/v1/projects/shop/change', { body, headers, key });
  const again = await service.json<RunAnswer>(202, '/v1/projects/shop/change', { body, headers, key });
  assert.equal(again.runId, changing);
  const busy = await service.json<{ code: string }>(409, `/v1/projects/shop/undo`, { body: { to: 1 }, key });
  assert.equal(busy.code, 'PROJECT_BUSY');
  const { events } = await readEventStream(`${service.door.url}/v1/runs/${changing}/events`, { key });
  assert.ok(events.some((event) => event.type === 'phase-ended' && event.phase === 'migrate'));
  const { kind, result } = await service.json<RunAnswer>(200, `/v1/runs/${changing}`, { key });
  assert.deepEqual([kind, result?.revision], ['change', 2]);

  const stale = await service.json<{ code: string; fix: string }>(409, `/v1/projects/shop/changes/${planId}/apply`, {
    body: { acceptDataLoss: true, confirm: 'shop' },
    key,
  });
  assert.equal(stale.code, 'CHANGE_STALE');
  assert.match(stale.fix, /again/);
});

test('a change that is cancelled leaves what was there; one that was agreed to is undone with its values', async () => {
  const key = ada;
  const { url } = await service.json<{ url: string }>(200, '/v1/projects/shop', { key });
  const made = await service.call('/v1/products', {
    url,
    body: { name: 'Lamp', sku: 'lamp', price: '42.00', stock: 1 },
  });
  assert.equal(made.status, 201, await made.text());
  await service.json(200, '/v1/projects/shop/actions', { body: { action: 'stop' }, key });
  const again = await service.json<Plan>(201, '/v1/projects/shop/changes', { body: DROP, key });
  assert.deepEqual([again.needsConsent, again.baseRevision], [true, 2]);
  assert.deepEqual(again.warnings.slice(0, 1), ['shop is stopped: this starts it']);
  const apply = `/v1/projects/shop/changes/${again.planId}/apply`;
  const body = { acceptDataLoss: true, confirm: 'shop' };

  const begun = await service.json<RunAnswer>(202, apply, { body, key });
  await service.json(202, `/v1/runs/${begun.runId}/cancel`, { method: 'POST', key });
  const cancelled = await service.json<RunAnswer>(200, `/v1/runs/${begun.runId}?waitSeconds=30`, { key });
  assert.equal(cancelled.status, 'cancelled');
  assert.deepEqual(await prices(), ['42.00']);

  const applied = await service.json<RunAnswer>(202, apply, { body: { ...body, waitSeconds: 45 }, key });
  assert.deepEqual([applied.status, applied.result?.revision], ['succeeded', 3]);
  await service.json(422, '/v1/projects/shop/sql', { body: { sql: 'SELECT price FROM products' }, key });
  const undone = await service.json<RunAnswer>(202, '/v1/projects/shop/undo', { body: { waitSeconds: 45 }, key });
  assert.deepEqual([undone.status, undone.kind], ['succeeded', 'undo']);
  assert.deepEqual(await prices(), ['42.00']);

  async function prices(): Promise<unknown> {
    const sql = { body: { sql: 'SELECT price::text FROM products' }, key };
    return (await service.json<{ rows: unknown[][] }>(200, '/v1/projects/shop/sql', sql)).rows.flat();
  }
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
    ['/v1/projects/shop/changes', { body: DROP }],
    ['/v1/projects/shop/change', { body: DROP }],
    ['/v1/projects/shop/undo', { method: 'POST' }],
    ['/v1/projects/shop/deploy', { method: 'POST' }],
    ['/v1/projects/shop/files', { body: { remove: ['src/app.ts'] } }],
    ['/v1/projects/shop/check', { method: 'POST' }],
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
