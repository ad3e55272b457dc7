import assert from 'node:assert/strict';
import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, beforeEach, test } from 'node:test';
import { externalName, INSTALLATION_MARK, PROJECT_MARK } from '../../src/cloud/external-name.ts';
import { describeDeployTarget, releaseOf } from '../../src/deploy/deploy-target.contract.ts';
import type { DeployRequest } from '../../src/deploy/deploy-target.ts';
import { FlyTarget, type FlySettings } from '../../src/deploy/fly-target.ts';
import { newId } from '../../src/domain/ids.ts';
import { Redactor } from '../../src/domain/redactor.ts';
import { Secret } from '../../src/domain/secret.ts';
import { addImage } from '../support/cloud/base-image.ts';
import { startFakeFly, type FakeFly } from '../support/cloud/fake-fly.ts';
import type { Fault } from '../support/cloud/fault-list.ts';
import type { FakeApp, FakeFlyOptions } from '../support/cloud/fly-apps.ts';
import { startRegistry, type Registry } from '../support/cloud/registry.ts';

const TOKEN = 'fm2_lJPECAAAAAAAABcdef0123456789';
const PASSWORD = 'hunter2hunter2';
const INSTALLATION = 'installation-of-tests';
const home = mkdtempSync(join(tmpdir(), 'turbo-fly-target-'));
let registry: Registry;
let fly: FakeFly;
let target: FlyTarget;

before(async () => {
  const isRepository = (name: string): boolean => name === 'base/os' || fly.apps.has(name);
  registry = await startRegistry({ token: TOKEN, isRepository });
  const release = { name: 'etc/os-release', content: 'ID=test\n' };
  await addImage(registry.store, { repository: 'base/os', tag: '1', layers: [[release]] });
  fly = await startFakeFly({ token: TOKEN, org: 'personal', registryUrl: registry.url });
  target = new FlyTarget(settingsFor(fly));
});

beforeEach(() => {
  fly.faults.clear();
  registry.faults.clear();
});

after(async () => {
  await fly.stop();
  await registry.stop();
  assert.deepEqual(fly.violations, []);
  rmSync(home, { recursive: true, force: true });
});

function settingsFor(api: FakeFly, changed: Partial<FlySettings> = {}): FlySettings {
  return {
    token: new Secret(TOKEN),
    org: 'personal',
    region: 'iad',
    apiUrl: api.url,
    registryUrl: registry.url,
    baseImage: `${registry.host}/base/os:1`,
    appUrl: api.appUrl,
    logsUrl: api.url,
    cacheFolder: join(home, 'images'),
    installationId: INSTALLATION,
    redactor: new Redactor(),
    healthyWithinMs: 3000,
    timeouts: { budgetMs: 3000, timeoutMs: 1000 },
    ...changed,
  };
}

function newRequest(version = 'one'): DeployRequest {
  const secrets = { DB_HOST: new Secret('db.example'), DB_PASSWORD: new Secret(PASSWORD) };
  return { projectId: newId('project'), name: 'blog-api', secrets, ...releaseOf(version) };
}

function appOf({ projectId }: DeployRequest): FakeApp | undefined {
  return fly.apps.get(externalName(INSTALLATION, projectId));
}

async function versionAt(url: string): Promise<string> {
  return (await fetch(`${url}/version`, { headers: { connection: 'close' } })).text();
}

/** Exactly one of each, whatever it took to get there. */
function assertOneOfEach(request: DeployRequest): void {
  const app = appOf(request);
  assert.equal(app?.machines.length, 1);
  assert.deepEqual(app.addresses.map(({ shared }) => String(shared)).toSorted(), ['false', 'true']);
  assert.deepEqual([...app.secrets.keys()].toSorted(), Object.keys(request.secrets).toSorted());
}

describeDeployTarget('FlyTarget', () => Promise.resolve(target));

test('makes an app with a network of its own, addresses, secrets and a machine that sleeps when nobody asks', async () => {
  const request = newRequest();
  const { url, externalId } = await target.deploy(request);
  assertOneOfEach(request);
  const name = externalName(INSTALLATION, request.projectId);
  const app = appOf(request);
  assert.equal(url, fly.appUrl.replace('{app}', name));
  assert.equal(app?.network, name);
  const { config, id } = app.machines[0] ?? assert.fail('no machine');
  assert.equal(id, externalId);
  assert.match(config.image, new RegExp(`^${registry.host}/${name}:v-[0-9a-f]{24}$`));
  const server = { HOST: '0.0.0.0', PORT: '8080', NODE_ENV: 'production' };
  assert.deepEqual(config.env, { ...server, ALLOWED_HOSTS: '*', TRUST_PROXY: '1' });
  assert.equal(config.metadata?.[PROJECT_MARK], request.projectId);
  assert.equal(config.metadata[INSTALLATION_MARK], INSTALLATION);
  assert.equal(config.services?.[0]?.autostart, true);
  assert.equal(app.secrets.get('DB_PASSWORD'), PASSWORD);
  await target.remove(request.projectId);
});

