import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { CommandResult } from '../../sandbox/sandbox.ts';
import { judgeTests } from './tests-gate.ts';

const tap = (lines: string, change: Partial<CommandResult> = {}): CommandResult => ({
  exitCode: 0,
  timedOut: false,
  output: `TAP version 13\n${lines}`,
  durationMs: 100,
  ...change,
});

test('counts what passed', () => {
  const outcome = judgeTests(
    tap(
      'ok 1 - creates a user\nok 2 - lists users # SKIP\n# tests 2\n# pass 1\n# fail 0\n# cancelled 0\n# skipped 1\n',
    ),
  );
  assert.deepEqual(outcome, {
    status: 'passed',
    summary: '1 of 2 tests passed, 1 skipped',
    evidence: ['ok 1 - creates a user', 'ok 2 - lists users # SKIP'],
  });
});

test('names the first that failed and keeps its block', () => {
  const block = "not ok 2 - lists users\n  ---\n  error: 'expected 200'\n  ...";
  const outcome = judgeTests(
    tap(`ok 1 - a\n${block}\n# tests 2\n# pass 1\n# fail 1\n# cancelled 0\n`, { exitCode: 1 }),
  );
  assert.equal(outcome.status, 'failed');
  assert.equal(outcome.summary, '1 of 2 tests passed; the first that failed: lists users');
  assert.deepEqual(outcome.evidence, [block]);
});

test('no tests, an exit code and a time-out are failures', () => {
  assert.match(judgeTests(tap('# tests 0\n# pass 0\n# fail 0\n')).summary, /No test ran \(exit code 0\)/);
  assert.equal(judgeTests(tap('ok 1 - a\n# tests 1\n# pass 1\n# fail 0\n', { exitCode: 1 })).status, 'failed');
  assert.match(judgeTests(tap('', { exitCode: undefined, timedOut: true })).summary, /did not end within 100 ms/);
});
