import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, afterEach, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { inspect } from 'node:util';
import { pushImage, type ImageOrder, type PushedImage } from '../../src/deploy/oci/push-image.ts';
import { Redactor } from '../../src/domain/redactor.ts';
import { Secret } from '../../src/domain/secret.ts';
import { addImage, type TestImage } from '../support/cloud/base-image.ts';
import type { Fault } from '../support/cloud/fault-list.ts';
import { startRegistry, type Registry, type RegistryOptions } from '../support/cloud/registry.ts';
import { unpackImage } from '../support/cloud/run-image.ts';

const TOKEN = 'fm2_a-token-of-fly';
const AUTHORIZATION = `Basic ${Buffer.from(`x:${TOKEN}`).toString('base64')}`;
const TIMEOUTS = { timeoutMs: 2000, budgetMs: 4000, transferMs: 4000 };
const BASE: TestImage = {
  repository: 'library/node',
  tag: '24-slim',
  layers: [
    [
      { name: 'etc/', type: 'directory', mode: 0o755 },
      { name: 'etc/version', content: 'one' },
      { name: 'etc/doomed', content: 'x' },
      { name: 'opt/old/a', content: 'a' },
      { name: 'lib64', type: 'symlink', linkname: 'usr/lib64' },
      { name: 'usr/lib64/libc.so', content: 'libc' },
    ],
    [
      { name: 'etc/version', content: 'two' },
      { name: 'etc/.wh.doomed', content: '' },
      { name: 'opt/old/.wh..wh..opq', content: '' },
      { name: 'opt/old/b', content: 'b' },
      { name: 'lib64/libm.so', content: 'libm', mode: 0o755 },
      { name: 'usr/libm', type: 'link', linkname: 'usr/lib64/libm.so' },
    ],
  ],
  config: {
    Env: ['PATH=/usr/local/bin:/bin', 'NODE_VERSION=24'],
    Entrypoint: ['entry.sh'],
    Cmd: ['node'],
    User: '1000',
  },
};

const root = mkdtempSync(join(tmpdir(), 'turbo-oci-'));
const registries: Registry[] = [];
let folders = 0;

afterEach(async () => {
  await Promise.all(registries.splice(0).map((registry) => registry.stop()));
});
after(() => rmSync(root, { recursive: true, force: true }));

async function open(options: RegistryOptions = {}): Promise<Registry> {
  const registry = await startRegistry(options);
  registries.push(registry);
  return registry;
}

/** A registry with the base image, and one that wants the token. */
async function openBoth(base: Partial<TestImage> = {}, options: RegistryOptions = {}) {
  const hub = await open(options);
  await addImage(hub.store, { ...BASE, ...base });
  return { hub, fly: await open({ token: TOKEN }) };
}

function newFolder(): string {
  return join(root, `${++folders}`);
}

function orderOf(hub: Registry, fly: Registry, changes: Partial<ImageOrder> = {}): ImageOrder {
  return {
    base: `${hub.host}/library/node:24-slim`,
    registry: { url: fly.url, user: 'x', password: new Secret(TOKEN) },
    repository: 'tb-blog',
    tag: 'v-1',
    files: [{ path: 'app/src/server.ts', content: 'serve()' }],
    config: { Cmd: ['node', 'src/server.ts'], WorkingDir: '/app', Env: ['NODE_ENV=production', 'NODE_VERSION=26'] },
    cacheFolder: newFolder(),
    redactor: new Redactor(),
    timeouts: TIMEOUTS,
    ...changes,
  };
}

async function assertWhole(
  fly: Registry,
  { digest }: PushedImage,
  repository = 'tb-blog',
  tag = 'v-1',
): Promise<string> {
  assert.equal(fly.repositories.get(repository)?.tags.get(tag), digest);
  const folder = newFolder();
  const place = { registryUrl: fly.url, authorization: AUTHORIZATION, repository, tag, folder };
  const image = await unpackImage(place);
  assert.deepEqual(image, {
    command: ['entry.sh', 'node', 'src/server.ts'],
    environment: { PATH: '/usr/local/bin:/bin', NODE_VERSION: '26', NODE_ENV: 'production' },
    workingDirectory: '/app',
    user: '1000',
  });
  assert.equal(readFileSync(join(folder, 'app/src/server.ts'), 'utf8'), 'serve()');
  assert.equal(readFileSync(join(folder, 'etc/version'), 'utf8'), 'two');
  assert.equal(readFileSync(join(folder, 'usr/lib64/libm.so'), 'utf8'), 'libm');
  assert.equal(readFileSync(join(folder, 'usr/libm'), 'utf8'), 'libm');
  assert.deepEqual(readdirSync(join(folder, 'opt/old')), ['b']);
  assert.equal(existsSync(join(folder, 'etc/doomed')), false);
  return folder;
}

