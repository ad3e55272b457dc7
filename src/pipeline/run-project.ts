import { checkProviders } from './phases/check-providers.ts';
import { claimDatabase, claimedName, releaseDatabase } from './phases/claim-database.ts';
import { deployBackend } from './phases/deploy-backend.ts';
import { designDatabase } from './phases/design-database.ts';
import { detectNeed } from './phases/detect-need.ts';
import { prepareSandbox } from './phases/prepare-sandbox.ts';
import { provisionDatabase } from './phases/provision-database.ts';
import { publishCode } from './phases/publish-code.ts';
import { verifyCode } from './phases/verify-code.ts';
import { writeCode } from './phases/write-code.ts';
import type { RunContext, RunDatabase } from './run-context.ts';

/**
 * Carries out one run from prompt to deployment. Start reading here.
 * What each phase makes is registered to be taken back before it is made; the engine does so, newest first, when a
 * phase rejects or the run is cancelled.
 */
export async function runProject(run: RunContext): Promise<void> {
  await checkProviders(run);
  const database = await provideDatabase(run);
  await prepareSandbox(run, database);
  await writeCode(run, database);
  await verifyCode(run, database);
  await publishCode(run, database);
  await deployBackend(run, database);
}

/** Detects whether the run needs a database and, if so, designs and provisions it. */
async function provideDatabase(run: RunContext): Promise<RunDatabase | undefined> {
  const [need, claim] = await Promise.all([detectNeed(run), claimDatabase(run)]);
  if (!need.needsDatabase) return releaseDatabase(run);

  const name = claimedName(claim);
  const designed = await designDatabase(run, name);
  return provisionDatabase(run, { name, ...designed });
}
