import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { judgePostmaster, readPostmasterPid, removeStalePid } from './postmaster-pid.ts';

const scratch = (): Promise<string> => mkdtemp(join(tmpdir(), 'turbobackend-pid-'));

test('reads the pid file, ready or not, there or not', async () => {
  const data = await scratch();
  assert.equal(await readPostmasterPid(data), undefined);
  await writeFile(join(data, 'postmaster.pid'), '42\n/data\n1760000000\n15401\n\n127.0.0.1\n 123 4\nstarting\n');
  assert.deepEqual(await readPostmasterPid(data), { pid: 42, port: 15_401, ready: false });
  await writeFile(join(data, 'postmaster.pid'), '42\n/data\n1760000000\n15401\n\n127.0.0.1\n 123 4\nready   \n');
  assert.deepEqual(await readPostmasterPid(data), { pid: 42, port: 15_401, ready: true });
  await rm(data, { recursive: true });
});

test('tells the server of these data from another process and from none', async () => {
  const data = await scratch();
  assert.equal(await judgePostmaster(process.pid, data), 'foreign');
  const stand = spawn('/bin/sh', ['-c', 'read line', 'postgres', '-D', data], { stdio: 'pipe' });
  await once(stand, 'spawn');
  assert.equal(await judgePostmaster(stand.pid ?? 0, data), 'running');
  stand.kill();
  await once(stand, 'exit');
  assert.equal(await judgePostmaster(stand.pid ?? 0, data), 'gone');
  await rm(data, { recursive: true });
});

test('takes a stale pid file away, and no other', async () => {
  const data = await scratch();
  const file = join(data, 'postmaster.pid');
  await writeFile(file, '43\n');
  await removeStalePid(data, { pid: 42, port: 1, ready: true });
  assert.equal(await readFile(file, 'utf8'), '43\n');
  await removeStalePid(data, { pid: 43, port: 1, ready: true });
  await removeStalePid(data, { pid: 43, port: 1, ready: true });
  assert.deepEqual(await readdir(data), []);
  await rm(data, { recursive: true });
});