test('secrets go into the body that sets them, and nowhere else', async () => {
  const request = newRequest();
  const from = fly.requests.length;
  await target.deploy(request);
  const asked = fly.requests.slice(from);
  const withPassword = asked.filter((one) => JSON.stringify(one).includes(PASSWORD));
  assert.deepEqual(
    withPassword.map(({ method, path, query }) => [method, path.split('/').at(-1), query]),
    [['POST', 'secrets', '']],
  );
  for (const { path, query, body } of asked) assert.ok(!JSON.stringify([path, query, body ?? '']).includes(TOKEN));
  assert.ok(asked.every(({ headers }) => headers.authorization === `FlyV1 ${TOKEN}`));
  await target.remove(request.projectId);
});

test('a repeated deployment of the same release leaves the machine alone, wakes it and sets its secrets', async () => {
  const request = newRequest();
  await target.deploy(request);
  const machine = appOf(request)?.machines[0] ?? assert.fail('no machine');
  const { instanceId } = machine;
  await target.deploy(request);
  assert.equal(machine.launches, 1);
  await fly.sleepAll();
  assert.equal((await target.find(request.projectId))?.status, 'running');
  appOf(request)?.secrets.set('DB_PASSWORD', 'of a deployment that died');
  await target.deploy(request);
  assert.equal(machine.state, 'started');
  assert.equal(machine.instanceId, instanceId);
  assert.equal(appOf(request)?.secrets.get('DB_PASSWORD'), PASSWORD);
  await target.remove(request.projectId);
});

test('other secrets alone start the machine anew', async () => {
  const request = newRequest();
  const { url } = await target.deploy(request);
  await target.deploy({ ...request, secrets: { ...request.secrets, DB_PASSWORD: new Secret('another-password') } });
  const environment = (await (await fetch(`${url}/environment`)).json()) as Record<string, string>;
  assert.equal(environment['DB_PASSWORD'], 'another-password');
  assert.equal(appOf(request)?.machines[0]?.launches, 2);
  await target.remove(request.projectId);
});

test('has the secrets before it again, and no others, when a release with other ones is not healthy', async () => {
  const open = await startFakeFly({ token: TOKEN, org: 'personal', registryUrl: registry.url, showsSecrets: true });
  const shared = fly;
  fly = open;
  try {
    const opened = new FlyTarget(settingsFor(open));
    const request = newRequest();
    await opened.deploy(request);
    const secrets = { ...request.secrets, DB_PASSWORD: new Secret('another-password'), EXTRA: new Secret('something') };
    const release = releaseOf('bad', 'not ready');
    await assert.rejects(opened.deploy({ ...request, ...release, secrets }), /The release before it runs again/);
    assert.deepEqual(Object.fromEntries(appOf(request)?.secrets ?? []), {
      DB_HOST: 'db.example',
      DB_PASSWORD: PASSWORD,
    });
    // Another process learns from Fly.io itself what its log must not show.
    const lines = await new FlyTarget(settingsFor(open)).logs(request.projectId, 100);
    assert.ok(lines.includes('starting one [secret]'), lines.join('\n'));
  } finally {
    fly = shared;
    await open.stop();
    assert.deepEqual(open.violations, []);
  }
});

test('tells a machine that sleeps from one that was stopped, which no request starts', async () => {
  const request = newRequest();
  const { url } = await target.deploy(request);
  await fly.sleepAll();
  assert.equal((await target.find(request.projectId))?.status, 'running');
  assert.equal(await versionAt(url), 'one');
  await target.stop(request.projectId);
  assert.equal((await target.find(request.projectId))?.status, 'stopped');
  await assert.rejects(versionAt(url));
  await target.deploy(request);
  assert.equal((await target.find(request.projectId))?.status, 'running');
  assert.equal(await versionAt(url), 'one');
  await target.remove(request.projectId);
});