for (const [kind, base] of Object.entries<Partial<TestImage>>({
  'of OCI': {},
  'of Docker, for several platforms': { docker: true, index: true },
  'of OCI, for several platforms, compressed with zstd': { index: true, compression: 'zstd' },
  'that is not compressed': { compression: 'none', docker: true },
})) {
  test(`puts a layer on a base ${kind}`, async () => {
    const { hub, fly } = await openBoth(base);
    const pushed = await pushImage(orderOf(hub, fly));
    assert.equal(pushed.reference, `${fly.host}/tb-blog:v-1`);
    await assertWhole(fly, pushed);
  });
}

test('the same order gives the same image on another machine, and is not sent a second time', async () => {
  const { hub, fly } = await openBoth({ index: true });
  const order = orderOf(hub, fly);
  const first = await pushImage(order);
  assert.ok(first.uploadedBytes > 1000);
  hub.requests.length = 0;
  fly.requests.length = 0;
  assert.deepEqual(await pushImage(order), { ...first, uploadedBytes: 0 });
  assert.deepEqual(
    [...hub.requests, ...fly.requests].map(({ method, path }) => `${method} ${path}`),
    ['HEAD /v2/library/node/manifests/24-slim', 'GET /v2/tb-blog/manifests/v-1'],
  );
  const elsewhere = await open({ token: TOKEN });
  const again = await pushImage({ ...orderOf(hub, elsewhere), files: order.files.toReversed() });
  assert.equal(again.digest, first.digest);
});

test('a new release sends its own layer alone', async () => {
  const { hub, fly } = await openBoth();
  const order = orderOf(hub, fly);
  await pushImage(order);
  fly.requests.length = 0;
  await pushImage({ ...order, tag: 'v-2', files: [{ path: 'app/src/server.ts', content: 'serve(2)' }] });
  assert.equal(fly.requests.filter(({ method, path }) => method === 'PUT' && path.includes('/blobs/')).length, 2);
});

test('takes layers over from the base in the same registry, or from an earlier app, instead of sending them', async () => {
  const { hub, fly } = await openBoth();
  await addImage(fly.store, BASE);
  await assertWhole(fly, await pushImage(orderOf(fly, fly)));
  const blobs = fly.requests.filter(({ method, path }) => method === 'GET' && path.includes('/library/node/blobs/'));
  assert.equal(blobs.length, 1, 'the configuration alone is read');

  const other = await open({ token: TOKEN });
  const order = orderOf(hub, other);
  await pushImage(order);
  hub.requests.length = 0;
  const second = await pushImage({ ...order, repository: 'tb-shop' });
  assert.deepEqual(
    hub.requests.filter(({ path }) => path.includes('/blobs/')),
    [],
  );
  await assertWhole(other, second, 'tb-shop');
  const mounts = other.requests.filter(({ query }) => query.includes('from=tb-blog'));
  assert.equal(mounts.length, 2);
});

test('sends the layers when the registry has them no longer, or will not take them over', async () => {
  const { hub } = await openBoth();
  for (const options of [{ refuseMounts: false }, { refuseMounts: true }]) {
    const fly = await open({ token: TOKEN, ...options });
    const order = orderOf(hub, fly);
    await pushImage(order);
    if (!options.refuseMounts) fly.repositories.get('tb-blog')?.blobs.clear();
    await assertWhole(fly, await pushImage({ ...order, repository: 'tb-shop' }), 'tb-shop');
    assert.ok(fly.requests.some(({ query }) => query.includes('from=tb-blog')));
  }
});

test('fetches tokens as Docker Hub wants it, follows to where the blobs are, and tells its key to neither', async () => {
  const { hub, fly } = await openBoth(
    { index: true },
    { token: 'another', auth: 'bearer', publicRepositories: ['library/node'], tokenUses: 2, redirectBlobs: true },
  );
  await assertWhole(fly, await pushImage(orderOf(hub, fly)));
  assert.ok(hub.requests.some(({ path, query }) => path === '/token' && query.includes('library%2Fnode%3Apull')));
  assert.ok(hub.storageRequests.length >= 3);
  const told = inspect([hub.requests, hub.storageRequests], { depth: null });
  assert.ok(!told.includes(TOKEN) && !told.includes(AUTHORIZATION.slice(6)));
  assert.deepEqual(
    hub.storageRequests.filter(({ headers }) => headers['authorization'] !== undefined),
    [],
  );
});

