import assert from 'node:assert/strict';
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { createServer as createTcpServer } from 'node:net';
import { once } from 'node:events';
import { request, type IncomingMessage } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { after, afterEach, before, test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { externalName, INSTALLATION_MARK, PROJECT_MARK } from '../../src/cloud/external-name.ts';
import type { TurboError } from '../../src/domain/errors.ts';
import { newId, type ProjectId } from '../../src/domain/ids.ts';
import { Redactor } from '../../src/domain/redactor.ts';
import { Secret } from '../../src/domain/secret.ts';
import { prepareBackendRuntime } from '../../src/machine/backend-runtime.ts';
import { DaytonaSandboxProvider, type DaytonaSandboxSettings } from '../../src/sandbox/daytona-sandbox.ts';
import { findProcesses } from '../../src/machine/host-process.ts';
import { describeSandbox } from '../../src/sandbox/sandbox.contract.ts';
import type { Sandbox } from '../../src/sandbox/sandbox.ts';
import { startFakeDaytona, type FakeDaytona } from '../support/cloud/fake-daytona.ts';
import type { FakeMachine } from '../support/cloud/fake-machine.ts';
import type { Fault } from '../support/cloud/fault-list.ts';
import { makeNpmLayer } from '../support/cloud/npm-layer.ts';

const KEY = 'dtn_0123456789abcdef';
const PASSWORD = 'p4ssw0rd-of-the-project';
const INSTALLATION = 'inst_test';
const RESET_BEFORE = { times: 1, reset: true };
const ANSWER_LOST = { times: 1, reset: true, after: true };

const layers = mkdtempSync(join(tmpdir(), 'turbo-layers-'));
let fake: FakeDaytona;
let provider: DaytonaSandboxProvider;

before(async () => {
  fake = await startFakeDaytona({ apiKey: KEY, path: makeNpmLayer(layers) });
  provider = makeProvider();
});

afterEach(() => {
  assert.deepEqual(fake.faults.unused, []);
  fake.faults.clear();
});

after(async () => {
  await fake.stop();
  rmSync(layers, { recursive: true, force: true });
  assert.deepEqual(fake.violations(), []);
  assertNoSecretIsTold();
});

function makeProvider(settings: Partial<DaytonaSandboxSettings> = {}): DaytonaSandboxProvider {
  return new DaytonaSandboxProvider({
    apiUrl: fake.url,
    apiKey: new Secret(KEY),
    image: 'node:24-slim',
    installationId: INSTALLATION,
    runtimeFiles: RUNTIME_FILES,
    redactor: new Redactor(),
    budgetMs: 5000,
    ...settings,
  });
}

const LOCK = readFileSync(new URL('../../template/database/package-lock.json', import.meta.url), 'utf8');
const { packages } = JSON.parse(LOCK) as { readonly packages: Readonly<Record<string, object>> };
const RUNTIME_FILES = [
  { path: 'package.json', content: JSON.stringify(packages['']) },
  { path: 'package-lock.json', content: LOCK },
];

/** Only a body may hold the password, and only as a file or as a command's environment; only a header the key. */
function assertNoSecretIsTold(): void {
  for (const { path, query, body } of fake.requests) {
    assert.doesNotMatch(`${path}?${query.toString()}`, new RegExp(`${KEY}|${PASSWORD}`));
    assert.doesNotMatch(body, new RegExp(KEY));
    if (path === '/sandbox') assert.doesNotMatch(body, new RegExp(PASSWORD));
    if (path.endsWith('/process/execute')) {
      const { command } = JSON.parse(body) as { readonly command: string };
      assert.doesNotMatch(command, new RegExp(PASSWORD));
      for (const word of command.split(/\s/)) assert.doesNotMatch(Buffer.from(word, 'base64').toString(), /p4ssw0rd/);
    }
  }
}

function machineOf(projectId: ProjectId): FakeMachine {
  const machine = fake.machines.get(externalName(INSTALLATION, projectId));
  assert.ok(machine, `no machine of ${projectId}`);
  return machine;
}

async function countRequests(work: () => Promise<unknown>): Promise<number> {
  const earlier = fake.requests.length;
  await work();
  return fake.requests.length - earlier;
}

describeSandbox('DaytonaSandboxProvider', () => Promise.resolve(provider));

test('makes a private container from the image, marked as ours, without a secret', async () => {
  const projectId = newId('project');
  const sandbox = await provider.open(projectId);
  const machine = machineOf(projectId);
  assert.equal(sandbox.id, machine.id);
  assert.deepEqual(machine.body, {
    name: externalName(INSTALLATION, projectId),
    buildInfo: { dockerfileContent: 'FROM node:24-slim\nWORKDIR /home/backend\n' },
    labels: { [PROJECT_MARK]: projectId, [INSTALLATION_MARK]: INSTALLATION },
    public: false,
    autoStopInterval: 15,
    autoDeleteInterval: -1,
  });
  assert.equal((await sandbox.untrusted?.isolation())?.tier, 'container');
  await provider.remove(projectId);
});

test('keeps its own things apart from the project, and secrets out of commands and the disk', async () => {
  const projectId = newId('project');
  const sandbox = await provider.open(projectId);
  await sandbox.writeFiles([{ path: '.env', content: `DB_PASSWORD=${PASSWORD}\n`, mode: 0o600 }]);
  const environment = { DB_PASSWORD: PASSWORD };
  const { output } = await sandbox.run(['node', '-p', 'process.env.DB_PASSWORD'], { environment });
  assert.equal(output, `${PASSWORD}\n`);
  const server = await sandbox.start(['node', '-e', 'setInterval(() => {}, 1000)'], { environment });

  const { directory } = machineOf(projectId);
  assert.deepEqual(readdirSync(directory).toSorted(), ['.turbobackend', 'project']);
  assert.equal(statSync(join(directory, '.turbobackend')).mode & 0o777, 0o700);
  assert.equal(statSync(join(directory, 'project', '.env')).mode & 0o777, 0o600);
  const holding = grep(directory, PASSWORD).filter((path) => !path.includes('/commands/'));
  assert.deepEqual(holding, [join(directory, 'project', '.env')]);
  const kept = grep(join(directory, '.turbobackend', 'commands'), 'DB_PASSWORD');
  assert.deepEqual(kept, []);
  await server.stop();
  await provider.remove(projectId);
});

function grep(folder: string, wanted: string): string[] {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && !entry.parentPath.includes('node_modules'))
    .map((entry) => join(entry.parentPath, entry.name))
    .filter((path) => readFileSync(path).includes(wanted));
}

