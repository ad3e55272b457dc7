import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { setTimeout as delay } from 'node:timers/promises';
import type { Pool } from 'pg';
import { Slots } from '../../src/domain/slots.ts';
import type { RunId } from '../../src/domain/ids.ts';
import { DbosEngine } from '../../src/engine/dbos-engine.ts';
import type { RunBody } from '../../src/engine/run-engine.ts';
import { openHttpDoor, type HttpDoor } from '../../src/http/http-door.ts';
import { EventHub } from '../../src/store/event-hub.ts';
import { appendEvent } from '../../src/store/run-events.ts';
import { findRun } from '../../src/store/runs.ts';
import type { TurboBackend } from '../../src/turbobackend.ts';
import { LOCAL_PLACEMENT } from '../../src/domain/placement.ts';
import { openUseCases } from '../../src/use-cases/open-use-cases.ts';
import { controlConnectionOf, openTestControl, recordEnd } from '../support/control-database.ts';
import { readEventStream } from '../support/event-stream.ts';
import { callHttp } from '../support/http-service.ts';
import { startTestCluster, type TestCluster } from '../support/postgres.ts';

// Many users at once, on the real engine and the real records; only what a run does is short.

const USERS = ['ada', 'bob', 'cleo', 'dan', 'eve'];
const STEPS = 4;
const STEP_MS = 40;
const PLACES = 4;
const PLACES_PER_USER = 2;

let cluster: TestCluster;
let pool: Pool;
let hub: EventHub;
let engine: DbosEngine;
let backend: TurboBackend;
let door: HttpDoor;
let hubReads = 0;
const keys = new Map<string, string>();
const body = shortBody();

before(async () => {
  cluster = await startTestCluster();
  pool = await openTestControl(cluster);
  const connection = controlConnectionOf(cluster);
  hub = new EventHub(connection, countingReads(pool));
  engine = new DbosEngine({ connection, pool, body, ownerConcurrency: PLACES_PER_USER });
  await engine.start({ concurrency: PLACES });
  const parts = {
    ownerId: 'local',
    pool,
    hub,
    ports: {} as never,
    secrets: {} as never,
    placement: LOCAL_PLACEMENT,
    placements: [],
    portsAt: () => assert.fail('nothing is made'),
    trials: new Slots(1),
    readNotation: () => assert.fail('nothing is read'),
    engine: () => Promise.resolve(engine),
  };
  backend = openUseCases(() => Promise.resolve(parts), {
    resumed: [],
    checks: [],
    planner: () => assert.fail('nothing is planned'),
    up: () => Promise.resolve([]),
    keepUp: () => Promise.resolve(),
    down: () => Promise.resolve([]),
    close: () => Promise.resolve(),
  });
  door = await openHttpDoor(backend, {
    host: '127.0.0.1',
    port: 0,
    requireKey: false,
    publicUrl: undefined,
    requestsPerMinute: 100_000,
    version: '0.0.0',
    onBug: (error) => assert.fail(error as Error),
  });
  for (const user of USERS) {
    keys.set(user, (await backend.keys.create({ ownerId: user, name: user, scope: 'write' })).key.reveal());
  }
});

after(async () => {
  await door.close();
  await engine.close();
  await hub.close();
  await pool.end();
  await cluster.stop();
});

test('fifty runs of five users at once: each sees its own, whole, and nobody has more at once than may be', async () => {
  const made = await Promise.all(
    Array.from({ length: 50 }, async (_, index) => {
      const user = USERS[index % USERS.length]!;
      return { user, runId: await create(user, `thing-${index}`) };
    }),
  );
  await Promise.all(
    made.map(async ({ user, runId }) => {
      const { events } = await readEventStream(eventsOf(runId), { key: keys.get(user)! });
      assert.deepEqual(
        events.map(({ seq }) => seq),
        Array.from({ length: STEPS + 1 }, (__, index) => index + 1),
      );
      assert.ok(events.every((event) => event.runId === runId));
      const other = USERS[(USERS.indexOf(user) + 1) % USERS.length]!;
      assert.equal((await callHttp(eventsOf(runId), { key: keys.get(other)! })).status, 404);
    }),
  );
  assert.ok(body.mostAtOnce() <= PLACES, `${body.mostAtOnce()} at once`);
  assert.equal(body.mostOfOneUser(), PLACES_PER_USER);
  for (const user of USERS) {
    const { data } = await json<{ data: { status: string }[] }>('/v1/runs?limit=100', user);
    assert.equal(data.length, 10);
    assert.ok(data.every(({ status }) => status === 'succeeded'));
  }
});