test('pushes to a registry that exchanges the key for tokens, also when they run out on the way', async () => {
  const fly = await open({ token: TOKEN, auth: 'bearer', tokenUses: 1, redirectBlobs: true });
  const hub = await open();
  await addImage(hub.store, BASE);
  const { digest } = await pushImage(orderOf(hub, fly));
  assert.equal(fly.repositories.get('tb-blog')?.tags.get('v-1'), digest);
  await addImage(fly.store, BASE);
  const mounted = await pushImage({ ...orderOf(fly, fly), repository: 'tb-shop' });
  assert.equal(fly.repositories.get('tb-shop')?.tags.get('v-1'), mounted.digest);
});

test('survives one fault of every kind at every call', async () => {
  const calm = await openBoth({ index: true });
  const { digest } = await pushImage(orderOf(calm.hub, calm.fly));
  const faults: readonly Partial<Fault>[] = [
    { reset: true },
    { reset: true, after: true },
    { status: 503 },
    { status: 500, after: true },
    { status: 429, headers: { 'retry-after': '0' } },
    { delayMs: 800 },
  ];
  for (const side of ['hub', 'fly'] as const) {
    const calls = new Map(calm[side].requests.map(({ method, path }) => [`${method} ${shapeOf(path)}`, method]));
    for (const [call, method] of calls) {
      const path = new RegExp(`^${call.slice(method.length + 1)}$`);
      const tried = faults.map(async (fault) => {
        const both = await openBoth({ index: true });
        both[side].faults.add({ method, path, times: 1, ...fault });
        const patience = fault.delayMs === undefined ? TIMEOUTS : { timeoutMs: 400, budgetMs: 4000, transferMs: 400 };
        const pushed = await pushImage({ ...orderOf(both.hub, both.fly), timeouts: patience });
        assert.deepEqual(both[side].faults.unused, [], call);
        assert.equal(pushed.digest, digest, `${call} ${inspect(fault)}`);
        await assertWhole(both.fly, pushed);
      });
      await Promise.all(tried);
    }
  }
});

function shapeOf(path: string): string {
  return path
    .replace(/sha256:[0-9a-f]{64}/, 'sha256:[0-9a-f]{64}')
    .replace(/uploads\/[0-9a-f-]+$/, 'uploads/[0-9a-f-]+');
}

for (const [what, { side, fault, code, fix }] of Object.entries<{
  side: 'hub' | 'fly';
  fault: Omit<Fault, 'times'>;
  code: string;
  fix: RegExp;
}>({
  'a wrong key': { side: 'fly', fault: { path: /./, status: 401 }, code: 'PROVIDER_KEY_REFUSED', fix: /FLY_API_TOKEN/ },
  'no right to push': {
    side: 'fly',
    fault: { method: 'POST', path: /./, status: 403 },
    code: 'PROVIDER_REFUSED',
    fix: /FLY_API_TOKEN/,
  },
  'an exhausted quota': {
    side: 'fly',
    fault: { method: 'PUT', path: /manifests/, status: 402 },
    code: 'PROVIDER_REFUSED',
    fix: /paid/,
  },
  'a registry in trouble': {
    side: 'fly',
    fault: { path: /./, status: 502 },
    code: 'PROVIDER_UNAVAILABLE',
    fix: /again/,
  },
  'a registry that is away': {
    side: 'fly',
    fault: { path: /./, reset: true },
    code: 'PROVIDER_UNAVAILABLE',
    fix: /FLY_REGISTRY_URL/,
  },
  'a throttled registry': {
    side: 'fly',
    fault: { path: /./, status: 429, headers: { 'retry-after': '3600' } },
    code: 'PROVIDER_REFUSED',
    fix: /later/,
  },
  'an app that is not there': {
    side: 'fly',
    fault: { method: 'POST', path: /./, status: 404 },
    code: 'DEPLOY_FAILED',
    fix: /tb-blog/,
  },
  'a layer that is too large': {
    side: 'fly',
    fault: { method: 'PUT', path: /blobs/, status: 413 },
    code: 'DEPLOY_FAILED',
    fix: /./,
  },
  'no base image': { side: 'hub', fault: { path: /./, status: 404 }, code: 'DEPLOY_FAILED', fix: /FLY_BASE_IMAGE/ },
  'a private base image': {
    side: 'hub',
    fault: { path: /./, status: 401 },
    code: 'DEPLOY_FAILED',
    fix: /FLY_BASE_IMAGE/,
  },
  'a base registry that is away': {
    side: 'hub',
    fault: { path: /./, reset: true },
    code: 'PROVIDER_UNAVAILABLE',
    fix: /FLY_BASE_IMAGE to a copy/,
  },
  'a layer of the base that cannot be had': {
    side: 'hub',
    fault: { method: 'GET', path: /blobs/, status: 500 },
    code: 'PROVIDER_UNAVAILABLE',
    fix: /again/,
  },
  'a layer of the base with other bytes': {
    side: 'hub',
    fault: { method: 'GET', path: /blobs/, status: 200, body: { forged: true } },
    code: 'DEPLOY_FAILED',
    fix: /./,
  },
})) {
  test(`tells of ${what}, and mends it later`, async () => {
    const both = await openBoth();
    const redactor = new Redactor();
    redactor.add(new Secret(TOKEN));
    const order = {
      ...orderOf(both.hub, both.fly),
      redactor,
      timeouts: { timeoutMs: 800, budgetMs: 800, transferMs: 800 },
    };
    const body = { errors: [{ code: 'X', message: `told ${TOKEN} and ${AUTHORIZATION}` }] };
    both[side].faults.add({ body, ...fault, times: Infinity });
    const error = await pushImage(order).then(
      () => assert.fail('it was pushed'),
      (failure: unknown) => failure as { readonly code: string; readonly fix?: string; readonly message: string },
    );
    assert.equal(error.code, code, error.message);
    assert.match(error.fix ?? '', fix);
    const told = inspect(error, { depth: null });
    assert.ok(!told.includes(TOKEN) && !told.includes(AUTHORIZATION.slice(6)), told);
    assert.equal(both.fly.repositories.get('tb-blog')?.tags.get('v-1'), undefined);
    both[side].faults.clear();
    await assertWhole(both.fly, await pushImage({ ...order, timeouts: TIMEOUTS }));
  });
}

