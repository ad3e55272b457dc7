import assert from 'node:assert/strict';
import { test } from 'node:test';
import { fakeBackend, fakeShell } from '../../test/support/cli-fakes.ts';
import { abortable, catchInterrupts } from './interrupts.ts';

/** Interrupts of a fake process with a clock that the test turns. */
function setUp() {
  const shell = fakeShell(fakeBackend());
  const told: string[] = [];
  let nowMs = 0;
  const interrupts = catchInterrupts(shell, () => nowMs);
  const run = {
    cancel: () => told.push('cancel'),
    park: () => told.push('park'),
    leave: () => told.push('leave'),
  };
  return { shell, told, interrupts, run, wait: (ms: number) => (nowMs += ms) };
}

test('without a run, the first Ctrl-C lets go and the second leaves at once', () => {
  const { shell, interrupts, wait } = setUp();
  shell.press('SIGINT');
  assert.equal(interrupts.signal.aborted, true);
  assert.equal(interrupts.exitCode, 130);
  assert.deepEqual(shell.exits, []);
  wait(1000);
  shell.press('SIGINT');
  assert.deepEqual(shell.exits, [130]);
});

test('with a run, the first Ctrl-C cancels it and goes on waiting, the second leaves at once', async () => {
  const { shell, told, interrupts, run, wait } = setUp();
  await interrupts.whileCarrying(run, async () => {
    shell.press('SIGINT');
    assert.equal(interrupts.signal.aborted, false);
    wait(1000);
    shell.press('SIGINT');
  });
  assert.deepEqual(told, ['cancel', 'leave']);
  assert.deepEqual(shell.exits, [130]);
});

test('the same Ctrl-C coming twice, from the terminal and from npm, counts once', async () => {
  const { shell, told, interrupts, run, wait } = setUp();
  await interrupts.whileCarrying(run, async () => {
    shell.press('SIGINT');
    wait(40);
    shell.press('SIGINT');
  });
  assert.deepEqual(told, ['cancel']);
  assert.deepEqual(shell.exits, []);
});

test('SIGTERM parks the run, also after a Ctrl-C', async () => {
  const { shell, told, interrupts, run, wait } = setUp();
  await interrupts.whileCarrying(run, async () => {
    shell.press('SIGINT');
    wait(1000);
    shell.press('SIGTERM');
  });
  assert.deepEqual(told, ['cancel', 'park']);
  assert.equal(interrupts.exitCode, 143);
  assert.deepEqual(shell.exits, []);
});

test('a reader that has gone ends a command quietly, but not a run that was begun', async () => {
  const { shell, told, interrupts, run } = setUp();
  await interrupts.whileCarrying(run, async () => shell.breakPipe());
  assert.equal(interrupts.signal.aborted, false);
  shell.breakPipe();
  assert.equal(interrupts.exitCode, 0);
  assert.deepEqual(told, []);
});

test('abortable rejects when interrupted and passes results and failures on', async () => {
  const { signal } = new AbortController();
  assert.equal(await abortable(Promise.resolve(1), signal), 1);
  await assert.rejects(abortable(Promise.reject(new Error('no')), signal), /no/);
  await assert.rejects(abortable(new Promise(() => undefined), AbortSignal.abort(new Error('stop'))), /stop/);
});