test('takes few calls: one to open again, one to read forty files, one to run, two to write', async () => {
  const projectId = newId('project');
  const files = Array.from({ length: 40 }, (_, index) => ({ path: `src/${index}.ts`, content: `${index}\n` }));
  const sandbox = await provider.open(projectId);
  assert.equal(await countRequests(() => provider.open(projectId)), 1);
  assert.equal(await countRequests(() => makeProvider().open(projectId)), 2);
  assert.equal(await countRequests(() => sandbox.writeFiles(files)), 2);
  assert.equal(await countRequests(() => sandbox.readFiles(files.map(({ path }) => path))), 1);
  assert.equal(await countRequests(() => sandbox.run(['node', '-v'])), 1);
  await provider.remove(projectId);
});

test('opens one sandbox for many who ask at a time, in several processes', async () => {
  const projectId = newId('project');
  const opened = await Promise.all([provider, provider, makeProvider()].map((each) => each.open(projectId)));
  assert.equal(new Set(opened.map(({ id }) => id)).size, 1);
  assert.equal(new Set(opened.map(({ directory }) => directory)).size, 1);
  await provider.remove(projectId);
});

const CALLS: readonly Pick<Fault, 'method' | 'path'>[] = [
  { method: 'GET', path: /^\/sandbox\/tb-/ },
  { method: 'POST', path: /^\/sandbox$/ },
  { method: 'GET', path: /^\/sandbox\/[0-9a-f-]{36}$/ },
  { method: 'POST', path: /bulk-upload$/ },
  { method: 'POST', path: /execute$/ },
];
const TROUBLES: readonly (readonly [string, Omit<Fault, 'path'>])[] = [
  ['cut before it is done', RESET_BEFORE],
  ['done and its answer lost', ANSWER_LOST],
  ['throttled', { times: 1, status: 429, headers: { 'retry-after': '0.1' } }],
  ['answered with 503', { times: 1, status: 503, body: { message: 'away' } }],
  ['slow', { times: 1, delayMs: 300 }],
];

