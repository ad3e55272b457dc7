import { TurboError, type FailureCode } from './errors.ts';

/** Of the file system, of a quota, and of Postgres, in that order. */
const CODES: ReadonlySet<unknown> = new Set(['ENOSPC', 'EDQUOT', '53100']);
// How programs say it that we run: Postgres' own, git, the compiler.
const WORDS = /no space left on device|\bENOSPC\b|disk quota exceeded/i;
/** What these say may be the caller's own words. */
const ECHOING: ReadonlySet<FailureCode> = new Set(['USAGE', 'SCHEMA_REFUSED', 'QUERY_FAILED', 'NOT_FOUND']);
const MOST_CAUSES = 10;

/** Whether a full disk is behind the error, however often it was wrapped. */
export function isDiskFull(error: unknown): boolean {
  return chainOf(error).some(saysDiskFull);
}

/** What callers are told of an error: `DISK_FULL` when that is what is behind it, the error itself otherwise. */
export function tellDiskFull(error: unknown): unknown {
  if (!isDiskFull(error) || (error instanceof TurboError && error.code === 'DISK_FULL')) return error;
  return new TurboError('DISK_FULL', `The disk is full: ${firstLineOf(error)}`, {
    cause: error,
    phase: error instanceof TurboError ? error.phase : undefined,
    fix: 'Free some room, or delete projects that are no longer needed, and try again. `turbobackend doctor` shows how much there is.',
  });
}

function saysDiskFull(error: Error): boolean {
  if (error instanceof TurboError) {
    return error.code === 'DISK_FULL' || (!ECHOING.has(error.code) && WORDS.test(error.message));
  }
  return CODES.has((error as Error & { code?: unknown }).code) || WORDS.test(error.message);
}

/** The error and all that caused it. */
function chainOf(error: unknown, left = MOST_CAUSES): readonly Error[] {
  if (!(error instanceof Error) || left === 0) return [];
  const causes: readonly unknown[] = error instanceof AggregateError ? error.errors : [error.cause];
  return [error, ...causes.flatMap((cause) => chainOf(cause, left - 1))];
}

/** The line that speaks of it, where a message is a report of many. */
function firstLineOf(error: unknown): string {
  const lines = error instanceof Error ? error.message.split('\n') : [];
  return (lines.find((line) => WORDS.test(line)) ?? lines[0] ?? '').trim();
}
