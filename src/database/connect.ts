import { isDatabaseAway } from '../domain/database-away.ts';
import { TurboError } from '../domain/errors.ts';
import type { DatabaseConnection, DatabaseLogin } from '../domain/provisioned-database.ts';
import type { RetryPolicy } from '../domain/transient-failure.ts';
import type { ClusterAccess } from './cluster-access.ts';

/** How one of a database's roles gets in. */
export function connectionTo(
  { host, port, tls, ca }: Pick<ClusterAccess, 'host' | 'port' | 'tls' | 'ca'>,
  database: string,
  { user, password }: DatabaseLogin,
): DatabaseConnection {
  return { host, port, tls, ca, database, user, password };
}

/** A few times, within two seconds; what is tried must bear repetition. */
export const BRIEF_WITH_DATABASES: RetryPolicy = {
  attempts: 5,
  firstWaitMs: 100,
  maxWaitMs: 800,
  retries: isPassing,
};

/** Whether the same thing may work a moment later, because the connection or the server was the trouble. */
export function isPassing(error: unknown): boolean {
  // One of ours has been tried again as often as it made sense.
  if (error instanceof TurboError) return false;
  // As Postgres tells two GRANTs at the same moment.
  return isDatabaseAway(error) || (error instanceof Error && error.message === 'tuple concurrently updated');
}

/** Whether Postgres refused with one of these codes. */
export function isPostgresError(error: unknown, ...codes: readonly string[]): boolean {
  return codes.includes((error as { code?: string }).code ?? '');
}