for (const [trouble, fault] of TROUBLES) {
  test(`one sandbox comes of it when each call is once ${trouble}`, async () => {
    const projectId = newId('project');
    fake.faults.add(...CALLS.map((call) => ({ ...call, ...fault })));
    const sandbox = await provider.open(projectId);
    assert.deepEqual(fake.faults.unused, []);
    await sandbox.writeFiles([{ path: 'a.txt', content: '1' }]);
    assert.equal(await sandbox.readFile('a.txt'), '1');
    assert.deepEqual(await provider.list(), [projectId]);
    fake.faults.add({ method: 'DELETE', path: /^\/sandbox\//, ...fault });
    await provider.remove(projectId);
    assert.deepEqual(await provider.list(), []);
  });
}

test('does a command once although its answer is lost, and writes files once', async () => {
  const projectId = newId('project');
  const sandbox = await provider.open(projectId);
  fake.faults.add({ path: /execute$/, ...ANSWER_LOST, times: 2 });
  const script = `require('fs').appendFileSync('times.txt', 'x'); console.log('done')`;
  assert.equal((await sandbox.run(['node', '-e', script])).output, 'done\n');
  assert.equal(await sandbox.readFile('times.txt'), 'x');
  for (const path of [/bulk-upload$/, /permissions$/, /execute$/]) {
    fake.faults.add({ path, ...ANSWER_LOST });
    await sandbox.writeFiles([{ path: 'b.txt', content: String(path), mode: 0o600 }]);
    assert.equal(await sandbox.readFile('b.txt'), String(path));
  }
  fake.faults.add({ path: /execute$/, ...ANSWER_LOST });
  await sandbox.deleteFile('b.txt');
  fake.faults.add({ path: /execute$/, ...ANSWER_LOST });
  const server = await sandbox.start(['node', '-e', `${script}; setInterval(() => {}, 1000)`]);
  assert.equal(await sandbox.readFile('times.txt'), 'xx');
  fake.faults.add({ path: /execute$/, ...ANSWER_LOST });
  assert.equal((await server.stop()).timedOut, false);
  await provider.remove(projectId);
});

test('a longer command is waited for, and asked after anew when its answer takes too long', async () => {
  const projectId = newId('project');
  const sandbox = await provider.open(projectId);
  fake.faults.add({ path: /execute$/, times: 1, status: 504, after: true });
  const result = await sandbox.run(['node', '-e', 'setTimeout(() => console.log("slow"), 1500)']);
  assert.deepEqual([result.exitCode, result.output], [0, 'slow\n']);
  const long = await sandbox.run(['node', '-e', `console.log(${JSON.stringify('x'.repeat(70_000))}.length)`]);
  assert.equal(long.output, '70000\n');
  await provider.remove(projectId);
});

test('says what is wrong: the key, the rights, the address, a service that is away', async () => {
  const wrong = makeProvider({ apiKey: new Secret('dtn_wrong_key_0000') });
  await assert.rejects(wrong.open(newId('project')), told('PROVIDER_KEY_REFUSED', /DAYTONA_API_KEY/));
  await assert.rejects(wrong.check(), told('PROVIDER_KEY_REFUSED', /DAYTONA_API_KEY/));
  await assert.rejects(wrong.list(), told('PROVIDER_KEY_REFUSED', /DAYTONA_API_KEY/));
  await assert.rejects(wrong.remove(newId('project')), told('PROVIDER_KEY_REFUSED', /DAYTONA_API_KEY/));

  const body = { message: `Total memory limit exceeded, ${KEY}` };
  fake.faults.add({ method: 'POST', path: /^\/sandbox$/, times: 1, status: 403, body });
  await assert.rejects(provider.open(newId('project')), told('PROVIDER_REFUSED', /limits/));

  const nowhere = makeProvider({ apiUrl: await closedAddress(), budgetMs: 300 });
  await assert.rejects(nowhere.open(newId('project')), told('PROVIDER_UNAVAILABLE', /DAYTONA_API_URL/));

  fake.faults.add({ path: /^\/sandbox\/tb-/, times: 100, status: 500 });
  const impatient = makeProvider({ budgetMs: 500 });
  await assert.rejects(impatient.open(newId('project')), told('PROVIDER_UNAVAILABLE', /later/));
  fake.faults.clear();
  fake.faults.add({ path: /^\/sandbox$/, times: 1, status: 200, body: 'a page for people' });
  await assert.rejects(provider.check(), told('SANDBOX_UNAVAILABLE', /DAYTONA_API_URL/));
  fake.faults.add({ path: /^\/sandbox$/, times: 1, status: 404 });
  assert.match(await provider.check(), /lists no sandboxes/);
  assert.match(await provider.check(), /^Daytona at 127\.0\.0\.1:\d+ takes the key; .*node:24-slim\.$/);
});

function told(code: string, fix: RegExp) {
  return (error: TurboError): boolean => {
    assert.equal(error.code, code, error.message);
    assert.match(error.fix ?? '', fix);
    assert.doesNotMatch(`${error.message} ${JSON.stringify(error)}`, new RegExp(KEY));
    return true;
  };
}

async function closedAddress(): Promise<string> {
  const server = createTcpServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as { readonly port: number };
  server.close();
  return `http://127.0.0.1:${port}`;
}

test('leaves a sandbox of its name alone that is not its own', async () => {
  const projectId = newId('project');
  const name = externalName(INSTALLATION, projectId);
  await fetch(`${fake.url}/sandbox`, {
    method: 'POST',
    headers: { authorization: `Bearer ${KEY}`, 'content-type': 'application/json' },
    body: JSON.stringify({ name, labels: { [PROJECT_MARK]: projectId, [INSTALLATION_MARK]: 'another' } }),
  });
  await assert.rejects(provider.open(projectId), { code: 'RESOURCE_NOT_OURS' });
  await provider.remove(projectId);
  assert.ok(fake.machines.has(name));
  assert.ok(!(await provider.list()).includes(projectId));
});

test('starts a sandbox that went to sleep, also in the middle of its work, and says what became of its commands', async () => {
  const projectId = newId('project');
  const sandbox = await provider.open(projectId);
  await sandbox.writeFiles([{ path: 'a.txt', content: '1' }]);
  const server = await sandbox.start(['node', '-e', 'setInterval(() => {}, 1000)']);
  await putToSleep(projectId);
  assert.equal(await sandbox.readFile('a.txt'), '1');
  const { exitCode, output } = await server.ended;
  assert.equal(exitCode, undefined);
  assert.match(output, /lost/);
  await putToSleep(projectId);
  assert.equal(await (await provider.open(projectId)).readFile('a.txt'), '1');
  await putToSleep(projectId);
  assert.equal(await (await makeProvider().open(projectId)).readFile('a.txt'), '1');
  await provider.remove(projectId);
});

test('starts a sandbox that stops while it is asked for something, and goes on', async () => {
  const projectId = newId('project');
  const sandbox = await provider.open(projectId);
  const running = sandbox.run(['sh', '-c', 'touch begun; sleep 60']);
  while (!existsSync(join(sandbox.directory, 'begun'))) await sleep(20);
  await putToSleep(projectId);
  await assert.rejects(running, { code: 'SANDBOX_UNAVAILABLE', message: /stopped while/ });
  assert.deepEqual(await sandbox.listFiles(), ['begun']);
  await provider.remove(projectId);
});

async function putToSleep(projectId: ProjectId): Promise<void> {
  const machine = machineOf(projectId);
  // Said first: whoever asks while its processes end is told so.
  machine.state = 'stopped';
  await machine.halt();
}

test('finds and removes its sandbox also where one is known by its id alone', async () => {
  const projectId = newId('project');
  fake.faults.add({ path: /^\/sandbox\/tb-/, times: 3, status: 404 });
  const sandbox = await provider.open(projectId);
  assert.equal((await makeProvider().open(projectId)).id, sandbox.id);
  await provider.remove(projectId);
  assert.equal(fake.machines.get(externalName(INSTALLATION, projectId)), undefined);
});

test('makes a new sandbox for one that somebody removed', async () => {
  const projectId = newId('project');
  const sandbox = await provider.open(projectId);
  const server = await sandbox.start(['node', '-e', 'setInterval(() => {}, 1000)']);
  await makeProvider().remove(projectId);
  await assert.rejects(sandbox.readFile('a.txt'), { code: 'SANDBOX_UNAVAILABLE', message: /removed/ });
  assert.equal((await server.ended).exitCode, undefined);
  const again = await provider.open(projectId);
  assert.notEqual(again.id, sandbox.id);
  await provider.remove(projectId);
});

test('tells why a container does not start, and begins anew when it is asked again', async () => {
  const projectId = newId('project');
  const opening = provider.open(projectId);
  await untilThere(projectId, (machine) => {
    machine.state = 'build_failed';
    machine.errorReason = 'no such image';
  });
  await assert.rejects(opening, { code: 'SANDBOX_UNAVAILABLE', message: /no such image/ });
  const again = provider.open(projectId);
  await untilThere(projectId, (machine) => {
    if (machine.state === 'creating')
      Object.assign(machine, { state: 'error', errorReason: 'full', recoverable: true });
  });
  await (await again).writeFiles([{ path: 'a.txt', content: '1' }]);
  await provider.remove(projectId);
});

async function untilThere(projectId: ProjectId, change: (machine: FakeMachine) => void): Promise<void> {
  for (;;) {
    const machine = fake.machines.get(externalName(INSTALLATION, projectId));
    if (machine?.state === 'creating') return change(machine);
    await sleep(1);
  }
}

test('goes on where an opening was cut short', async () => {
  const projectId = newId('project');
  fake.faults.add({ path: /execute$/, times: 100, status: 401 });
  await assert.rejects(provider.open(projectId), { code: 'PROVIDER_KEY_REFUSED' });
  fake.faults.clear();
  fake.faults.add({ path: /bulk-upload$/, times: 1, status: 413, after: true });
  await assert.rejects(provider.open(projectId), { code: 'SANDBOX_UNAVAILABLE' });
  assert.equal((await (await provider.open(projectId)).run(['node', '-v'])).exitCode, 0);
  await provider.remove(projectId);
});

test('ends what it runs when its folder is gone, whoever removed it', async () => {
  const projectId = newId('project');
  const sandbox = await provider.open(projectId);
  await sandbox.start(['node', '-e', 'setInterval(() => {}, 1000)']);
  const { directory } = machineOf(projectId);
  const running = async () => (await findProcesses('HOME')).filter(({ value }) => value.startsWith(directory));
  assert.ok((await running()).length > 0);
  rmSync(directory, { recursive: true, force: true, maxRetries: 5 });
  for (const end = performance.now() + 3000; (await running()).length > 0 && performance.now() < end; await sleep(50));
  assert.deepEqual(await running(), []);
  await provider.remove(projectId);
});

test('passes requests on to a server in the sandbox as they are, and their answers', async () => {
  const projectId = newId('project');
  const sandbox = await provider.open(projectId);
  const { url, stop } = await startEcho(sandbox);
  const plain = await ask(url, {
    method: 'GET',
    path: '/a%00/../b?x=%F0&y',
    headers: ['X-Odd', 'ü', 'X-Two', '1', 'X-Two', '2'],
  });
  assert.equal(plain.status, 418);
  assert.equal(plain.headers.filter((name) => name === 'Set-Cookie').length, 2);
  const seen = JSON.parse(plain.body) as {
    readonly path: string;
    readonly headers: readonly string[];
    readonly size: number;
  };
  assert.equal(seen.path, '/a%00/../b?x=%F0&y');
  assert.equal(seen.headers.filter((name) => name === 'X-Two').length, 2);
  assert.ok(seen.headers.includes('ü'));
  const large = await ask(url, {
    method: 'POST',
    path: '/',
    headers: ['Transfer-Encoding', 'chunked'],
    body: 'x'.repeat(300_000),
  });
  assert.equal((JSON.parse(large.body) as { readonly size: number }).size, 300_000);
  const head = await ask(url, { method: 'HEAD', path: '/', headers: [] });
  assert.deepEqual([head.status, head.body], [418, '']);
  const refused = await ask(url, {
    method: 'POST',
    path: '/refuse',
    headers: ['Content-Length', '300000'],
    body: 'x'.repeat(300_000),
  });
  assert.equal(refused.status, 413);
  const aborted = new AbortController();
  const waiting = fetch(`${url}/wait`, { signal: aborted.signal });
  setTimeout(() => aborted.abort(), 100);
  await assert.rejects(waiting);
  while (!(await (await fetch(`${url}/aborted`)).text()).includes('1')) await sleep(20);
  await stop();
  await assert.rejects(fetch(url));
  await provider.remove(projectId);
});

const ECHO = `
let aborted = 0;
require('http').createServer((q, s) => {
  if (q.url === '/wait') return q.on('close', () => aborted++);
  if (q.url === '/aborted') return s.end(String(aborted));
  if (q.url === '/refuse') {
    q.on('close', () => s.end());
    return s.writeHead(413, { connection: 'close', 'content-length': 8 }).write('too much');
  }
  let size = 0;
  q.on('data', (chunk) => (size += chunk.length)).on('end', () => {
    s.writeHead(418, ['Set-Cookie', 'a=1', 'Set-Cookie', 'b=2']);
    s.end(JSON.stringify({ path: q.url, headers: q.rawHeaders, size }));
  });
}).listen(process.env.PORT, '127.0.0.1', () => console.log('up'))`;

async function startEcho(sandbox: Sandbox): Promise<{ readonly url: string; readonly stop: () => Promise<unknown> }> {
  const port = await sandbox.freePort();
  const server = await sandbox.start(['node', '-e', ECHO], { environment: { PORT: String(port) } });
  while (!server.output().includes('up')) await sleep(20);
  return { url: await sandbox.urlOf(port), stop: () => server.stop() };
}

interface RawRequest {
  readonly method: string;
  readonly path: string;
  readonly headers: readonly string[];
  readonly body?: string;
}

interface RawAnswer {
  readonly status: number | undefined;
  readonly headers: readonly string[];
  readonly body: string;
}

async function ask(url: string, { method, path, headers, body }: RawRequest): Promise<RawAnswer> {
  const { hostname, port } = new URL(url);
  const outgoing = request({ hostname, port, method, path, headers: ['host', hostname, ...headers] });
  outgoing.on('error', () => undefined);
  outgoing.end(body);
  const [response] = (await once(outgoing, 'response')) as [IncomingMessage];
  return { status: response.statusCode, headers: response.rawHeaders, body: await text(response) };
}

test('holds what a model wrote to limits, and hands it the database that it may reach', async () => {
  const projectId = newId('project');
  const sandbox = await provider.open(projectId);
  const commands = sandbox.untrusted;
  assert.ok(commands);
  const database = { host: 'db.example', port: 5433, tls: 'verify', database: 'd', user: 'u' } as const;
  const shown = await commands.run('echo $DB_HOST $DB_PORT $DB_NAME $DB_USER $DB_TLS; exit 4', { database });
  assert.deepEqual([shown.exitCode, shown.output], [4, 'db.example 5433 d u verify\n']);
  const limits = { fileBytes: 1024 * 1024 };
  await commands.run(['node', '-e', `require('fs').writeFileSync('big', Buffer.alloc(5e6))`], { limits });
  assert.ok(statSync(join(sandbox.directory, 'big')).size <= 1024 * 1024);
  await provider.remove(projectId);
});

test('brings along what a container has no registry for: Node and the packages', async (t) => {
  const home = mkdtempSync(join(tmpdir(), 'turbo-bare-'));
  for (const program of ['node', 'npm']) {
    writeFileSync(join(home, program), '#!/bin/sh\necho too old or without a network; exit 1\n', { mode: 0o755 });
  }
  const bare = await startFakeDaytona({ apiKey: KEY, path: `${home}:/usr/bin:/bin` });
  t.after(async () => {
    await bare.stop();
    rmSync(home, { recursive: true, force: true });
  });
  const projectId = newId('project');
  const poor = makeProvider({ apiUrl: bare.url });
  await assert.rejects(poor.open(projectId), told('SANDBOX_UNAVAILABLE', /DAYTONA_IMAGE/));
  const rich = makeProvider({ apiUrl: bare.url, ownRuntime: () => prepareBackendRuntime({ home }) });
  const sandbox = await rich.open(projectId);
  const script = `import('fastify').then(() => console.log(process.versions.node))`;
  assert.equal((await sandbox.run(['node', '-e', script])).output, `${sandbox.nodeVersion}\n`);
  assert.match((await sandbox.run(['tsc', '--version'])).output, /^Version/);
  const left = readdirSync(join(sandbox.directory, '..', '.turbobackend')).filter((name) => name.startsWith('brought'));
  assert.deepEqual(left, []);
  assert.deepEqual(bare.violations(), []);
});

test('lists all pages', async () => {
  const few = makeProvider({ installationId: 'inst_pages' });
  const ids = Array.from({ length: 120 }, () => newId('project'));
  for (const projectId of ids) {
    await fetch(`${fake.url}/sandbox`, {
      method: 'POST',
      headers: { authorization: `Bearer ${KEY}`, 'content-type': 'application/json' },
      body: JSON.stringify({
        name: externalName('inst_pages', projectId),
        labels: { [PROJECT_MARK]: projectId, [INSTALLATION_MARK]: 'inst_pages' },
      }),
    });
  }
  assert.deepEqual((await few.list()).toSorted(), ids.toSorted());
});
