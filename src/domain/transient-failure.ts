import { setTimeout as delay } from 'node:timers/promises';
import { isDatabaseAway } from './database-away.ts';
import { isDiskFull } from './disk-full.ts';

export interface RetryPolicy {
  readonly attempts: number;
  readonly firstWaitMs: number;
  readonly maxWaitMs: number;
  readonly retries: (error: unknown) => boolean;
}

/** A minute: long enough for a Postgres to be started again, and to recover first. */
export const PATIENT_WITH_DATABASES: RetryPolicy = {
  attempts: 18,
  firstWaitMs: 200,
  maxWaitMs: 5000,
  retries: isDatabaseAway,
};

/** Where somebody waits for the run, who hears of a full disk soon, and of everything being taken back. */
export const BRIEF_WITH_A_FULL_DISK: RetryPolicy = {
  attempts: 4,
  firstWaitMs: 500,
  maxWaitMs: 2000,
  retries: isDiskFull,
};

/** A day: where nobody waits, a run goes on once there is room. Cancelling it, or stopping the process, ends the wait. */
export const PATIENT_WITH_A_FULL_DISK: RetryPolicy = {
  attempts: 8640,
  firstWaitMs: 500,
  maxWaitMs: 10_000,
  retries: isDiskFull,
};

/** Repeats the work while the policy retries what it rejects with; waits twice as long each time. */
export async function withRetries<T>(policy: RetryPolicy, work: () => Promise<T>, signal?: AbortSignal): Promise<T> {
  let waitMs = policy.firstWaitMs;
  for (let attempt = 1; ; attempt += 1) {
    try {
      return await work();
    } catch (error) {
      if (attempt >= policy.attempts || signal?.aborted || !policy.retries(error)) throw error;
    }
    await delay(waitMs, undefined, { signal });
    waitMs = Math.min(2 * waitMs, policy.maxWaitMs);
  }
}
