import assert from 'node:assert/strict';
import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { after, before, test } from 'node:test';
import { ProviderError } from '../../cloud/provider-error.ts';
import type { FlyEvent, FlyMachine } from './fly-answers.ts';
import { hasCrashed, waitUntilServing, type MachineWatch } from './machine-health.ts';

const asked: string[] = [];
const hosts: string[] = [];
const server = createServer((request, response) => {
  asked.push(request.url ?? '');
  hosts.push(request.headers.host ?? '');
  response.writeHead(request.url === '/sick/readyz' ? 503 : 200).end();
});
let url = '';

before(async () => {
  await once(server.listen(0, '127.0.0.1'), 'listening');
  url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
});
after(() => server.close());

/** Shows the machine in these states, one a look, the last of them from then on. */
function watchOf(states: readonly (Partial<FlyMachine> | Error)[], rest: Partial<MachineWatch> = {}): MachineWatch {
  let looks = 0;
  const read = (): Promise<FlyMachine> => {
    const seen = states[Math.min(looks, states.length - 1)];
    looks += 1;
    return seen instanceof Error ? Promise.reject(seen) : Promise.resolve({ id: 'm', ...seen });
  };
  return { url, withinMs: 2000, read, before: undefined, changed: undefined, signal: undefined, ...rest };
}

function exit(timestamp: number, code: number, more: object = {}): FlyEvent {
  return { type: 'exit', timestamp, request: { exit_event: { exit_code: code, ...more } } };
}

test('is healthy when it has started and both addresses answer', async () => {
  assert.equal(await waitUntilServing(watchOf([{ state: 'starting' }, { state: 'started' }])), undefined);
});

test('says which address did not answer as it should', async () => {
  const watch = watchOf([{ state: 'started' }], { url: `${url}/sick`, withinMs: 300 });
  assert.equal(await waitUntilServing(watch), '/readyz answered 503 after 300 ms');
});

test('does not wait as long for a database as for a new name to be known', async () => {
  const watch = watchOf([{ state: 'started' }], { url: `${url}/sick`, withinMs: 60_000, readyWithinMs: 300 });
  assert.match((await waitUntilServing(watch)) ?? '', /^\/readyz answered 503 after \d{3,4} ms$/);
});

test('asks this machine for every name below localhost, by that name', async () => {
  const from = hosts.length;
  const named = url.replace('127.0.0.1', 'blog.localhost');
  assert.equal(await waitUntilServing(watchOf([{ state: 'started' }], { url: named })), undefined);
  assert.equal(hosts[from], new URL(named).host);
});

test('says why nothing answered', async () => {
  const watch = watchOf([{ state: 'started' }], { url: 'http://nobody.invalid', withinMs: 300 });
  assert.match((await waitUntilServing(watch)) ?? '', /^\/healthz answered nothing \((?:ENOTFOUND|EAI_AGAIN)\)/);
});

test('does not take the release before it for the new one', async () => {
  const from = asked.length;
  const states = [
    { state: 'started', instance_id: 'old' },
    { state: 'replacing', instance_id: 'new' },
  ];
  const changed = { id: 'm', instance_id: 'new' };
  const rest = { before: { id: 'm', instance_id: 'old' }, changed, withinMs: 600 };
  assert.equal(await waitUntilServing(watchOf(states, rest)), 'it did not start after 600 ms');
  assert.equal(asked.length, from);
  const replaced = [...states, { state: 'started', instance_id: 'new' }];
  assert.equal(await waitUntilServing(watchOf(replaced, { ...rest, withinMs: 3000 })), undefined);
});

test('ends at once when the machine has ended, but not by what was before the change', async () => {
  const earlier = { before: stopped([exit(10, 7)]) };
  const crashed = { state: 'stopped', events: [exit(10, 7), exit(20, 1)] };
  assert.equal(await waitUntilServing(watchOf([crashed], earlier)), 'it ended with exit code 1');
  const outOfMemory = { state: 'stopped', events: [exit(20, 137, { oom_killed: true })] };
  assert.equal(await waitUntilServing(watchOf([outOfMemory], earlier)), 'it ran out of memory');
  const old = { state: 'stopped', events: [exit(10, 7)] };
  assert.equal(await waitUntilServing(watchOf([old, { state: 'started' }], earlier)), undefined);
  assert.equal(await waitUntilServing(watchOf([{ state: 'failed' }])), 'its machine failed to start');
  assert.equal(await waitUntilServing(watchOf([{ state: 'destroyed' }])), 'its machine is gone');
});

test('goes on while it is not told how the machine does, and when nobody ever tells that it has started', async () => {
  const away = new ProviderError('away', { provider: 'Fly.io', mayBeDone: true });
  assert.equal(await waitUntilServing(watchOf([away, { state: 'started' }])), undefined);
  assert.equal(await waitUntilServing(watchOf([{ state: 'created' }], { withinMs: 6000 })), undefined);
});

test('ends when it is cancelled', async () => {
  const signal = AbortSignal.timeout(200);
  const watch = watchOf([{ state: 'starting' }], { signal, withinMs: 60_000 });
  assert.equal(await waitUntilServing(watch), 'it was cancelled');
});

test('a machine that sleeps, or was stopped, has not crashed', () => {
  assert.ok(!hasCrashed({ id: 'm', state: 'started' }));
  assert.ok(!hasCrashed(stopped([])));
  assert.ok(!hasCrashed(stopped([exit(1, 0, { requested_stop: true })])));
  assert.ok(!hasCrashed(stopped([exit(1, 1), exit(2, 143, { requested_stop: true })])));
  assert.ok(hasCrashed(stopped([exit(1, 1)])));
  assert.ok(hasCrashed({ id: 'm', state: 'failed' }));
});

function stopped(events: readonly FlyEvent[]): FlyMachine {
  return { id: 'm', state: 'stopped', events };
}
