import assert from 'node:assert/strict';
import { mkdir, mkdtemp, readdir, utimes } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { newId } from '../domain/ids.ts';
import { claimOsUser, isStaleClaim } from './os-users.ts';

const scratch = () => mkdtemp(join(tmpdir(), 'turbobackend-os-users-'));

test('a project keeps its number, also when many ask at once', async () => {
  const [home, registry] = [await scratch(), await scratch()];
  const projectId = newId('project');
  const uids = await Promise.all(Array.from({ length: 8 }, () => claimOsUser(home, projectId, registry)));
  assert.equal(new Set(uids).size, 1);
  assert.equal(await claimOsUser(home, projectId, registry), uids[0]);
});

test('no two projects of the machine share a number, whatever homes they are in', async () => {
  const registry = await scratch();
  const homes = await Promise.all([scratch(), scratch()]);
  const uids = await Promise.all(
    homes.flatMap((home) => Array.from({ length: 40 }, () => claimOsUser(home, newId('project'), registry))),
  );
  assert.equal(new Set(uids).size, 80);
});

test('a number goes to somebody else only when nothing of its project is left', async () => {
  const [home, registry] = [await scratch(), await scratch()];
  const kept = newId('project');
  const uid = await claimOsUser(home, kept, registry);
  await mkdir(join(home, 'projects', kept), { recursive: true });
  const gone = await claimOsUser(home, newId('project'), registry);
  for (const number of await readdir(registry)) await utimes(join(registry, number), 0, 0);
  assert.deepEqual([await isStaleClaim(registry, uid), await isStaleClaim(registry, gone)], [false, true]);
});
