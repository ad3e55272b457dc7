import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { RunId } from '../domain/ids.ts';
import type { RunEvent } from '../domain/run-event.ts';
import { progressOf } from './progress.ts';

type Request = Parameters<typeof progressOf>[0];
type Notification = Parameters<Request['notify']>[0];

function requestWith(meta: Request['_meta'], notify: (notification: Notification) => Promise<void>): Request {
  return { _meta: meta, notify } as Request;
}

function eventAt(percent: number, message: string): RunEvent {
  return { type: 'run-started', runId: 'run_1' as RunId, seq: 1, atMs: 0, percent, message };
}

test('a client that did not ask for progress gets none', () => {
  assert.equal(progressOf(requestWith(undefined, () => assert.fail('nothing is sent'))), undefined);
});

test('every notification is above the last, also while nothing happens', () => {
  const sent: { progress: number; message: string; progressToken: string }[] = [];
  const progress = progressOf(
    requestWith({ progressToken: 'p' }, async ({ params }) => void sent.push(params as never)),
  );
  progress?.repeat();
  progress?.show(eventAt(0, 'begun'));
  progress?.show(eventAt(10, 'a'));
  progress?.show(eventAt(10, 'b'));
  progress?.repeat();
  progress?.show(eventAt(100, 'done'));
  assert.deepEqual(
    sent.map(({ progress: value, message }) => [value, message]),
    [
      [0.01, 'under way'],
      [0.02, 'begun'],
      [10, 'a'],
      [10.01, 'b'],
      [10.02, 'b'],
      [100, 'done'],
    ],
  );
  assert.ok(sent.every(({ progressToken }) => progressToken === 'p'));
});

test('a client that has gone does not fail the call', async () => {
  const progress = progressOf(requestWith({ progressToken: 1 }, () => Promise.reject(new Error('gone'))));
  progress?.show(eventAt(1, 'a'));
  await Promise.resolve();
});