test('a user who asks for much does not keep another waiting until all of it is done', async () => {
  body.forget();
  const many = await Promise.all(Array.from({ length: 40 }, (_, count) => create('ada', `many-${count}`)));
  const few = await Promise.all(Array.from({ length: 3 }, (_, count) => create('bob', `few-${count}`)));
  await Promise.all([
    ...many.map((runId) => readEventStream(eventsOf(runId), { key: keys.get('ada')! })),
    ...few.map((runId) => readEventStream(eventsOf(runId), { key: keys.get('bob')! })),
  ]);
  const order = body.ended();
  const last = Math.max(...few.map((runId) => order.indexOf(runId)));
  assert.ok(last < order.length / 2, `the last of the few was number ${last + 1} of ${order.length}`);
});

test('two hundred watchers of a run cost as many reads as one', async () => {
  const one = await readsFor(1);
  const many = await readsFor(200);
  // Who comes while the run goes on reads what was before; each for itself would be a thousand.
  assert.ok(many <= one + 200, `${one} reads for one watcher, ${many} for 200`);
});

test('a submission that is repeated by its token gives the same run', async () => {
  const ada = backend.forOwner('ada');
  const request = { prompt: 'a thing', name: 'tokened', token: '0123456789abcdef' };
  const first = await ada.submit(request);
  assert.deepEqual(await ada.submit(request), first);
  await engine.ended(first.runId);
  assert.deepEqual(await ada.submit(request), first, 'also when the run has ended');
  assert.deepEqual(body.ended().filter((runId) => runId === first.runId).length, 1);
});

/** What the hub read from logs while so many watched a run from its beginning to its end. */
async function readsFor(watchers: number): Promise<number> {
  const runId = await create('cleo', `watched-${watchers}`);
  hubReads = 0;
  const streams = await Promise.all(
    Array.from({ length: watchers }, () => readEventStream(eventsOf(runId), { key: keys.get('cleo')! })),
  );
  for (const { events } of streams) assert.equal(events.length, STEPS + 1);
  return hubReads;
}

async function create(user: string, name: string): Promise<RunId> {
  const response = await callHttp(`${door.url}/v1/projects`, {
    body: { prompt: 'a thing', name },
    key: keys.get(user)!,
  });
  assert.equal(response.status, 202, await response.clone().text());
  return ((await response.json()) as { runId: RunId }).runId;
}

async function json<T>(path: string, user: string): Promise<T> {
  const response = await callHttp(`${door.url}${path}`, { key: keys.get(user)! });
  assert.equal(response.status, 200);
  return (await response.json()) as T;
}

function eventsOf(runId: string): string {
  return `${door.url}/v1/runs/${runId}/events`;
}

interface ShortBody extends RunBody {
  mostAtOnce(): number;
  mostOfOneUser(): number;
  /** The runs in the order in which they ended. */
  ended(): readonly string[];
  forget(): void;
}

/** Tells of each of its few steps, and remembers how many runs there were at a time. */
function shortBody(): ShortBody {
  let atOnce = 0;
  let most = 0;
  let mostOfOne = 0;
  const ofUser = new Map<string, number>();
  const count = (user: string, change: number): void => {
    const now = (ofUser.get(user) ?? 0) + change;
    ofUser.set(user, now);
    mostOfOne = Math.max(mostOfOne, now);
  };
  let order: string[] = [];
  return {
    mostAtOnce: () => most,
    mostOfOneUser: () => mostOfOne,
    ended: () => order,
    forget: () => (order = []),
    async run(steps) {
      const { runId } = steps;
      const user = (await findRun(pool, runId))!.ownerId;
      count(user, 1);
      atOnce += 1;
      most = Math.max(most, atOnce);
      try {
        for (let step = 1; step <= STEPS; step += 1) {
          await steps.step(`step-${step}`, async () => {
            const event = { type: 'phase-progress', phase: 'code', message: `step ${step}` } as const;
            await appendEvent(pool, runId, `step-${step}`, event, step * 20, Date.now());
            await delay(STEP_MS);
          });
        }
      } finally {
        atOnce -= 1;
        count(user, -1);
      }
    },
    async finish({ runId }, outcome) {
      const run = await findRun(pool, runId);
      await recordEnd(pool, { runId, ownerId: run!.ownerId, exclusiveKey: run!.projectId }, outcome.status);
      order.push(runId);
    },
  };
}

/** The pool, with its reads of event logs counted. */
function countingReads(counted: Pool): Pool {
  return new Proxy(counted, {
    get(target, property, receiver) {
      if (property !== 'query') return Reflect.get(target, property, receiver) as unknown;
      return (...args: Parameters<Pool['query']>) => {
        hubReads += 1;
        return target.query(...args);
      };
    },
  });
}