test('refuses a base for another machine, and one that is not what its manifest says', async () => {
  const { hub, fly } = await openBoth({ architecture: 'arm64' });
  await assert.rejects(pushImage(orderOf(hub, fly)), {
    code: 'DEPLOY_FAILED',
    message: /arm64/,
    fix: /FLY_BASE_IMAGE/,
  });
  await addImage(hub.store, { ...BASE, docker: true });
  const forged = hub.repositories.get('library/node');
  for (const [digest, manifest] of forged?.manifests ?? []) {
    const bytes = Buffer.from(manifest.bytes.toString().replace('"size":', '"size" :'));
    forged?.manifests.set(digest, { ...manifest, bytes });
  }
  await assert.rejects(pushImage(orderOf(hub, fly)), { code: 'DEPLOY_FAILED', message: /not the one of its digest/ });
  const base = `${hub.host}/library/node@sha256:${'0'.repeat(64)}`;
  await assert.rejects(pushImage(orderOf(hub, fly, { base })), { code: 'DEPLOY_FAILED', fix: /FLY_BASE_IMAGE/ });
});

test('gets along with registries that answer no HEAD and give no digests', async () => {
  const { hub, fly } = await openBoth({ index: true });
  for (const { faults } of [hub, fly]) faults.add({ method: 'HEAD', path: /./, times: Infinity, status: 405 });
  await assertWhole(fly, await pushImage(orderOf(hub, fly)));
});

test('sends a blob to where the registry wants it, and the key to nobody but the registry', async () => {
  const { hub, fly } = await openBoth();
  const storage = await open();
  const started = await fetch(`${storage.url}/v2/uploads-of-fly/blobs/uploads/`, { method: 'POST' });
  const location = storage.url + started.headers.get('location');
  fly.faults.add({ method: 'POST', path: /uploads/, times: 1, status: 202, headers: { location } });
  await assert.rejects(pushImage(orderOf(hub, fly)), { code: 'DEPLOY_FAILED' }, 'our fake does not know it there');
  const [sent] = storage.requests.filter(({ method }) => method === 'PUT');
  assert.ok(sent && sent.bodyBytes > 0);
  assert.equal(sent.headers['authorization'], undefined);
});

test('goes nowhere that is not encrypted, whoever points there', async () => {
  const { hub, fly } = await openBoth();
  const location = { location: 'http://storage.example/upload' };
  fly.faults.add({ method: 'POST', path: /uploads/, times: 9, status: 202, headers: location });
  await assert.rejects(pushImage(orderOf(hub, fly)), { code: 'DEPLOY_FAILED', message: /not encrypted/ });
  hub.faults.add({ method: 'GET', path: /blobs/, times: 9, status: 307, headers: location });
  await assert.rejects(pushImage(orderOf(hub, fly)), { code: 'DEPLOY_FAILED', message: /not encrypted/ });
});

