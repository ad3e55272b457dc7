import type { Receipt } from '../../domain/receipt.ts';
import { sourceHash, type SourceFile } from '../../domain/source-file.ts';
import { TurboError } from '../../domain/errors.ts';
import type { Deployment } from '../../deploy/deploy-target.ts';
import { addGate } from '../../verify/verify.ts';
import { deploymentSecrets, missingSecrets, unspeakableSecrets } from '../deployment-secrets.ts';
import { phaseWithResult } from '../phase.ts';
import { writeReceipt } from '../phases/verify-code.ts';
import { readSource } from '../read-source.ts';
import type { RunContext } from '../run-context.ts';
import { archiveHash } from './project-state.ts';

/** Brings the new release up in place of the old one, which comes back when it does not answer as it should. */
export const deployChange = phaseWithResult('deploy', 'Bringing the new release up', async (run, verified: Receipt) => {
  const { ports, order, records, steps } = run;
  steps.undo('restore-release', () => bringBack(run));
  const deployment = await steps.step('deploy', async (signal) => {
    const files = await readSource(await ports.sandboxes.open(order.projectId));
    if (sourceHash(files) !== verified.sourceHash)
      throw new TurboError('DEPLOY_FAILED', 'Refused to deploy: its source changed after it was verified', {
        phase: 'deploy',
      });
    return release(run, files, signal);
  });
  await records.recordDeployment(deployment);
  const receipt = await steps.step('check-deployment', (signal) => check(run, verified, deployment, signal));
  const lacking = await steps.step('missing-secrets', async () => {
    const files = await readSource(await ports.sandboxes.open(order.projectId));
    return missingSecrets(ports, { id: order.projectId, name: order.name }, files);
  });
  for (const missing of lacking) await run.lacks(missing);
  const { url } = deployment;
  return { summary: url, result: { receipt, url, sourceHash: verified.sourceHash } };
});

async function release(
  { order, ports }: RunContext,
  files: readonly SourceFile[],
  signal?: AbortSignal,
): Promise<Deployment> {
  const secrets = await deploymentSecrets(ports, order);
  return ports.deploy.deploy({
    projectId: order.projectId,
    name: order.name,
    sourceHash: sourceHash(files),
    files,
    secrets,
    signal,
  });
}

/** The last revision's release; one that runs is left as it is. */
async function bringBack(run: RunContext): Promise<void> {
  const { artifact } = await run.records.loadRevision();
  await release(run, await run.ports.artifacts.load(run.order.projectId, archiveHash(artifact)));
}

async function check(
  { order, ports }: RunContext,
  verified: Receipt,
  { url }: Deployment,
  signal: AbortSignal,
): Promise<Receipt> {
  const sandbox = await ports.sandboxes.open(order.projectId);
  const database = order.databaseName === undefined ? undefined : await ports.cluster.open(order.databaseName);
  const gate = await ports.verifyDeployment({
    url,
    schema: database?.schema,
    openapi: await sandbox.readFile('openapi.json'),
    secrets: await unspeakableSecrets(ports, order),
    signal,
  });
  if (gate.status === 'failed') {
    throw new TurboError('DEPLOY_FAILED', `The new release did not answer as it should: ${gate.summary}`, {
      phase: 'deploy',
      fix: 'The release from before is back; nothing was changed.',
    });
  }
  const receipt = addGate(verified, gate);
  await writeReceipt(sandbox, receipt);
  return receipt;
}
