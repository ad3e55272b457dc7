import { realpath } from 'node:fs/promises';
import { setTimeout as sleep } from 'node:timers/promises';
import { Secret } from '../../domain/secret.ts';
import { CONTROL_DATABASE } from '../cluster-access.ts';
import { clusterFolder, readClusterFile, SUPERUSER } from './cluster-folder.ts';
import { connectionTo } from '../connect.ts';
import { withClient } from '../../postgres/open-client.ts';
import { findEmbeddedPostgres, stopEmbeddedPostgres } from './embedded-postgres.ts';

const CLOSING_MS = 1000;
const LOOK_EVERY_MS = 50;

/** Whether the cluster of `home` was ever made. */
export async function hasEmbeddedPostgres(home: string): Promise<boolean> {
  const folder = await realpath(home).catch(() => undefined);
  return folder !== undefined && (await readClusterFile(clusterFolder(folder))) !== undefined;
}

/**
 * Stops the cluster of `home` unless somebody is connected to it. Who connects in the same moment starts it again.
 * Resolves to whether it was stopped.
 */
export async function stopUnusedPostgres(home: string): Promise<boolean> {
  const running = await findEmbeddedPostgres(home);
  const folder = await realpath(home).catch(() => undefined);
  const file = folder === undefined ? undefined : await readClusterFile(clusterFolder(folder));
  if (!running || !file || (await isConnectedTo(running.port, new Secret(file.superuserPassword)))) return false;
  return stopEmbeddedPostgres(home);
}

/** Sessions that were closed a moment ago are still counted for another. */
async function isConnectedTo(port: number, password: Secret): Promise<boolean> {
  const server = { host: '127.0.0.1', port, tls: 'off' } as const;
  return withClient(connectionTo(server, CONTROL_DATABASE, { user: SUPERUSER, password }), async (client) => {
    for (const deadlineAt = Date.now() + CLOSING_MS; ; await sleep(LOOK_EVERY_MS)) {
      const { rows } = await client.query<{ others: number }>(
        `SELECT count(*)::integer AS others
           FROM pg_stat_activity
          WHERE backend_type = 'client backend'
            AND pid <> pg_backend_pid()`,
      );
      if (rows[0]?.others === 0) return false;
      if (Date.now() > deadlineAt) return true;
    }
  });
}
