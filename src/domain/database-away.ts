import { tellDiskFull } from './disk-full.ts';
import { TurboError } from './errors.ts';

// Of the server's codes those that tell of the server or the connection, not of the statement: a lost connection (08),
// no room in memory or the lock table, no connection free, a session that was ended (57P01 to 57P05, 25P03, 25P04), a
// server that starts or stops.
const SQL_STATE = /^(08...|53[234]00|57P0[1-5]|25P0[34])$/;
const ERRNO = /^(ECONN\w+|ETIMEDOUT|EPIPE|EHOSTUNREACH|ENETUNREACH|EAI_AGAIN)$/;
// As pg and its pool say it.
const MESSAGE =
  /^(Connection terminated|Client has encountered a connection error|Client was closed|timeout expired|timeout exceeded when trying)/;

/**
 * True when a database or the way to it is away for the moment, so that the same thing may work a little later; an
 * error's causes count as well. A provider that is away does not: it was waited for where it was asked, and each further
 * try would take as long.
 */
export function isDatabaseAway(error: unknown): boolean {
  if (!(error instanceof Error) || isProviderAway(error)) return false;
  if (error instanceof TurboError && error.code === 'CLUSTER_UNAVAILABLE') return true;
  const { code } = error as Error & { code?: unknown };
  if (typeof code === 'string' && (SQL_STATE.test(code) || ERRNO.test(code))) return true;
  if (MESSAGE.test(error.message)) return true;
  if (error instanceof AggregateError) return error.errors.some(isDatabaseAway);
  // DBOS keeps what it failed of under another name.
  return isDatabaseAway(error.cause) || isDatabaseAway((error as { error?: unknown }).error);
}

/** What callers are told of an error: a full disk and a database that is away are failures of their own, however called. */
export function toldFailure(thrown: unknown): unknown {
  const error = tellDiskFull(thrown);
  if (error instanceof TurboError || !isDatabaseAway(error)) return error;
  const message = 'The control database cannot be reached';
  return new TurboError('CLUSTER_UNAVAILABLE', message, { cause: error, fix: 'Try again in a moment.' });
}

function isProviderAway(error: Error): boolean {
  return error instanceof TurboError && (error.code === 'PROVIDER_UNAVAILABLE' || error.code === 'MODEL_UNAVAILABLE');
}
