import assert from 'node:assert/strict';
import { mkdir, mkdtemp, readdir, stat, symlink, utimes, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import type { BackendRuntime } from './backend-runtime.ts';
import { forgetOldRuntimes } from './forget-old-runtimes.ts';

const DAY_MS = 86_400_000;
const OURS = 'runtime-aaaaaaaaaaaa';

async function makeHome(): Promise<{ readonly home: string; readonly use: Parameters<typeof forgetOldRuntimes>[0] }> {
  const home = await mkdtemp(join(tmpdir(), 'turbobackend-runtimes-'));
  await makeRuntime(home, OURS, 40);
  const runtime: BackendRuntime = {
    nodePath: join(home, OURS, 'bin', 'node'),
    nodeModules: join(home, OURS, 'node_modules'),
    version: 'aaaaaaaaaaaa',
  };
  return { home, use: { home, runtime, roots: [join(home, 'projects'), join(home, 'deployments')] } };
}

async function makeRuntime(home: string, name: string, unusedDays: number): Promise<void> {
  await mkdir(join(home, name, 'node_modules', 'fastify'), { recursive: true });
  await writeFile(join(home, name, 'node_modules', 'fastify', 'package.json'), '{}', { mode: 0o444 });
  const at = new Date(Date.now() - unusedDays * DAY_MS);
  await utimes(join(home, name), at, at);
}

async function link(home: string, folder: string, runtime: string): Promise<void> {
  await mkdir(join(home, folder), { recursive: true });
  await symlink(join(home, runtime, 'node_modules'), join(home, folder, 'node_modules'));
}

test('only what nobody links to and nobody has used for a day is removed', async () => {
  const { home, use } = await makeHome();
  await makeRuntime(home, 'runtime-bbbbbbbbbbbb', 2);
  await makeRuntime(home, 'runtime-cccccccccccc', 2);
  await makeRuntime(home, 'runtime-dddddddddddd', 2);
  await makeRuntime(home, 'runtime-eeeeeeeeeeee', 0.5);
  await link(home, 'projects/project_one', 'runtime-cccccccccccc');
  await link(home, 'deployments/project_two/releases/0123abcd', 'runtime-dddddddddddd');
  await mkdir(join(home, 'projects', 'project_own', 'node_modules'), { recursive: true });
  await mkdir(join(home, 'repositories'));
  assert.deepEqual(await forgetOldRuntimes(use), ['runtime-bbbbbbbbbbbb']);
  assert.deepEqual((await readdir(home)).toSorted(), [
    'deployments',
    'projects',
    'repositories',
    OURS,
    'runtime-cccccccccccc',
    'runtime-dddddddddddd',
    'runtime-eeeeeeeeeeee',
  ]);
});

test('a service keeps its own runtime in use for others, and drafts of the dead are removed', async () => {
  const { home, use } = await makeHome();
  await makeRuntime(home, '.runtime-ffffffffffff.k3x9k3x9', 2);
  await makeRuntime(home, '.runtime-ffffffffffff.k3x9k3x8', 0);
  assert.deepEqual(await forgetOldRuntimes(use), ['.runtime-ffffffffffff.k3x9k3x9']);
  assert.ok(Date.now() - (await stat(join(home, OURS))).mtimeMs < 60_000);
  const other = { ...use.runtime, nodeModules: join(home, 'runtime-bbbbbbbbbbbb', 'node_modules') };
  assert.deepEqual(await forgetOldRuntimes({ ...use, runtime: other }), []);
});

test('where it cannot see who uses them, it removes none', async () => {
  const { home, use } = await makeHome();
  await makeRuntime(home, 'runtime-bbbbbbbbbbbb', 2);
  const loop = join(home, 'projects');
  await symlink(loop, loop);
  await assert.rejects(forgetOldRuntimes(use), { code: 'ELOOP' });
  assert.ok((await readdir(home)).includes('runtime-bbbbbbbbbbbb'));
});
