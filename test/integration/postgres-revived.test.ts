import assert from 'node:assert/strict';
import type { ChildProcess } from 'node:child_process';
import { after, before, test } from 'node:test';
import { setTimeout as delay } from 'node:timers/promises';
import { findEmbeddedPostgres } from '../../src/database/embedded/embedded-postgres.ts';
import { openTestHome, type TestHome } from '../support/cli.ts';
import { callHttp } from '../support/http-service.ts';
import { createOver, endOf, startServing, type Serving } from '../support/serving.ts';

// The embedded Postgres is killed under `serve`, a process of its own with runs in progress.

let home: TestHome;
let service: Serving;
const running = new Set<ChildProcess>();

before(async () => {
  home = await openTestHome();
  service = await startServing(home, (child) => running.add(child), '--concurrency', '3');
});

after(async () => {
  for (const child of running) child.kill('SIGKILL');
  await home.close();
});

test('a Postgres that is killed is back within seconds, and the runs end as if nothing had been', async (t) => {
  const runIds = [];
  for (const name of ['shop', 'library', 'garage']) runIds.push(await createOver(service.url, name));
  for (const wait of [2000, 7000]) {
    await delay(wait);
    const killed = await findEmbeddedPostgres(`${home.folder}/state`);
    assert.ok(killed);
    process.kill(killed.pid, 'SIGKILL');
    const killedAtMs = performance.now();
    await until(async () => (await findEmbeddedPostgres(`${home.folder}/state`))?.pid !== killed.pid, 30_000);
    await until(async () => (await callHttp(`${service.url}/readyz`)).ok, 30_000);
    t.diagnostic(`ready ${(performance.now() - killedAtMs).toFixed(0)} ms after the kill`);
    assert.equal((await callHttp(`${service.url}/v1/projects`)).status, 200);
    assert.equal((await callHttp(`${service.url}/healthz`)).status, 200);
  }
  for (const runId of runIds) {
    const answer = await endOf(service.url, runId);
    assert.equal(answer.status, 'succeeded', JSON.stringify(answer));
    assert.match(JSON.stringify(answer), /Postgres had died and was started again/);
  }
});

test('a Postgres that was stopped on purpose stays so, and the service tells that it cannot serve', async () => {
  assert.equal((await home.run('down')).exitCode, 0);
  await delay(1500);
  assert.equal(await findEmbeddedPostgres(`${home.folder}/state`), undefined);
  assert.equal((await callHttp(`${service.url}/readyz`)).status, 503);
  await until(async () => (await callHttp(`${service.url}/healthz`)).status === 503, 20_000);
  assert.equal((await home.run('list')).exitCode, 0);
  await until(async () => (await callHttp(`${service.url}/healthz`)).ok, 10_000);
  assert.equal((await service.stop()).exitCode, 0);
});

async function until(isSo: () => Promise<boolean>, timeoutMs: number): Promise<void> {
  for (const giveUpAt = Date.now() + timeoutMs; Date.now() < giveUpAt; await delay(50)) if (await isSo()) return;
  assert.fail('it did not happen in time');
}
