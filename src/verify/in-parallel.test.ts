import assert from 'node:assert/strict';
import { test } from 'node:test';
import { setTimeout } from 'node:timers/promises';
import { inParallel } from './in-parallel.ts';

test('works through everything once, a few at a time', async () => {
  const done: number[] = [];
  let [running, most] = [0, 0];
  await inParallel([...Array(30).keys()], async (item) => {
    running += 1;
    most = Math.max(most, running);
    await setTimeout(1);
    running -= 1;
    done.push(item);
  });
  assert.deepEqual(
    done.toSorted((a, b) => a - b),
    [...Array(30).keys()],
  );
  assert.equal(most, 6);
  await inParallel([], () => assert.fail('there is nothing to do'));
});

test('rejects with the first failure', async () => {
  await assert.rejects(
    inParallel([1, 2, 3], (item) => (item === 2 ? Promise.reject(new Error('two')) : Promise.resolve())),
    /two/,
  );
});
