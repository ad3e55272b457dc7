import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { test } from 'node:test';
import { cpuMsOf, endedChildrenCpuMs, familyCpuMsOf, usedMs } from './cpu-time.ts';

const skip = existsSync('/proc/self/stat') ? false : 'there is no /proc here';
const BUSY = 'const end = process.cpuUsage().user + 200_000; while (process.cpuUsage().user < end);';

test('what a child used is counted once it ended, and as its parent’s family’s', { skip }, () => {
  const before = { children: endedChildrenCpuMs(), family: familyCpuMsOf(process.pid) };
  spawnSync(process.execPath, ['-e', BUSY]);
  assert.ok((usedMs(before.children, endedChildrenCpuMs()) ?? 0) >= 190);
  assert.ok((usedMs(before.family, familyCpuMsOf(process.pid)) ?? 0) >= 190);
});

test('what a process used is what the process itself says', { skip }, () => {
  const { user, system } = process.cpuUsage();
  assert.ok(Math.abs((cpuMsOf(process.pid) ?? 0) - (user + system) / 1000) < 100);
});

test('nothing is known of a process that is not there', () => {
  assert.equal(cpuMsOf(2 ** 30), undefined);
  assert.equal(familyCpuMsOf(2 ** 30), undefined);
  assert.equal(usedMs(undefined, 5), undefined);
});
