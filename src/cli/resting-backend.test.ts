import assert from 'node:assert/strict';
import { setTimeout as delay } from 'node:timers/promises';
import { test } from 'node:test';
import { fakeBackend } from '../../test/support/cli-fakes.ts';
import { RestingBackend } from './resting-backend.ts';

function counting(running: () => number) {
  const counts = { opened: 0, closed: 0 };
  const open = () => {
    counts.opened += 1;
    const runs = { queued: 0, succeeded: 0, failed: 0, cancelled: 0 };
    return Promise.resolve(
      fakeBackend({
        countRuns: () => Promise.resolve({ ...runs, running: running() }),
        close: () => Promise.resolve(void (counts.closed += 1)),
      }),
    );
  };
  return { counts, open };
}

test('is opened by the first who asks, rests when nobody has asked for long, and is opened again', async () => {
  const { counts, open } = counting(() => 0);
  const backend = new RestingBackend(open, 20);
  assert.equal(counts.opened, 0);
  await Promise.all([backend.open(), backend.open()]);
  assert.equal(counts.opened, 1);
  while (counts.closed === 0) await delay(5);
  await backend.open();
  assert.equal(counts.opened, 2);
  await backend.close();
  assert.equal(counts.closed, 2);
});

test('does not rest while a run is under way', async () => {
  let running = 1;
  const { counts, open } = counting(() => running);
  const backend = new RestingBackend(open, 10);
  await backend.open();
  await delay(60);
  assert.equal(counts.closed, 0);
  running = 0;
  while (counts.closed === 0) await delay(5);
});
