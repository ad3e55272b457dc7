import { isDatabaseAway } from '../../domain/database-away.ts';
import { messageOf, TurboError } from '../../domain/errors.ts';
import type { RunContext } from '../run-context.ts';

/** The name of a database that was set aside for the run, or why there is none. */
export type DatabaseClaim =
  | { readonly name: string; readonly error?: undefined }
  | { readonly name?: undefined; readonly error: string };

/**
 * Sets a database aside while the run finds out whether it needs one: giving it back costs nothing.
 * A failure is a result: when no database is needed, none was missed. A cluster that is away is waited for.
 */
export async function claimDatabase({ order, ports, steps }: RunContext): Promise<DatabaseClaim> {
  steps.undo('release-database', () => ports.cluster.release(steps.runId));
  return steps.step('claim-database', async (): Promise<DatabaseClaim> => {
    try {
      return { name: await ports.cluster.claim(steps.runId, order.projectId) };
    } catch (error) {
      if (isDatabaseAway(error)) throw error;
      return { error: messageOf(error) };
    }
  });
}

/** Rejects with `DATABASE_PROVISION_FAILED` where nothing could be set aside. */
export function claimedName(claim: DatabaseClaim): string {
  if (claim.error === undefined) return claim.name;
  throw new TurboError('DATABASE_PROVISION_FAILED', claim.error, {
    phase: 'provision',
    fix: 'Run `turbobackend doctor` to see what the database cluster lacks.',
  });
}

export async function releaseDatabase({ ports, steps }: RunContext): Promise<undefined> {
  await steps.step('release-database', async () => ports.cluster.release(steps.runId).then(() => null));
}
