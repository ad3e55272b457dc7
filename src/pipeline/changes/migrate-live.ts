import { keptSchema, migrateDatabase, takeBackMigration, withOwner } from '../../changes/changes.ts';
import { phase } from '../phase.ts';
import type { RunContext } from '../run-context.ts';
import { migrationsOf } from './migration-files.ts';
import { orderOf } from './order-of.ts';

/** Changes the project's database, in one transaction. Rejects with `CHANGE_FAILED`, nothing changed. */
export const migrateLive = phase('migrate', 'Changing the database', async (run) => {
  const { order, ports, steps } = run;
  const { work } = orderOf(run);
  const { databaseName } = order;
  if (databaseName === undefined || !work.database) return 'nothing to change';
  const migration = {
    steps: work.database.steps,
    kept: keptSchema(work.revision),
    mark: steps.runId,
    migrations: work.migrations,
    paths: work.database.paths,
  };
  steps.undo('reverse-migration', () => takeBack(run, databaseName, migration));
  await steps.step('migrate', async () => {
    await withOwner(await ports.cluster.open(databaseName), (client) => migrateDatabase(client, migration));
    return null;
  });
  return `${work.database.steps.length} steps in one transaction`;
});

async function takeBack(
  { ports, records }: RunContext,
  databaseName: string,
  migration: Parameters<typeof migrateDatabase>[1],
): Promise<void> {
  const migrations = await migrationsOf(ports, await records.loadRevision());
  await withOwner(await ports.cluster.open(databaseName), (client) => takeBackMigration(client, migration, migrations));
}
