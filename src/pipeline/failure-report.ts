import { toldFailure } from '../domain/database-away.ts';
import { TurboError } from '../domain/errors.ts';
import type { FailureReport } from '../domain/run.ts';

/** What a caller hears of an error: a known failure as it is, anything else without its insides. */
export function reportOf(thrown: unknown): FailureReport {
  const error = toldFailure(thrown);
  if (error instanceof TurboError) return { code: error.code, message: error.message, fix: error.fix ?? '' };
  return {
    code: 'INTERNAL',
    message: 'Something broke on our side.',
    fix: 'Run it again with TURBOBACKEND_DEBUG=1 and report what it prints.',
  };
}

export function isCancellation(error: unknown): boolean {
  return error instanceof TurboError && error.code === 'RUN_CANCELLED';
}
