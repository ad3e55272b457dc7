import assert from 'node:assert/strict';
import type { ChildProcess } from 'node:child_process';
import { after, afterEach, before, test } from 'node:test';
import { setTimeout as delay } from 'node:timers/promises';
import type { RunResult } from '../../src/domain/run.ts';
import type { RunEvent } from '../../src/domain/run-event.ts';
import { openTestHome, type CommandEnd, type TestHome } from '../support/cli.ts';
import { readEventStream } from '../support/event-stream.ts';
import { callHttp } from '../support/http-service.ts';

// `serve`, `worker` and `keys` as processes of their own, on one home.

let home: TestHome;
const running = new Set<ChildProcess>();

before(async () => {
  home = await openTestHome();
});

afterEach(() => {
  for (const child of running) child.kill('SIGKILL');
  running.clear();
});

after(() => home.close());

test('the stream of a run goes on when the worker that carries it is killed', async () => {
  const service = await serve('--concurrency', '1');
  const taken: string[] = [];
  let worker: ChildProcess | undefined;
  const ended = home.start(['worker', '--concurrency', '1', '--json'], (line, child) => {
    worker = child;
    const report = JSON.parse(line) as { type: string; runId: string };
    if (report.type === 'taken') taken.push(report.runId);
  });
  // The one that the service has no place for is the worker's.
  const runIds: string[] = [];
  for (let round = 0; taken.length === 0; round += 1) {
    assert.ok(round < 3, 'the worker takes a run');
    // Two at a time, or the service may be done with one before the next is there.
    for (const name of [`shop-${round}`, `store-${round}`]) runIds.push(await create(service.url, name));
    await until(() => taken.length > 0, 15_000);
  }
  const [runId = ''] = taken;

  const events: RunEvent[] = [];
  let killed = false;
  // A connection for every event.
  for (;;) {
    const part = await readEventStream(`${service.url}/v1/runs/${runId}/events`, {
      lastEventId: events.at(-1)?.seq ?? 0,
      most: 1,
    });
    events.push(...part.events);
    const last = events.at(-1);
    if (last?.type === 'phase-started' && last.phase === 'verify') killed = worker?.kill('SIGKILL') === true;
    if (last?.type === 'run-ended') break;
  }
  assert.ok(killed, 'while the run was verified');
  assert.equal((await ended).exitCode, null);
  const end = events.at(-1);
  assert.ok(end?.type === 'run-ended' && end.result.status === 'succeeded', JSON.stringify(end));
  assert.deepEqual(
    events.map(({ seq }) => seq),
    events.map((_, index) => index + 1),
  );
  for (const other of runIds) await untilEnded(service.url, other);
  assert.equal((await service.stop()).exitCode, 0);
});

test('a service that is told to stop ends its streams and lets its run go, for the next process to carry on', async () => {
  const service = await serve();
  const runId = await create(service.url, 'library');
  const stream = readEventStream(`${service.url}/v1/runs/${runId}/events`);
  const poll = callHttp(`${service.url}/v1/runs/${runId}?waitSeconds=30`);
  await readEventStream(`${service.url}/v1/runs/${runId}/events`, { most: 8 });
  const startedAt = Date.now();
  const end = await service.stop();
  assert.equal(end.exitCode, 0, end.stderr);
  assert.ok(Date.now() - startedAt < 30_000);
  assert.equal((await poll).status, 200, 'what was asked is answered');
  const { events } = await stream;
  assert.ok(events.every(({ type }) => type !== 'run-ended'));

  const listed = await home.run('list', '--json');
  assert.match(listed.stderr, new RegExp(runId), 'it says which run it carried on');
  const { result } = await home.json<{ result: RunResult }>('run', 'show', runId);
  assert.equal(result.status, 'succeeded', JSON.stringify(result.error));
});

test('an address that others reach needs a key to exist, and one on every call', async () => {
  const refused = await home.run('serve', '--host', '0.0.0.0', '--port', '0', '--json');
  assert.equal(refused.exitCode, 4, refused.stderr);
  assert.match(refused.stdout, /CONFIG_INVALID[\s\S]*keys create/);

  const created = await home.json<{ keyId: string; key: string }>('keys', 'create', '--owner', 'ada', '--name', 'ci');
  assert.match(created.key, /^tb_[0-9a-z]{40}$/);
  const service = await serve('--host', '0.0.0.0');
  const url = service.url.replace('0.0.0.0', '127.0.0.1');
  assert.equal((await callHttp(`${url}/v1/projects`)).status, 401);
  assert.deepEqual(await (await callHttp(`${url}/v1/projects`, { key: created.key })).json(), { data: [] });

  const { keys } = await home.json<{ keys: { keyId: string; name: string }[] }>('keys', 'list', '--owner', 'ada');
  assert.deepEqual(
    keys.map(({ keyId, name }) => [keyId, name]),
    [[created.keyId, 'ci']],
  );
  assert.equal((await home.run('keys', 'revoke', created.keyId)).exitCode, 0);
  assert.equal((await callHttp(`${url}/v1/projects`, { key: created.key })).status, 401);
  assert.equal((await home.run('keys', 'revoke', created.keyId)).exitCode, 3);
  assert.equal((await home.run('keys', 'create', '--owner', 'a b')).exitCode, 2);

  const { port } = new URL(service.url);
  const second = await home.run('serve', '--port', port, '--json');
  assert.equal(second.exitCode, 4);
  assert.match(second.stdout, /is in use/);
  assert.equal((await service.stop()).exitCode, 0);
});

interface Service {
  readonly url: string;
  /** Asks it to stop and waits until it has. */
  stop(): Promise<CommandEnd>;
}

function serve(...args: readonly string[]): Promise<Service> {
  return new Promise((resolve, reject) => {
    const ended = home.start(['serve', '--port', '0', '--json', ...args], (line, child) => {
      const { type, url } = JSON.parse(line) as { type: string; url: string };
      if (type !== 'listening') return;
      running.add(child);
      resolve({
        url,
        stop: () => {
          child.kill('SIGTERM');
          return ended;
        },
      });
    });
    void ended.then((end) => reject(new Error(`serve ended with ${end.exitCode}: ${end.stdout}${end.stderr}`)));
  });
}

async function create(url: string, name: string): Promise<string> {
  const response = await callHttp(`${url}/v1/projects`, { body: { prompt: `a ${name} with items`, name } });
  assert.equal(response.status, 202, await response.clone().text());
  return ((await response.json()) as { runId: string }).runId;
}

async function untilEnded(url: string, runId: string): Promise<void> {
  for (;;) {
    const response = await callHttp(`${url}/v1/runs/${runId}?waitSeconds=30`);
    const { status } = (await response.json()) as { status: string };
    if (status !== 'queued' && status !== 'running') return;
  }
}

/** Until it is so, or the time is up. */
async function until(isSo: () => boolean, timeoutMs: number): Promise<void> {
  const deadline = Date.now() + timeoutMs;
  while (!isSo() && Date.now() < deadline) await delay(50);
}
