import { setTimeout as delay } from 'node:timers/promises';
import type { Pool } from 'pg';
import { appendEvent } from '../store/run-events.ts';
import { listRunning } from '../store/runs.ts';

const LOOK_MS = 500;
const TELL_ATTEMPTS = 20;

/**
 * Sees to it that the home's Postgres is there, until the process leaves. One that died is started again by whichever
 * process is first, and the runs that it interrupted tell so; one that was stopped on purpose is left alone.
 */
export async function keepPostgres(home: string, pool: Pool, leaving: AbortSignal): Promise<void> {
  const { revivePostgres } = await import('../database/embedded/embedded-postgres.ts');
  while (!leaving.aborted) {
    // What keeps it from starting, such as a full disk, may pass.
    const revived = await revivePostgres(home).catch(() => undefined);
    if (revived) await tellRuns(pool, revived.pid);
    await delay(LOOK_MS, undefined, { signal: leaving }).catch(() => undefined);
  }
}

/** The pool's connections are broken at first. A key per server, so that each run tells it once. */
async function tellRuns(pool: Pool, pid: number): Promise<void> {
  const message = 'Postgres had died and was started again; the run goes on from its step';
  for (let attempt = 1; attempt <= TELL_ATTEMPTS; attempt += 1) {
    try {
      for (const runId of await listRunning(pool)) {
        await appendEvent(pool, runId, `postgres-revived:${pid}`, { type: 'run-resumed', message }, 0, Date.now());
      }
      return;
    } catch {
      await delay(100);
    }
  }
}
