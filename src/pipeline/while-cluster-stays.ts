import type { DatabaseCluster } from '../database/database-cluster.ts';
import { TurboError } from '../domain/errors.ts';

/**
 * Does `work`, whose failure says nothing when the cluster went away meanwhile: then that is the failure, after which
 * the engine tries the step again. A result that is not fine counts as one.
 */
export async function whileClusterStays<T>(
  cluster: DatabaseCluster,
  work: () => Promise<T>,
  isFine: (result: T) => boolean,
): Promise<T> {
  const watch = await cluster.watch();
  try {
    const result = await work();
    if (isFine(result) || watch.hasStayed()) return result;
    throw wentAway();
  } catch (cause) {
    if (watch.hasStayed()) throw cause;
    throw wentAway(cause);
  } finally {
    await watch.end();
  }
}

function wentAway(cause?: unknown): TurboError {
  return new TurboError('CLUSTER_UNAVAILABLE', 'Postgres went away while the backend was tried on it', {
    cause,
    fix: 'Try again in a moment.',
  });
}
