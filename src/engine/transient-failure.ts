import { setTimeout as delay } from 'node:timers/promises';
import { TurboError } from '../domain/errors.ts';

// Connection lost, too many connections, shutting down or starting up.
const TRANSIENT_SQL_STATE = /^(08...|53300|57P0[123])$/;
const TRANSIENT_ERRNO = /^(ECONN\w+|ETIMEDOUT|EPIPE|EHOSTUNREACH|ENETUNREACH|EAI_AGAIN)$/;
const TRANSIENT_MESSAGE =
  /^(Connection terminated|Client has encountered a connection error|timeout expired|timeout exceeded when trying to connect)/;

/**
 * True when a database or the way to it is away for the moment; an error's causes count as well. A provider that is away
 * does not: it was waited for where it was asked, and each further try would take as long.
 */
export function isTransient(error: unknown): boolean {
  if (!(error instanceof Error) || isProviderAway(error)) return false;
  const { code } = error as Error & { code?: unknown };
  if (typeof code === 'string' && (TRANSIENT_SQL_STATE.test(code) || TRANSIENT_ERRNO.test(code))) return true;
  if (TRANSIENT_MESSAGE.test(error.message)) return true;
  return error instanceof AggregateError ? error.errors.some(isTransient) : isTransient(error.cause);
}

function isProviderAway(error: Error): boolean {
  return error instanceof TurboError && error.code === 'PROVIDER_UNAVAILABLE';
}

export interface RetryPolicy {
  readonly attempts: number;
  readonly firstWaitMs: number;
  readonly maxWaitMs: number;
  readonly retries: (error: unknown) => boolean;
}

/** Long enough for a Postgres to be started again. */
export const PATIENT_WITH_DATABASES: RetryPolicy = {
  attempts: 8,
  firstWaitMs: 200,
  maxWaitMs: 5000,
  retries: isTransient,
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
