import assert from 'node:assert/strict';
import { execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import {
  chmodSync,
  existsSync,
  lstatSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { createServer } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { describeDeployTarget, releaseOf } from '../../src/deploy/deploy-target.contract.ts';
import type { DeployRequest } from '../../src/deploy/deploy-target.ts';
import { LocalProcessTarget, type LocalProcessSettings } from '../../src/deploy/local-process-target.ts';
import { newId, type ProjectId } from '../../src/domain/ids.ts';
import { Secret } from '../../src/domain/secret.ts';
import { sourceHash } from '../../src/domain/source-file.ts';
import { prepareBackendRuntime } from '../../src/machine/backend-runtime.ts';
import { findProcesses } from '../../src/machine/host-process.ts';

const weAreRoot = process.getuid?.() === 0;
const onlyRoot = { skip: weAreRoot ? false : 'only root can run backends as other users' };
const onlyLinux = { skip: process.platform === 'linux' ? false : 'only there do two processes share a port' };
const home = mkdtempSync(join(tmpdir(), 'turbo-deploy-'));
const root = join(home, 'deployments');
// Away from the range of the product, which may be running on this machine.
const ports = { first: 24_100 + (process.pid % 300) * 20, last: 24_119 + (process.pid % 300) * 20 };
const users = new Map<ProjectId, number>();
let settings: LocalProcessSettings;
let target: LocalProcessTarget;

before(async () => {
  chmodSync(home, 0o711);
  settings = { root, runtime: await prepareBackendRuntime({ home }), osUser, ports, healthyWithinMs: 4000 };
  target = new LocalProcessTarget(settings);
});

after(async () => {
  await target.stopAll();
  assert.deepEqual(await ourProcesses(), []);
  rmSync(home, { recursive: true, force: true });
});

function osUser(projectId: ProjectId): Promise<number | undefined> {
  if (!weAreRoot) return Promise.resolve(undefined);
  const uid = users.get(projectId) ?? 55_000 + (process.pid % 1000) * 10 + users.size;
  users.set(projectId, uid);
  return Promise.resolve(uid);
}

async function ourProcesses(): Promise<readonly number[]> {
  return (await findProcesses('HOME')).filter(({ value }) => value.startsWith(home)).map(({ pid }) => pid);
}

function newRequest(version = 'one'): DeployRequest {
  const secrets = { DB_PASSWORD: new Secret('hunter2hunter2') };
  return { projectId: newId('project'), name: 'blog-api', secrets, ...releaseOf(version) };
}

async function versionAt(url: string): Promise<string> {
  return (await fetch(`${url}/version`, { headers: { connection: 'close' } })).text();
}

// As a generated backend ends.
const DRAIN = readFileSync(new URL('../../template/common/src/http/drain.ts', import.meta.url), 'utf8');
const DRAINING = `;
  const { drain } = await import('./drain.ts');
  process.once('SIGTERM', () => drain({ server }).then(() => process.exit(0)));`;

/** A release that, when it is asked to end, first answers what it was asked. */
function drainingRelease(version: string, problem?: 'not ready'): Pick<DeployRequest, 'files' | 'sourceHash'> {
  const files = releaseOf(version, problem).files.map(({ path, content }) =>
    path === 'src/server.ts'
      ? { path, content: content.replace('createServer((', 'const server = createServer((') + DRAINING }
      : { path, content },
  );
  files.push({ path: 'src/drain.ts', content: DRAIN });
  return { files, sourceHash: sourceHash(files) };
}

/** Calls on connections of their own and on such that are kept open, in turn; what failed counts as an answer, too. */
function callAtRate(url: string, perSecond: number): { stop(): Promise<readonly string[]> } {
  const calls: Promise<string>[] = [];
  const call = async (headers: Record<string, string>): Promise<string> =>
    fetch(url, { headers }).then(
      (answer) => answer.text(),
      (error: Error) => `failed: ${String(error.cause)}`,
    );
  const timer = setInterval(
    () => calls.push(call(calls.length % 2 === 0 ? { connection: 'close' } : {})),
    1000 / perSecond,
  );
  return {
    stop() {
      clearInterval(timer);
      return Promise.all(calls);
    },
  };
}

describeDeployTarget('LocalProcessTarget', () => Promise.resolve(target));

test(
  'answers every call while releases take each other’s place, and while one of them is refused',
  onlyLinux,
  async () => {
    const request = newRequest();
    const { url } = await target.deploy({ ...request, ...drainingRelease('one') });
    const client = callAtRate(`${url}/version`, 50);
    await target.deploy({ ...request, ...drainingRelease('two') });
    await assert.rejects(
      target.deploy({ ...request, ...drainingRelease('bad', 'not ready') }),
      /The release before it still runs/,
    );
    assert.equal((await target.find(request.projectId))?.status, 'running');
    await target.deploy({ ...request, ...drainingRelease('three') });
    await sleep(200);
    const answers = await client.stop();
    assert.deepEqual([...new Set(answers)], ['one', 'two', 'three']);
    assert.equal((await ourProcesses()).length, 1);
    await target.remove(request.projectId);
  },
);

test('outlives the process that deployed it', async () => {
  const request = newRequest();
  const front = new URL('../../src/deploy/local-process-target.ts', import.meta.url).href;
  const uid = await osUser(request.projectId);
  const script = `
    const { LocalProcessTarget } = await import(${JSON.stringify(front)});
    const { Secret } = await import(${JSON.stringify(new URL('../../src/domain/secret.ts', import.meta.url).href)});
    const target = new LocalProcessTarget({ ...${JSON.stringify(settings)}, osUser: async () => ${uid} });
    await target.deploy({ ...${JSON.stringify(request)}, secrets: { DB_PASSWORD: new Secret('x') } });
    process.kill(-process.pid, 'SIGKILL');`;
  const deployer = spawn(process.execPath, ['--input-type=module', '-e', script], { stdio: 'inherit', detached: true });
  await once(deployer, 'exit');
  const deployment = await target.find(request.projectId);
  assert.equal(deployment?.status, 'running');
  assert.equal(await versionAt(deployment.url), 'one');
  await target.remove(request.projectId);
});

test('starts again after its process was killed, and after a reboot that gave its pid to another', async () => {
  const request = newRequest();
  const { url, externalId } = await target.deploy(request);
  process.kill(Number(externalId), 'SIGKILL');
  while ((await target.find(request.projectId))?.status === 'running') await sleep(10);
  assert.equal((await target.start(request.projectId)).url, url);

  await target.stop(request.projectId);
  const bystander = spawn('/bin/sleep', ['60'], { stdio: 'ignore' });
  await once(bystander, 'spawn');
  const file = join(root, request.projectId, 'deployment.json');
  const state = JSON.parse(readFileSync(file, 'utf8')) as object;
  const stale = { pid: bystander.pid, started: 'an earlier boot.4711', sourceHash: request.sourceHash };
  writeFileSync(file, JSON.stringify({ ...state, process: stale }));
  assert.equal((await target.find(request.projectId))?.status, 'stopped');
  const again = await target.start(request.projectId);
  assert.equal(again.url, url);
  assert.notEqual(again.externalId, String(bystander.pid));
  await target.remove(request.projectId);
  assert.equal(bystander.exitCode ?? bystander.signalCode, null);
  bystander.kill('SIGKILL');
});

test('finds and ends a server that was started but never written down', async () => {
  const request = newRequest();
  await target.deploy(request);
  const file = join(root, request.projectId, 'deployment.json');
  const state = JSON.parse(readFileSync(file, 'utf8')) as object;
  writeFileSync(file, JSON.stringify({ ...state, process: undefined }));
  assert.equal((await target.find(request.projectId))?.status, 'dead');
  assert.equal((await target.start(request.projectId)).status, 'running');
  assert.equal((await ourProcesses()).length, 1);
  await target.remove(request.projectId);
});

test('projects deployed at once by several processes get ports of their own', async () => {
  const requests = [newRequest('a'), newRequest('b'), newRequest('c'), newRequest('d')];
  const deployments = await Promise.all(requests.map((request) => new LocalProcessTarget(settings).deploy(request)));
  assert.equal(new Set(deployments.map(({ url }) => url)).size, 4);
  assert.deepEqual(await Promise.all(deployments.map(({ url }) => versionAt(url))), ['a', 'b', 'c', 'd']);
  await Promise.all(requests.map(({ projectId }) => target.remove(projectId)));
  assert.deepEqual(readdirSync(join(root, 'ports')), []);
});

test('waits for nobody who was killed while changing the deployment', async () => {
  const request = newRequest();
  const killed = spawn('/bin/true', { stdio: 'ignore' });
  await once(killed, 'exit');
  mkdirSync(join(root, 'locks'), { recursive: true });
  const lock = { pid: killed.pid, started: 'gone', token: 'x' };
  writeFileSync(join(root, 'locks', request.projectId), JSON.stringify(lock));
  assert.equal((await target.deploy(request)).status, 'running');
  await target.remove(request.projectId);
  assert.deepEqual(readdirSync(join(root, 'locks')), []);
});

test('two deployments of one project at once follow each other', async () => {
  const request = newRequest('first');
  const [one, two] = await Promise.all([
    target.deploy(request),
    new LocalProcessTarget(settings).deploy({ ...request, ...releaseOf('second') }),
  ]);
  assert.equal(one.url, two.url);
  assert.equal((await ourProcesses()).length, 1);
  await target.remove(request.projectId);
});

test('moves to another port when somebody else listens on its own, and does not take theirs for its health', async () => {
  const request = newRequest();
  const first = await target.deploy(request);
  await target.stop(request.projectId);
  const stranger = createServer((_, response) => response.end('stranger')).listen(
    Number(new URL(first.url).port),
    '127.0.0.1',
  );
  await once(stranger, 'listening');
  const moved = await target.start(request.projectId);
  assert.notEqual(moved.url, first.url);
  assert.equal(await versionAt(moved.url), 'one');
  assert.deepEqual(readdirSync(join(root, 'ports')), [new URL(moved.url).port]);
  stranger.closeAllConnections();
  stranger.close();
  await target.remove(request.projectId);
});

test('moves to another port when somebody takes its own while the server is starting', async () => {
  const request = newRequest();
  const wait = { path: 'src/server.ts', content: "setTimeout(() => import('./listen.ts'), 1500);\n" };
  const files = [wait, ...request.files.map((file) => ({ ...file, path: file.path.replace('server', 'listen') }))];
  const deploying = target.deploy({ ...request, files });
  const state = join(root, request.projectId, 'deployment.json');
  while (!existsSync(state) || !readFileSync(state, 'utf8').includes('"process"')) await sleep(20);
  const { port } = JSON.parse(readFileSync(state, 'utf8')) as { port: number };
  const stranger = createServer((_, response) => response.writeHead(404).end()).listen(port, '127.0.0.1');
  await once(stranger, 'listening');
  const deployed = await deploying;
  assert.notEqual(deployed.url, `http://127.0.0.1:${port}`);
  assert.equal(await versionAt(deployed.url), 'one');
  stranger.closeAllConnections();
  stranger.close();
  await target.remove(request.projectId);
});

test('takes nobody else for the server: what answers has to be its own process', async () => {
  const stranger = createServer((_, response) => response.end('ok'));
  const request = newRequest();
  // Listens nowhere itself, but has the port taken by another before it is asked.
  const files = [{ path: 'src/server.ts', content: 'setInterval(() => {}, 1000);\n' }];
  const deploying = assert.rejects(target.deploy({ ...request, files }), {
    code: 'DEPLOY_FAILED',
    message: /another process answers/,
  });
  const reserved = join(root, 'ports');
  while (!existsSync(reserved) || readdirSync(reserved).length === 0 || (await ourProcesses()).length === 0)
    await sleep(5);
  stranger.listen(Number(readdirSync(reserved)[0]), '127.0.0.1');
  await deploying;
  stranger.closeAllConnections();
  stranger.close();
  await target.remove(request.projectId);
});

test('ends a server that ignores being asked to', async () => {
  const request = newRequest();
  const [server, ...others] = request.files;
  const files = [{ path: 'src/server.ts', content: `process.on('SIGTERM', () => {});\n${server?.content}` }, ...others];
  await target.deploy({ ...request, files });
  await target.stop(request.projectId);
  assert.deepEqual(await ourProcesses(), []);
  await target.remove(request.projectId);
});

test('a cancelled deployment leaves nothing running', async () => {
  const request = { ...newRequest(), ...releaseOf('slow', 'not ready') };
  await assert.rejects(target.deploy({ ...request, signal: AbortSignal.abort() }), { code: 'DEPLOY_FAILED' });
  await assert.rejects(target.deploy({ ...request, signal: AbortSignal.timeout(500) }), {
    code: 'DEPLOY_FAILED',
    message: /cancelled/,
  });
  assert.deepEqual(await ourProcesses(), []);
  await target.remove(request.projectId);
});

test('starts anew when only the secrets changed', async () => {
  const request = newRequest();
  const { externalId } = await target.deploy(request);
  const again = await target.deploy({ ...request, secrets: { DB_PASSWORD: new Secret('another-password') } });
  assert.notEqual(again.externalId, externalId);
  assert.deepEqual(await target.logs(request.projectId, 1), ['starting one [secret]']);
  await target.remove(request.projectId);
});

test('keeps the release before the one that runs, and no older one', async () => {
  const request = newRequest('1');
  for (const version of ['1', '2', '3']) await target.deploy({ ...request, ...releaseOf(version) });
  const folder = join(root, request.projectId);
  const kept = [releaseOf('2').sourceHash, releaseOf('3').sourceHash].toSorted();
  assert.deepEqual(readdirSync(join(folder, 'releases')).toSorted(), kept);
  const environments = readdirSync(folder).filter((name) => name.startsWith('environment-'));
  assert.equal(environments.length, 2);
  await target.remove(request.projectId);
});

test('passwords are in no file that others can read, and in no argument', async () => {
  const request = newRequest();
  const { externalId } = await target.deploy(request);
  const folder = join(root, request.projectId);
  for (const entry of readdirSync(folder, { recursive: true, withFileTypes: true })) {
    const file = join(entry.parentPath, entry.name);
    if (!entry.isFile() || !readFileSync(file, 'utf8').includes('hunter2')) continue;
    assert.equal(statSync(file).mode & 0o077, 0, file);
    assert.ok(/^(environment-|server\.log)/.test(entry.name), file);
  }
  assert.doesNotMatch(readFileSync(`/proc/${externalId}/cmdline`, 'utf8'), /hunter2/);
  await target.remove(request.projectId);
});

test('as root, the backend runs as its project and cannot change its own release', onlyRoot, async () => {
  const request = newRequest();
  const attack = `
    import { writeFileSync } from 'node:fs';
    for (const file of ['src/server.ts', 'new.ts', '../../deployment.json', '../../environment.json']) {
      try { writeFileSync(file, ''); console.log('WROTE', file); } catch {}
    }
    console.log('uid', process.getuid?.(), process.getgroups?.().join());`;
  const files = request.files.map((file) =>
    file.path === 'src/server.ts' ? { ...file, content: attack + file.content } : file,
  );
  const { externalId } = await target.deploy({ ...request, files });
  const uid = users.get(request.projectId);
  assert.equal(lstatSync(`/proc/${externalId}`).uid, uid);
  const lines = await target.logs(request.projectId, 10);
  assert.ok(lines.includes(`uid ${uid} ${uid}`), lines.join('\n'));
  assert.ok(!lines.some((line) => line.startsWith('WROTE')), lines.join('\n'));
  await target.remove(request.projectId);
});

test('as root, a backend starts whatever the umask, and whatever modes a copy left', onlyRoot, async () => {
  const bare = mkdtempSync(join(tmpdir(), 'turbo-umask-'));
  chmodSync(bare, 0o711);
  const umask = process.umask(0o077);
  try {
    const under = async (): Promise<LocalProcessTarget> => {
      const runtime = await prepareBackendRuntime({ home: bare });
      return new LocalProcessTarget({ ...settings, root: join(bare, 'deployments'), runtime });
    };
    const request = newRequest();
    const imports = { path: 'src/server.ts', content: `import 'fastify';\n${request.files[0]?.content}` };
    const files = [imports, ...request.files.slice(1)];
    const first = await under();
    await first.deploy({ ...request, files });
    await first.stop(request.projectId);
    for (const name of readdirSync(bare)) execFileSync('chmod', ['-R', 'go-rwx', join(bare, name)]);
    const second = await under();
    assert.equal((await second.start(request.projectId)).status, 'running');
    await second.remove(request.projectId);
  } finally {
    process.umask(umask);
    rmSync(bare, { recursive: true, force: true });
  }
});

test('a server that prints without end does not fill the disk, and keeps its last lines', async () => {
  const request = newRequest();
  const [server, ...others] = request.files;
  const flood = `let n = 0; const timer = setInterval(() => { console.log('line ' + n++ + ' ' + 'x'.repeat(100_000)); if (n === 150) { console.log('last'); clearInterval(timer); } }, 5);`;
  await target.deploy({
    ...request,
    files: [{ path: 'src/server.ts', content: `${server?.content}\n${flood}` }, ...others],
  });
  const log = join(root, request.projectId, 'server.log');
  const deadline = Date.now() + 10_000;
  while (!readFileSync(log, 'utf8').endsWith('last\n') && Date.now() < deadline) await sleep(100);
  await sleep(1200);
  assert.ok(statSync(log).size < 6 * 1024 * 1024, String(statSync(log).size));
  assert.deepEqual(await target.logs(request.projectId, 1), ['last']);
  assert.match(readFileSync(log, 'utf8'), /^line \d+ x+\n/);
  await target.remove(request.projectId);
});

test('stopAll stops every backend and says which; they come back', async () => {
  const requests = [newRequest('a'), newRequest('b')];
  const urls: string[] = [];
  for (const request of requests) urls.push((await target.deploy(request)).url);
  assert.deepEqual([...(await target.stopAll())].toSorted(), urls.map((url) => `blog-api at ${url}`).toSorted());
  assert.deepEqual(await ourProcesses(), []);
  assert.deepEqual(await target.stopAll(), []);
  assert.equal((await target.start((requests[0] as DeployRequest).projectId)).url, urls[0]);
  for (const { projectId } of requests) await target.remove(projectId);
});

test('refuses files and ids that lead out', async () => {
  const request = newRequest();
  await assert.rejects(
    target.deploy({ ...request, sourceHash: 'abcdef123456', files: [{ path: '../x', content: '' }] }),
    { code: 'DEPLOY_FAILED' },
  );
  await assert.rejects(target.deploy({ ...request, sourceHash: '../../x' }), { code: 'DEPLOY_FAILED' });
  for (const id of ['../x', 'ports', 'locks', '']) {
    await assert.rejects(async () => target.find(id as ProjectId), { code: 'DEPLOY_FAILED' }, id);
  }
  await target.remove(request.projectId);
});
