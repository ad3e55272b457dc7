import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { chmodSync, lstatSync, mkdtempSync, readdirSync, readlinkSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { newId, type ProjectId } from '../../src/domain/ids.ts';
import { prepareBackendRuntime } from '../../src/machine/backend-runtime.ts';
import { findProcesses, findProcessesOf } from '../../src/machine/host-process.ts';
import { LocalSandboxProvider } from '../../src/sandbox/local-sandbox.ts';
import { describeSandbox } from '../../src/sandbox/sandbox.contract.ts';
import type { BackendRuntime } from '../../src/machine/backend-runtime.ts';

const weAreRoot = process.getuid?.() === 0;
const onlyRoot = { skip: weAreRoot ? false : 'only root can run commands as other users' };
const home = mkdtempSync(join(tmpdir(), 'turbo-sandbox-'));
const root = join(home, 'projects');
const users = new Map<ProjectId, number>();
let runtime: BackendRuntime;
let provider: LocalSandboxProvider;

before(async () => {
  chmodSync(home, 0o711);
  runtime = await prepareBackendRuntime({ home });
  provider = new LocalSandboxProvider({ root, runtime, osUser });
});

after(async () => {
  await provider.stopAll();
  assert.deepEqual(await ourProcesses(), []);
  rmSync(home, { recursive: true, force: true });
});

/** Every project its own, far from the users that the product gives out. */
function osUser(projectId: ProjectId): Promise<number | undefined> {
  if (!weAreRoot) return Promise.resolve(undefined);
  const uid = users.get(projectId) ?? 45_000 + (process.pid % 1000) * 10 + users.size;
  users.set(projectId, uid);
  return Promise.resolve(uid);
}

async function ourProcesses(): Promise<readonly number[]> {
  return (await findProcesses('HOME')).filter(({ value }) => value.startsWith(home)).map(({ pid }) => pid);
}

describeSandbox('LocalSandboxProvider', () => Promise.resolve(provider));

test('many processes prepare one runtime, whole and for all to read', async () => {
  const shared = mkdtempSync(join(tmpdir(), 'turbo-runtime-'));
  const front = new URL('../../src/machine/backend-runtime.ts', import.meta.url).href;
  const script = `const { prepareBackendRuntime } = await import(${JSON.stringify(front)}); await prepareBackendRuntime({ home: ${JSON.stringify(shared)} })`;
  const children = [1, 2, 3].map(() =>
    spawn(process.execPath, ['--input-type=module', '-e', script], { stdio: 'inherit' }),
  );
  const codes = await Promise.all(children.map(async (child) => (await once(child, 'exit'))[0] as number));
  assert.deepEqual(codes, [0, 0, 0]);
  const [folder = '', ...others] = readdirSync(shared);
  assert.deepEqual(others, []);
  assert.match(folder, /^runtime-[0-9a-f]{12}$/);
  assert.equal(statSync(join(shared, folder, 'node_modules', 'fastify', 'package.json')).mode & 0o777, 0o444);
  assert.equal(statSync(join(shared, folder, 'node_modules', 'fastify')).mode & 0o777, 0o755);
  rmSync(shared, { recursive: true, force: true });
});

test('a prepared runtime is found again at once', async () => {
  const startMs = performance.now();
  assert.deepEqual(await prepareBackendRuntime({ home }), runtime);
  assert.ok(performance.now() - startMs < 100);
});

test('preparing a project takes no installation, and renews its link to the modules', async () => {
  const projectId = newId('project');
  const startMs = performance.now();
  const sandbox = await provider.open(projectId);
  const tookMs = performance.now() - startMs;
  assert.ok(tookMs < 200, `${tookMs} ms`);
  const link = join(sandbox.directory, 'node_modules');
  assert.equal(readlinkSync(link), runtime.nodeModules);
  const later = { ...runtime, nodeModules: `${runtime.nodeModules}/.` };
  await new LocalSandboxProvider({ root, runtime: later, osUser }).open(projectId);
  assert.equal(readlinkSync(link), later.nodeModules);
  await provider.remove(projectId);
});

test('what a command leaves running in a session of its own ends with it', async () => {
  const projectId = newId('project');
  const sandbox = await provider.open(projectId);
  const script = `require('child_process').spawn(process.execPath, ['-e', 'setInterval(() => {}, 1000)'], { detached: true, stdio: 'ignore' }).unref()`;
  const result = await sandbox.run(['node', '-e', script]);
  assert.equal(result.exitCode, 0, result.output);
  assert.ok(result.durationMs < 5000);
  const ownHome = join(sandbox.directory, '.home');
  await sleep(50);
  assert.deepEqual(
    (await findProcesses('HOME')).filter(({ value }) => value === ownHome),
    [],
  );
  await provider.remove(projectId);
});

test('a grandchild that holds the output open does not keep the command', async () => {
  const projectId = newId('project');
  const sandbox = await provider.open(projectId);
  const result = await sandbox.run(['/bin/sh', '-c', 'sleep 30 & echo done']);
  assert.equal(result.output, 'done\n');
  assert.ok(result.durationMs < 2000, `${result.durationMs} ms`);
  await provider.remove(projectId);
});

test('sweep ends what a killed process of ours had started, and nothing else', async () => {
  const [orphanId, keptId] = [newId('project'), newId('project')];
  const kept = await (await provider.open(keptId)).start(['node', '-e', 'setInterval(() => {}, 1000)']);
  const front = new URL('../../src/sandbox/local-sandbox.ts', import.meta.url).href;
  const uid = await osUser(orphanId);
  const script = `
    const { LocalSandboxProvider } = await import(${JSON.stringify(front)});
    const provider = new LocalSandboxProvider({ root: ${JSON.stringify(root)}, runtime: ${JSON.stringify(runtime)}, osUser: async () => ${uid} });
    await (await provider.open('${orphanId}')).start(['node', '-e', 'setInterval(() => {}, 1000)']);
    process.kill(process.pid, 'SIGKILL');`;
  const killed = spawn(process.execPath, ['--input-type=module', '-e', script], { stdio: 'inherit' });
  await once(killed, 'exit');
  assert.equal((await ourProcesses()).length, 2);
  assert.equal(await provider.sweep(), 1);
  assert.equal((await ourProcesses()).length, 1);
  assert.equal(await provider.sweep(), 0);
  await kept.stop();
  await provider.remove(orphanId);
  await provider.remove(keptId);
});

test('as root, commands run as the user of the project alone', onlyRoot, async () => {
  const [ownId, otherId] = [newId('project'), newId('project')];
  const [own, other] = [await provider.open(ownId), await provider.open(otherId)];
  await own.writeFiles([
    { path: 'src/a.ts', content: '' },
    { path: '.env', content: 'DB_PASSWORD=x', mode: 0o600 },
  ]);
  await other.writeFiles([{ path: 'secret.txt', content: 'x' }]);
  const uid = users.get(ownId);
  const identity = await own.run(['node', '-p', '[process.getuid(), process.getgid(), process.getgroups()].join()']);
  assert.equal(identity.output, `${uid},${uid},${uid}\n`);
  for (const path of ['', 'src', 'src/a.ts', '.env', '.home'])
    assert.equal(lstatSync(join(own.directory, path)).uid, uid, path);

  const tries = [
    `fs.readFileSync('.env', 'utf8')`,
    `fs.readdirSync(${JSON.stringify(other.directory)})`,
    `fs.readFileSync(${JSON.stringify(join(other.directory, 'secret.txt'))})`,
    `fs.readdirSync(${JSON.stringify(root)})`,
    `fs.writeFileSync(${JSON.stringify(join(runtime.nodeModules, 'pg', 'package.json'))}, '')`,
    `fs.writeFileSync('node_modules/new.js', '')`,
    `fs.readFileSync('/proc/${process.pid}/environ')`,
    `process.kill(${process.pid}, 0)`,
  ];
  const script = `const fs = require('fs'); console.log([${tries.map((code) => `() => ${code}`).join()}].map((attack) => { try { attack(); return 1 } catch { return 0 } }).join(''))`;
  assert.equal((await own.run(['node', '-e', script])).output, '10000000\n');
  await provider.remove(ownId);
  await provider.remove(otherId);
});

test('as root, removing a sandbox ends even what shed its environment', onlyRoot, async () => {
  const projectId = newId('project');
  const sandbox = await provider.open(projectId);
  const script = `require('child_process').spawn('/bin/sleep', ['60'], { detached: true, stdio: 'ignore', env: {} }).unref()`;
  await sandbox.run(['node', '-e', script]);
  const uid = users.get(projectId) as number;
  assert.equal((await findProcessesOf(uid)).length, 1);
  await provider.remove(projectId);
  assert.deepEqual(await findProcessesOf(uid), []);
});

test('as root, says what to do when other users cannot pass to the folder', onlyRoot, async () => {
  const closed = mkdtempSync(join(tmpdir(), 'turbo-closed-'));
  const shut = new LocalSandboxProvider({ root: join(closed, 'projects'), runtime, osUser });
  await assert.rejects(shut.open(newId('project')), { code: 'SANDBOX_UNAVAILABLE', fix: /TURBOBACKEND_HOME/ });
  rmSync(closed, { recursive: true });
});

test('refuses an id that is none', async () => {
  await assert.rejects(provider.open('../x' as ProjectId), { code: 'SANDBOX_UNAVAILABLE' });
  await assert.rejects(provider.remove('..' as ProjectId), { code: 'SANDBOX_UNAVAILABLE' });
});
