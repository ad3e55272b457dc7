import assert from 'node:assert/strict';
import { test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { newId } from '../domain/ids.ts';
import { bringBackAll, keepUp, type Absence, type RevivableTarget } from './keep-up.ts';

const [steady, looping, broken] = [newId('project'), newId('project'), newId('project')];
const NAMES = new Map([
  [steady, 'steady'],
  [looping, 'looping'],
  [broken, 'broken'],
]);

/** Backends of which one stays up once it was started, one ends at once, and one cannot be started. */
function fakeTarget(): RevivableTarget & { readonly starts: string[]; kill(): void } {
  const starts: string[] = [];
  let isUp = false;
  return {
    starts,
    kill: () => (isUp = false),
    listAbsent: () =>
      Promise.resolve(
        [...NAMES].filter(([id]) => id !== steady || !isUp).map(([projectId, name]) => ({ projectId, name })),
      ),
    revive(projectId, which: Absence) {
      const name = NAMES.get(projectId) ?? '';
      starts.push(`${name} ${which}`);
      if (projectId === steady) isUp = true;
      if (projectId === broken) return Promise.reject(new Error('no database\nmore'));
      return Promise.resolve({ projectId, status: 'running', url: `http://${name}`, sourceHash: '', externalId: '' });
    },
  };
}

test('everything that should run is started once, and what cannot be is told', async () => {
  const revivals = await bringBackAll(fakeTarget());
  assert.deepEqual(
    revivals.map(({ name, url, problem }) => [name, url, problem]),
    [
      ['steady', 'http://steady', undefined],
      ['looping', 'http://looping', undefined],
      ['broken', undefined, 'no database\nmore'],
    ],
  );
});

test('one that is killed is started again, one in a loop of crashes ever later, and each time is said', async () => {
  const target = fakeTarget();
  const leaving = new AbortController();
  const lines: string[] = [];
  const pace = { everyMs: 5, firstWaitMs: 40, longestWaitMs: 10_000, steadyMs: 1000 };
  const kept = keepUp(target, { signal: leaving.signal, say: (line) => lines.push(line), pace });
  await sleep(60);
  target.kill();
  await sleep(700);
  leaving.abort();
  await kept;
  const count = (name: string): number => target.starts.filter((start) => start.startsWith(name)).length;
  assert.equal(count('steady'), 2);
  // At 0, 40, 120, 280 and 600 ms, and with everything at the start.
  assert.ok(count('looping') >= 4 && count('looping') <= 6, String(count('looping')));
  assert.ok(
    lines.some((line) => line.startsWith('looping runs again at http://looping · if it ends again, the next try')),
  );
  assert.ok(lines.some((line) => line.startsWith('broken could not be started: no database ·')));
  assert.equal(target.starts.filter((start) => start.endsWith('down or dead')).length, 3);
});
