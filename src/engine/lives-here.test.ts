import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { hostname } from 'node:os';
import { test } from 'node:test';
import { livesHere } from './lives-here.ts';

test('a process of this machine is known to live until it has ended, one of another machine is not', () => {
  const { pid } = spawnSync(process.execPath, ['-e', '0']);
  assert.equal(livesHere(`${hostname()}:${process.pid}:abc12345`), true);
  assert.equal(livesHere(`${hostname()}:${pid}:abc12345`), false);
  assert.equal(livesHere(`elsewhere-${hostname()}:${process.pid}:abc12345`), false);
  assert.equal(livesHere('an executor'), false);
});
