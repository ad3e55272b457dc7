import { writeTree } from '../../coder/coder.ts';
import { dummySecrets } from '../../domain/project-secrets.ts';
import { TurboError } from '../../domain/errors.ts';
import { openForCode } from '../keep-apart.ts';
import { phase } from '../phase.ts';
import type { RunContext } from '../run-context.ts';
import { orderOf } from './order-of.ts';

/** Puts the planned source into the project's folder, its API document made from the code where people wrote some. */
export const mergeCode = phase('code', 'Writing the changed source', async (run) => {
  const { steps } = run;
  const { plan, work } = orderOf(run);
  steps.undo('restore-source', () => writeSource(run, work.sourceBefore));
  await steps.step('code', async () => {
    await writeSource(run, work.sourceAfter);
    return null;
  });
  if (work.hasOwnCode) await steps.step('code:openapi', () => writeDocument(run).then(() => null));
  const count = (change: string): number => plan.files.filter((file) => file.change === change).length;
  return `${count('added')} files added, ${count('changed')} changed, ${count('removed')} removed`;
});

async function writeSource({ order, ports }: RunContext, archive: string): Promise<void> {
  const files = await ports.artifacts.load(order.projectId, archive);
  const sandbox = await ports.sandboxes.open(order.projectId);
  await writeTree(sandbox, new Map(files.map(({ path, content }) => [path, content])));
}

async function writeDocument(run: RunContext): Promise<void> {
  const sandbox = await openForCode(run);
  const paths = (await sandbox.listFiles()).filter((path) => path === '.env.example');
  const environment = dummySecrets(await sandbox.readFiles(paths));
  const { exitCode, output } = await sandbox.run(['node', 'scripts/write-openapi.ts'], {
    environment,
    timeoutMs: 30_000,
  });
  if (exitCode === 0) return;
  throw new TurboError('VERIFICATION_FAILED', `scripts/write-openapi.ts failed:\n${output.slice(-1000)}`, {
    phase: 'code',
    fix: 'Mend the source; nothing was changed.',
  });
}
