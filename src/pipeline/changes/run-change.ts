import { checkProviders } from '../phases/check-providers.ts';
import type { RunContext } from '../run-context.ts';
import { deployChange } from './deploy-change.ts';
import { mergeCode } from './merge-code.ts';
import { migrateLive } from './migrate-live.ts';
import { publishChange } from './publish-change.ts';
import { recordChange } from './record-change.ts';
import { rehearse } from './rehearse.ts';
import { verifyChange } from './verify-change.ts';

/**
 * Carries out a plan on a project that exists: a change, a deploy or an undo. As in `runProject`, what each phase does is
 * registered to be taken back before it is done, so that the project is in the old revision or in the new one.
 */
export async function runChange(run: RunContext): Promise<void> {
  await checkProviders(run);
  const copy = await rehearse(run);
  await mergeCode(run);
  const receipt = await verifyChange(run, copy);
  const published = await publishChange(run);
  await migrateLive(run);
  const deployed = await deployChange(run, receipt);
  await recordChange(run, { ...published, ...deployed });
}