test('ends when it is told to, with the reason', async () => {
  const { hub, fly } = await openBoth();
  const stop = new AbortController();
  fly.faults.add({
    method: 'PUT',
    path: /blobs/,
    times: 9,
    delayMs: 5000,
    onHit: () => stop.abort(new Error('enough')),
  });
  await assert.rejects(pushImage(orderOf(hub, fly, { signal: stop.signal })), { message: 'enough' });
});

test('three pushes at once share a cache, and fetch each layer once', async () => {
  const { hub, fly } = await openBoth();
  const cacheFolder = newFolder();
  const names = ['tb-a', 'tb-b', 'tb-c'];
  const pushes = names.map((repository) => pushImage(orderOf(hub, fly, { repository, cacheFolder })));
  for (const [index, pushed] of (await Promise.all(pushes)).entries()) await assertWhole(fly, pushed, names[index]);
  assert.equal(hub.requests.filter(({ method, path }) => method === 'GET' && path.includes('/blobs/')).length, 3);
});

test('a push that was killed half-way is finished by the next, whatever call it was killed in', async () => {
  const { hub, fly } = await openBoth();
  const { hub: calmHub, fly: calm } = await openBoth();
  const { digest } = await pushImage(orderOf(calmHub, calm));
  const { files, config, base, cacheFolder, registry } = orderOf(hub, fly);
  const order = { files, config, base, cacheFolder, registry, repository: 'tb-blog', tag: 'v-1' };
  const places: readonly [Registry, Omit<Fault, 'times'>][] = [
    [hub, { method: 'GET', path: /blobs/, after: true }],
    [fly, { method: 'POST', path: /uploads/, after: true }],
    [fly, { method: 'PUT', path: /blobs/, after: true }],
    [fly, { method: 'PUT', path: /manifests/, reset: true }],
  ];
  for (const [side, fault] of places) {
    const pusher = startPusher(order);
    const gone = once(pusher, 'exit');
    side.faults.add({ ...fault, delayMs: 100, times: 1, onHit: () => pusher.kill('SIGKILL') });
    await gone;
    assert.equal(pusher.signalCode, 'SIGKILL');
  }
  const pushed = await pushImage({ ...orderOf(hub, fly), cacheFolder });
  assert.equal(pushed.digest, digest);
  await assertWhole(fly, pushed);
});

test('a large layer is never whole in memory', async () => {
  const { hub, fly } = await openBoth();
  const noise = Buffer.alloc(128 * 1024 * 1024);
  for (let at = 0; at < noise.length; at += 4096) noise.writeUInt32LE(at, at);
  const layers = [[{ name: 'large', content: noise }]];
  await addImage(hub.store, { ...BASE, layers, compression: 'none', tag: 'large' });
  const order = { ...orderOf(hub, fly), base: `${hub.host}/library/node:large`, timeouts: {} };
  const pusher = startPusher(order);
  let output = '';
  pusher.stdout.on('data', (chunk: Buffer) => (output += chunk.toString()));
  await once(pusher, 'close');
  const { digest, grownBytes } = JSON.parse(output) as { digest: string; grownBytes: number };
  assert.equal(fly.repositories.get('tb-blog')?.tags.get('v-1'), digest);
  assert.ok(grownBytes < noise.length, `grew by ${Math.round(grownBytes / 1e6)} MB`);
  const sent = fly.requests.find(({ method, bodyBytes }) => method === 'PUT' && bodyBytes > noise.length);
  assert.equal(sent?.headers['content-length'], String(sent?.bodyBytes));
});

function startPusher(order: object) {
  const program = fileURLToPath(new URL('../support/cloud/push-image-process.ts', import.meta.url));
  const environment = { ...process.env, REGISTRY_TOKEN: TOKEN };
  return spawn(process.execPath, [program, JSON.stringify(order)], {
    stdio: ['ignore', 'pipe', 'inherit'],
    env: environment,
  });
}

test('a damaged blob in the cache is fetched again', async () => {
  const { hub, fly } = await openBoth();
  const order = orderOf(hub, fly);
  await pushImage(order);
  for (const name of readdirSync(order.cacheFolder)) {
    if (/^sha256-[0-9a-f]+$/.test(name)) writeFileSync(join(order.cacheFolder, name), 'damaged');
  }
  const other = await open({ token: TOKEN });
  await assertWhole(other, await pushImage({ ...orderOf(hub, other), cacheFolder: order.cacheFolder }));
});
