import assert from 'node:assert/strict';
import { fork } from 'node:child_process';
import { once } from 'node:events';
import { after, before, test } from 'node:test';
import { setTimeout as delay } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import type { Pool } from 'pg';
import { newId } from '../../src/domain/ids.ts';
import type { RunEvent } from '../../src/domain/run-event.ts';
import type { RunRequest } from '../../src/engine/run-engine.ts';
import { EventHub } from '../../src/store/event-hub.ts';
import { appendEvent, readEvents } from '../../src/store/run-events.ts';
import { controlConnectionOf, openTestControl, recordEnd, recordRun } from '../support/control-database.ts';
import type { WriterSettings } from '../support/event-writer.ts';
import { startTestCluster, type TestCluster } from '../support/postgres.ts';

let cluster: TestCluster;
let pool: Pool;
let hub: EventHub;

before(async () => {
  cluster = await startTestCluster();
  pool = await openTestControl(cluster);
  hub = new EventHub(controlConnectionOf(cluster), pool);
});
after(async () => {
  await hub.close();
  await pool.end();
  await cluster.stop();
});

test('events written at once are numbered without a gap, and their percent never goes down', async () => {
  const { runId } = await recordRun(pool);
  const body = { type: 'warning', phase: 'design', message: 'hm' } as const;
  const seqs = await Promise.all(
    Array.from({ length: 100 }, (_, index) =>
      appendEvent(pool, runId, `key ${index % 50}`, body, (index * 7) % 100, 0),
    ),
  );
  assert.equal(seqs.filter((seq) => seq === undefined).length, 50, 'one of each key is dropped');
  const page = await readEvents(pool, runId);
  assert.deepEqual(
    page?.events.map(({ seq }) => seq),
    range(1, 50),
  );
  assertRising(page.events);
});

test('nothing comes after the terminal event, which is there once', async () => {
  const request = await recordRun(pool);
  await appendEvent(pool, request.runId, 'start', { type: 'run-started', message: '' }, 0, 0);
  await Promise.all([1, 2, 3].map(() => recordEnd(pool, request, 'succeeded')));
  assert.equal(await appendEvent(pool, request.runId, 'late', { type: 'undo', message: '' }, 0, 0), undefined);
  const page = await readEvents(pool, request.runId);
  assert.deepEqual(
    page?.events.map(({ type }) => type),
    ['run-started', 'run-ended'],
  );
  assert.deepEqual([page.closed, page.lastSeq, page.events.at(-1)?.percent], [true, 2, 100]);
});

test('an event of an unknown run is refused, and its log is not there', async () => {
  const runId = newId('run');
  await assert.rejects(appendEvent(pool, runId, 'key', { type: 'undo', message: '' }, 0, 0));
  assert.equal(await readEvents(pool, runId), undefined);
  await assert.rejects(hub.watch(runId).next(), { code: 'RUN_NOT_FOUND' });
});

test('watchers see what two other processes write, each event once, also when the connection is cut', async (t) => {
  const request = await recordRun(pool);
  const watches = [0, 0, 0].map(() => collect(request));
  const writers = ['a', 'b'].map((name) => startWriter(request, name, 300));
  await delay(400);
  await pool.query(
    `SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE query LIKE 'LISTEN %' AND pid <> pg_backend_pid()`,
  );
  const late = collect(request, 120);
  await Promise.all(writers);
  await recordEnd(pool, request, 'succeeded');
  for (const events of await Promise.all(watches)) {
    assert.deepEqual(
      events.map(({ seq }) => seq),
      range(1, 601),
    );
    assertRising(events);
    for (const name of ['a', 'b']) {
      const written = events.flatMap((event) =>
        'message' in event && event.message.startsWith(name) ? [event.message] : [],
      );
      assert.deepEqual(
        written,
        range(0, 299).map((number) => `${name} ${number}`),
      );
    }
  }
  assert.deepEqual(
    (await late).map(({ seq }) => seq),
    range(121, 601),
  );
  const waits = (await watches[0]!).map((event) => event.seenMs - event.atMs).toSorted((a, b) => a - b);
  t.diagnostic(`seen after ${waits[300]} ms (median), ${waits[594]} ms (99 %)`);
});

test('a watch ends when its signal aborts, and at once for a run that has ended', async () => {
  const request = await recordRun(pool);
  const leaving = new AbortController();
  const watch = hub.watch(request.runId, 0, leaving.signal);
  const next = watch.next();
  leaving.abort();
  assert.deepEqual(await next, { done: true, value: undefined });
  await recordEnd(pool, request, 'failed');
  assert.deepEqual(await hub.watch(request.runId, 1).next(), { done: true, value: undefined });
});

test('a hub that is closed ends its watches', async () => {
  const request = await recordRun(pool);
  const other = new EventHub(controlConnectionOf(cluster), pool);
  const next = other.watch(request.runId).next();
  await delay(50);
  await other.close();
  assert.equal((await next).done, true);
});

async function collect(
  { runId }: RunRequest,
  afterSeq = 0,
): Promise<readonly (RunEvent & { readonly seenMs: number })[]> {
  const events: (RunEvent & { readonly seenMs: number })[] = [];
  for await (const event of hub.watch(runId, afterSeq)) events.push({ ...event, seenMs: Date.now() });
  return events;
}

async function startWriter({ runId }: RunRequest, name: string, events: number): Promise<void> {
  const writer = fork(fileURLToPath(new URL('../support/event-writer.ts', import.meta.url)));
  const { password, ...connection } = controlConnectionOf(cluster);
  writer.send({ connection, password: password.reveal(), runId, name, events } satisfies WriterSettings);
  await once(writer, 'exit');
  assert.equal(writer.exitCode, 0);
}

function assertRising(events: readonly RunEvent[]): void {
  const percents = events.map(({ percent }) => percent);
  assert.deepEqual(
    percents,
    percents.toSorted((a, b) => a - b),
  );
}

function range(from: number, to: number): readonly number[] {
  return Array.from({ length: to - from + 1 }, (_, index) => from + index);
}
