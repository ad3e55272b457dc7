import { keptSchema, migrateDatabase, takeBackMigration, withOwner } from '../../changes/changes.ts';
import { TurboError } from '../../domain/errors.ts';
import { phase, type PhaseContext } from '../phase.ts';
import type { RunContext } from '../run-context.ts';
import { migrationsOf } from './migration-files.ts';
import { orderOf } from './order-of.ts';

/** Changes the project's database, in one transaction. Rejects with `CHANGE_FAILED`, nothing changed. */
export const migrateLive = phase('migrate', 'Changing the database', async (run) => {
  const { order, ports, steps } = run;
  const { plan, work } = orderOf(run);
  const { databaseName } = order;
  if (databaseName === undefined || !work.database) return 'nothing to change';
  const migration = {
    steps: work.database.steps,
    kept: keptSchema(work.revision),
    mark: steps.runId,
    migrations: work.migrations,
    paths: work.database.paths,
  };
  if (plan.needsConsent) {
    const { reason } = await steps.step('snapshot', () => takeSnapshot(run, databaseName));
    if (reason !== undefined) await run.warn(reason);
  }
  steps.undo('reverse-migration', () => takeBack(run, databaseName, migration));
  await steps.step('migrate', async () => {
    await withOwner(await ports.cluster.open(databaseName), (client) => migrateDatabase(client, migration));
    return null;
  });
  return `${work.database.steps.length} steps in one transaction`;
});

/** Before data goes out of reach. Where there is no room for one, what goes is kept in the database all the same. */
async function takeSnapshot({ order, ports, steps }: PhaseContext, databaseName: string): Promise<{ reason?: string }> {
  const { work } = orderOf({ order });
  const project = { projectId: order.projectId, databaseName };
  try {
    await ports.snapshots.take(project, `before: ${work.prompt.slice(0, 200)}`, steps.runId);
    return {};
  } catch (error) {
    if (!(error instanceof TurboError) || error.code !== 'CHANGE_REFUSED') throw error;
    return { reason: `No snapshot was taken: ${error.message}. ${error.fix ?? ''}` };
  }
}

async function takeBack(
  { ports, records }: RunContext,
  databaseName: string,
  migration: Parameters<typeof migrateDatabase>[1],
): Promise<void> {
  const migrations = await migrationsOf(ports, await records.loadRevision());
  await withOwner(await ports.cluster.open(databaseName), (client) => takeBackMigration(client, migration, migrations));
}