test('a release that fails on top of a stopped one leaves that stopped', async () => {
  const request = newRequest();
  const { url } = await target.deploy(request);
  await target.stop(request.projectId);
  await assert.rejects(target.deploy({ ...request, ...releaseOf('bad', 'ends') }), {
    code: 'DEPLOY_FAILED',
    message: /ended with exit code 1[^]*stopped as it was/,
  });
  assert.equal((await target.find(request.projectId))?.sourceHash, request.sourceHash);
  await assert.rejects(versionAt(url));
  assert.equal((await target.start(request.projectId)).status, 'running');
  assert.equal(await versionAt(url), 'one');
  await target.remove(request.projectId);
});

test('gives up early on a release that ends, with its exit code', async () => {
  const request = newRequest();
  const patient = new FlyTarget(settingsFor(fly, { healthyWithinMs: 60_000 }));
  const startedAt = performance.now();
  await assert.rejects(patient.deploy({ ...request, ...releaseOf('bad', 'ends') }), /it ended with exit code 1/);
  assert.ok(performance.now() - startedAt < 15_000);
  assert.equal(appOf(request)?.machines.length, 0);
  await target.remove(request.projectId);
});

test('a cancelled deployment is taken back', async () => {
  const request = newRequest();
  await assert.rejects(target.deploy({ ...request, signal: AbortSignal.abort() }), {
    code: 'DEPLOY_FAILED',
    message: /cancelled/,
  });
  assert.equal(appOf(request), undefined);
  const slow = { ...request, ...releaseOf('slow', 'not ready'), signal: AbortSignal.timeout(1500) };
  await assert.rejects(target.deploy(slow), { code: 'DEPLOY_FAILED', message: /cancelled/ });
  assert.equal(appOf(request)?.machines.length, 0);
  await target.remove(request.projectId);
});

const RESET: Partial<Fault> = { reset: true };
const LOST: Partial<Fault> = { after: true };
const THROTTLED: Partial<Fault> = { status: 429, headers: { 'retry-after': '0.05' } };
const BROKEN: Partial<Fault> = { status: 502 };
const SLOW: Partial<Fault> = { delayMs: 800 };

