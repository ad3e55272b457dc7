import assert from 'node:assert/strict';
import type { ChildProcess } from 'node:child_process';
import { after, before, test } from 'node:test';
import { setTimeout as delay } from 'node:timers/promises';
import { clusterFolder, readClusterFile, SUPERUSER } from '../../src/database/embedded/cluster-folder.ts';
import { findEmbeddedPostgres } from '../../src/database/embedded/embedded-postgres.ts';
import { Secret } from '../../src/domain/secret.ts';
import { withClient } from '../../src/postgres/open-client.ts';
import { openTestHome, type TestHome } from '../support/cli.ts';
import { createOver, endOf, startServing } from '../support/serving.ts';

// `serve` and a worker as processes of their own, on a Postgres that keeps ending their connections.

const ROUNDS = 60;
const ROUND_MS = 400;

let home: TestHome;
const running = new Set<ChildProcess>();

before(async () => {
  // What a shell holds for other databases reaches nothing of ours.
  home = await openTestHome({ PGOPTIONS: '-c search_path=zzz', PGSSLMODE: 'require', PGAPPNAME: 'theirs' });
});

after(async () => {
  for (const child of running) child.kill('SIGKILL');
  await home.close();
});

test('runs end, and no process does, while every connection is ended again and again', async () => {
  const service = await startServing(home, (child) => running.add(child), '--concurrency', '2');
  let workerEnd: unknown;
  const worker = home.start(['worker', '--concurrency', '2', '--json'], (_line, child) => running.add(child));
  void worker.then((end) => (workerEnd = end));
  const runIds = [];
  for (const name of ['shop', 'library', 'garage']) runIds.push(await createOver(service.url, name));

  const ended = await endSessions();
  assert.ok(ended > ROUNDS, `${ended} connections were ended`);
  for (const runId of runIds) {
    const result = await endOf(service.url, runId);
    assert.equal(result.status, 'succeeded', JSON.stringify(result));
  }
  assert.equal(workerEnd, undefined, JSON.stringify(workerEnd));
  assert.ok(service.isLive());
  assert.equal((await service.stop()).exitCode, 0);
});

/** Ends the admin's connections, round after round; resolves to how many that were. */
async function endSessions(): Promise<number> {
  const state = `${home.folder}/state`;
  const found = await findEmbeddedPostgres(state);
  const file = await readClusterFile(clusterFolder(state));
  assert.ok(found && file);
  const superuser = { user: SUPERUSER, password: new Secret(file.superuserPassword) };
  const connection = { host: '127.0.0.1', port: found.port, tls: 'off', database: 'postgres', ...superuser } as const;
  return withClient(connection, async (client) => {
    let ended = 0;
    for (let round = 0; round < ROUNDS; round += 1) {
      const { rowCount } = await client.query(
        `SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE usename = 'tb_admin'`,
      );
      ended += rowCount ?? 0;
      await delay(ROUND_MS);
    }
    return ended;
  });
}
