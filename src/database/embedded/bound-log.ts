import { chmod, copyFile, stat, truncate } from 'node:fs/promises';
import type { ClusterFolder } from './cluster-folder.ts';

const LARGEST_LOG_BYTES = 10_000_000;

/**
 * Keeps a cluster's log from growing for ever, while it runs: a large one is copied beside itself, in the
 * place of the copy before, and begun anew. The server writes at its end, wherever that is.
 */
export async function boundLog({ log }: Pick<ClusterFolder, 'log'>): Promise<void> {
  const size = await stat(log).then(
    (found) => found.size,
    () => 0,
  );
  if (size <= LARGEST_LOG_BYTES) return;
  await copyFile(log, `${log}.1`);
  await chmod(`${log}.1`, 0o600);
  await truncate(log, 0);
}