const CALLS: readonly (readonly [string, RegExp])[] = [
  ['GET', /^\/v1\/apps\/[^/]+$/],
  ['POST', /^\/v1\/apps$/],
  ['GET', /\/ip_assignments$/],
  ['POST', /\/ip_assignments$/],
  ['POST', /\/secrets$/],
  ['GET', /\/machines$/],
  ['POST', /\/machines$/],
  ['GET', /\/machines\/[^/]+$/],
  ['POST', /\/metadata\//],
];

for (const [what, fault] of Object.entries({ RESET, LOST, THROTTLED, BROKEN, SLOW })) {
  test(`one of each resource, whichever call is met by: ${what}`, async () => {
    const request = newRequest();
    const hasty = new FlyTarget(settingsFor(fly, { timeouts: { budgetMs: 3000, timeoutMs: 500 } }));
    fly.faults.add(...CALLS.map(([method, path]): Fault => ({ method, path, times: 1, ...fault })));
    assert.equal((await hasty.deploy(request)).status, 'running');
    assert.deepEqual(fly.faults.unused, []);
    assertOneOfEach(request);
    fly.faults.add({ method: 'DELETE', path: /./, times: 1, ...fault });
    await target.remove(request.projectId);
    assert.equal(appOf(request), undefined);
  });
}

test('updates, stops and starts a machine although each call is lost once', async () => {
  const request = newRequest();
  const { url } = await target.deploy(request);
  fly.faults.add(
    { method: 'POST', path: /\/machines\/[^/]+$/, times: 1, after: true },
    ...['cordon', 'stop', 'uncordon', 'start'].map((action) => ({
      method: 'POST',
      path: new RegExp(`/${action}$`),
      times: 1,
      after: true,
    })),
  );
  await target.deploy({ ...request, ...releaseOf('two') });
  await target.stop(request.projectId);
  await target.start(request.projectId);
  assert.deepEqual(fly.faults.unused, []);
  assert.equal(await versionAt(url), 'two');
  assertOneOfEach(request);
  await target.remove(request.projectId);
});

test('finds the machine that an answer did not tell of', async () => {
  const request = newRequest();
  const untold = { method: 'POST', path: /\/machines(?:\/\w+)?$/, times: 9, after: true, status: 201 };
  fly.faults.add(untold);
  await target.deploy(request);
  assertOneOfEach(request);
  const { url } = await target.deploy({ ...request, ...releaseOf('two') });
  assertOneOfEach(request);
  assert.equal(await versionAt(url), 'two');
  await target.remove(request.projectId);
});

test('waits for another change of the machine, and goes on when somebody made it in the same moment', async () => {
  const request = newRequest();
  const body = { error: 'machine ID has a lease held by another' };
  await target.deploy(request);
  fly.faults.add(
    { method: 'POST', path: /\/machines\/[^/]+$/, times: 1, status: 409, body },
    { method: 'POST', path: /\/secrets$/, times: 1, status: 412, body },
  );
  assert.equal((await target.deploy({ ...request, ...releaseOf('two') })).status, 'running');
  await target.remove(request.projectId);
  const both = await Promise.all([target.deploy(request), new FlyTarget(settingsFor(fly)).deploy(request)]);
  assert.equal(both[0].externalId, both[1].externalId);
  assertOneOfEach(request);
  await target.remove(request.projectId);
});

test('killed half-way at any call and repeated, there is one of each resource', async () => {
  const counted = newRequest();
  const from = fly.requests.length;
  await target.deploy(counted);
  const calls = fly.requests.slice(from).filter(({ path }) => !/(?:\/machines\/[^/]+|\/apps)$/.test(path)).length;
  await target.remove(counted.projectId);
  assert.ok(calls >= 10, `${calls} calls`);
  await Promise.all([0, 1, 2].map((first) => dieEverywhere(first + 1, calls)));
});

/** At every third call of a deployment from `first` on: it is done, its answer is lost, and nothing is heard again. */
async function dieEverywhere(first: number, calls: number): Promise<void> {
  for (let last = first; last <= calls; last += 3) {
    const request = newRequest();
    const path = new RegExp(externalName(INSTALLATION, request.projectId));
    fly.faults.add({ path, times: last - 1 }, { path, times: 1, after: true });
    fly.faults.add({ path, times: 1000, reset: true });
    const dying = new FlyTarget(
      settingsFor(fly, { timeouts: { budgetMs: 20, timeoutMs: 1000 }, healthyWithinMs: 300 }),
    );
    await assert.rejects(dying.deploy(request));
    fly.faults.clear(path);
    assert.equal((await target.deploy(request)).status, 'running');
    assertOneOfEach(request);
    await target.remove(request.projectId);
  }
}

test('a release that its deployer did not live to judge is taken back by the next deployment', async () => {
  const request = newRequest();
  await target.deploy(request);
  const bad = { ...request, ...releaseOf('bad', 'not ready') };
  const app = appOf(request) ?? assert.fail('no app');
  // Dies while it waits: the machine runs the bad release, unproven.
  const death = new AbortController();
  const dying = target.deploy({ ...bad, signal: death.signal }).catch(() => undefined);
  while (app.machines[0]?.config.metadata?.['turbobackend.state'] !== 'unproven') await new Promise(setImmediate);
  const orphaned = structuredClone(app.machines[0]?.config);
  death.abort();
  await dying;
  app.machines[0]?.update(orphaned, true);
  await assert.rejects(target.deploy(bad), /readyz answered 503[^]*The release before it runs again/);
  assert.equal((await target.find(request.projectId))?.sourceHash, request.sourceHash);
  await target.remove(request.projectId);
});

test('leaves an app alone that is not the project’s: of another organization, another network, another mark', async () => {
  for (const org of ['somebody-else', 'personal']) {
    const request = newRequest();
    const name = externalName(INSTALLATION, request.projectId);
    const placed = fly.place(name, org);
    await assert.rejects(target.deploy(request), { code: 'RESOURCE_NOT_OURS' });
    await target.remove(request.projectId);
    assert.equal(await target.find(request.projectId), undefined);
    assert.equal(fly.apps.get(name), placed);
    assert.deepEqual([placed.machines, placed.addresses, [...placed.secrets]], [[], [], []]);
  }
});

test('a name that is taken although nobody can be seen to have it is not ours either', async () => {
  const body = { error: 'Validation failed: Name has already been taken', status: 'name_taken' };
  fly.faults.add({ method: 'POST', path: /^\/v1\/apps$/, times: 5, status: 422, body });
  await assert.rejects(target.deploy(newRequest()), { code: 'RESOURCE_NOT_OURS', message: /tb-/ });
});

test('a refused key, an exhausted account, a full region and an unreachable host say what to do', async () => {
  const wrong = new FlyTarget(settingsFor(fly, { token: new Secret('fm2_somethingelse') }));
  const fix = /FLY_API_TOKEN/;
  await assert.rejects(wrong.deploy(newRequest()), { code: 'PROVIDER_KEY_REFUSED', fix });
  await assert.rejects(async () => wrong.check(), { code: 'PROVIDER_KEY_REFUSED', fix });

  const body = { error: 'This organization has reached its limit of machines' };
  const request = newRequest();
  fly.faults.add({ method: 'POST', path: /\/machines$/, times: 9, status: 403, body });
  await assert.rejects(target.deploy(request), { code: 'PROVIDER_REFUSED', message: /limit of machines/ });
  fly.faults.clear();

  const full = { error: 'insufficient resources to create new machine', status: 'insufficient_capacity' };
  fly.faults.add({ method: 'POST', path: /\/machines$/, times: 9, status: 503, body: full });
  await assert.rejects(target.deploy(request), { code: 'PROVIDER_REFUSED', message: /iad/, fix: /FLY_REGION/ });
  fly.faults.clear();
  assert.equal((await target.deploy(request)).status, 'running');
  assertOneOfEach(request);
  await target.remove(request.projectId);

  const nowhere = new FlyTarget(settingsFor(fly, { apiUrl: 'http://127.0.0.1:9', timeouts: { budgetMs: 300 } }));
  await assert.rejects(nowhere.deploy(newRequest()), { code: 'PROVIDER_UNAVAILABLE', fix: /FLY_API_URL/ });
});

test('the registry’s faults leave no machine, and the next deployment mends it', async () => {
  const request = newRequest();
  registry.faults.add({ method: 'PUT', path: /\/manifests\//, times: 50, status: 403 });
  await assert.rejects(target.deploy(request), { code: 'PROVIDER_REFUSED' });
  assert.equal(appOf(request)?.machines.length, 0);
  registry.faults.clear();
  registry.faults.add({ method: 'PUT', path: /\/manifests\//, times: 1, after: true });
  assert.equal((await target.deploy(request)).status, 'running');
  await target.remove(request.projectId);
});

test('check tells the organization; one that is not there is named with FLY_ORG', async () => {
  assert.equal(await target.check(), 'organization personal');
  const other = new FlyTarget(settingsFor(fly, { org: 'nobodys' }));
  assert.match(await other.check(), /nobodys is tried/);
  const refused = { code: 'PROVIDER_REFUSED', fix: /FLY_ORG/ };
  await assert.rejects(other.list(), refused);
  await assert.rejects(other.deploy(newRequest()), refused);
  const keyless = new FlyTarget(settingsFor(fly, { token: new Secret('fm2_nobody-knows-this') }));
  await assert.rejects(keyless.check(), { code: 'PROVIDER_KEY_REFUSED' });
});

test('lists what a crash left, and nothing of another installation', async () => {
  const request = newRequest();
  fly.place(externalName(INSTALLATION, request.projectId));
  fly.place(externalName('another installation', request.projectId));
  fly.place('shop');
  const listed = await target.list();
  assert.equal(listed.filter((projectId) => projectId === request.projectId).length, 1);
  assert.equal(new Set(listed).size, listed.length);
});

test('does with an API that has neither metadata nor cordon nor a log', async () => {
  const options: FakeFlyOptions = { token: TOKEN, org: 'personal', registryUrl: registry.url, isMinimal: true };
  const minimal = await startFakeFly(options);
  const shared = fly;
  fly = minimal;
  try {
    const plain = new FlyTarget(settingsFor(minimal));
    const request = newRequest();
    const { url } = await plain.deploy(request);
    await plain.deploy({ ...request, ...releaseOf('two') });
    await plain.stop(request.projectId);
    assert.equal((await plain.find(request.projectId))?.status, 'stopped');
    await plain.start(request.projectId);
    assert.equal((await plain.find(request.projectId))?.status, 'running');
    assert.equal(await versionAt(url), 'two');
    assert.deepEqual(await plain.logs(request.projectId, 10), []);
    await plain.remove(request.projectId);
    assert.equal(minimal.apps.size, 0);
  } finally {
    fly = shared;
    await minimal.stop();
  }
});

test('leaves no folder of a machine behind', async () => {
  const request = newRequest();
  const were = machineFolders();
  await target.deploy(request);
  await target.remove(request.projectId);
  assert.deepEqual(machineFolders(), were);
});

function machineFolders(): readonly string[] {
  return readdirSync(tmpdir()).filter((name) => /^turbo-fly-[^t]/.test(name));
}
