import type { Pool } from 'pg';
import { dropKept, keptSchema, withOwner } from '../../changes/changes.ts';
import { listKeepingRevisions, recordKeptRemoved } from '../../store/project-revisions.ts';
import type { RunPorts } from '../run-context.ts';

/** How long what a change takes out of reach can come back. */
export const KEPT_VALUES_DAYS = 30;

/** Removes what old revisions took out of reach; one that cannot be removed now keeps no other from it. */
export async function forgetKeptValues(
  pool: Pool,
  { cluster }: Pick<RunPorts, 'cluster'>,
  olderThanDays: number = KEPT_VALUES_DAYS,
): Promise<void> {
  for (const revision of await listKeepingRevisions(pool, olderThanDays)) {
    await cluster
      .open(revision.databaseName)
      .then((database) => withOwner(database, (client) => dropKept(client, keptSchema(revision.number))))
      .then(() => recordKeptRemoved(pool, revision))
      .catch(() => undefined);
  }
}
