import { setTimeout as sleep } from 'node:timers/promises';
import { isDatabaseAway } from '../domain/database-away.ts';
import { TurboError } from '../domain/errors.ts';
import type { DatabaseConnection, DatabaseLogin } from '../domain/provisioned-database.ts';
import type { ClusterAccess } from './cluster-access.ts';

const ATTEMPTS = 5;

/** How one of a database's roles gets in. */
export function connectionTo(
  { host, port, tls, ca }: Pick<ClusterAccess, 'host' | 'port' | 'tls' | 'ca'>,
  database: string,
  { user, password }: DatabaseLogin,
): DatabaseConnection {
  return { host, port, tls, ca, database, user, password };
}

/** Does it again, a few times, while only the connection or the server was the trouble. `work` must bear repetition. */
export async function withRetries<T>(work: () => Promise<T>): Promise<T> {
  for (let attempt = 1; ; attempt += 1) {
    try {
      return await work();
    } catch (error) {
      if (attempt === ATTEMPTS || !isPassing(error)) throw error;
      await sleep(50 * 2 ** attempt);
    }
  }
}

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
