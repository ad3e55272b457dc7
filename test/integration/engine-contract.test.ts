import { DbosEngine } from '../../src/engine/dbos-engine.ts';
import { describeRunEngine } from '../../src/engine/run-engine.contract.ts';
import type { RunRequest } from '../../src/engine/run-engine.ts';
import { controlConnectionOf, openTestControl, recordEnd, recordRun } from '../support/control-database.ts';
import { startTestCluster } from '../support/postgres.ts';

describeRunEngine('DbosEngine', async () => {
  const cluster = await startTestCluster();
  const pool = await openTestControl(cluster);
  const requests = new Map<string, RunRequest>();
  return {
    engine: (body) => new DbosEngine({ connection: controlConnectionOf(cluster), pool, body, graceMs: 200 }),
    async request(ownerId) {
      const request = await recordRun(pool, ownerId);
      requests.set(request.runId, request);
      return request;
    },
    recordEnd: (runId, outcome) => recordEnd(pool, requests.get(runId)!, outcome.status),
    async close() {
      await pool.end();
      await cluster.stop();
    },
  };
});
