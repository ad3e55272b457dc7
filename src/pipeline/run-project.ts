import { checkProviders } from './phases/check-providers.ts';
import { deployBackend } from './phases/deploy-backend.ts';
import { prepareSandbox } from './phases/prepare-sandbox.ts';
import { provideDatabase } from './phases/provide-database.ts';
import { publishCode } from './phases/publish-code.ts';
import { verifyCode } from './phases/verify-code.ts';
import { writeCode } from './phases/write-code.ts';
import type { RunContext } from './run-context.ts';

/**
 * Carries out one run from prompt to deployment. Start reading here.
 * What each phase makes is registered to be taken back before it is made; the engine does so, newest first, when a
 * phase rejects or the run is cancelled.
 */
export async function runProject(context: RunContext): Promise<void> {
  await checkProviders(context);
  const plan = await provideDatabase(context);
  await prepareSandbox(context, plan);
  await writeCode(context, plan);
  await verifyCode(context, plan);
  await publishCode(context, plan);
  await deployBackend(context, plan);
}
