import { TurboError } from '../../domain/errors.ts';
import type { GateResult } from '../../domain/receipt.ts';
import { sourceHash, type SourceFile } from '../../domain/source-file.ts';
import type { Deployment } from '../../deploy/deploy-target.ts';
import { addGate } from '../../verify/verify.ts';
import { deploymentSecrets, missingSecrets, unspeakableSecrets, type SecretsOf } from '../deployment-secrets.ts';
import { phase } from '../phase.ts';
import { readSource } from '../read-source.ts';
import { whileClusterStays } from '../while-cluster-stays.ts';
import type { RunContext, RunDatabase } from '../run-context.ts';
import { writeReceipt } from './verify-code.ts';

/** Brings the verified source up for good; it counts as deployed once it answered. Rejects with `DEPLOY_FAILED`. */
export const deployBackend = phase('deploy', 'Starting the backend', async (run, database: RunDatabase | undefined) => {
  const { order, ports, records, steps } = run;
  steps.undo('remove-deployment', () => ports.deploy.remove(order.projectId));
  const deployment = await steps.step('deploy', (signal) =>
    whileClusterStays(
      ports.cluster,
      () => deploy(run, database, signal),
      () => true,
    ),
  );
  await records.recordDeployment(deployment);

  const gate = await steps.step('check-deployment', (signal) =>
    whileClusterStays(
      ports.cluster,
      () => checkDeployment(run, database, deployment, signal),
      ({ status }) => status !== 'failed',
    ),
  );
  if (gate.status === 'failed') throw deploymentUnhealthy(gate);
  const lacking = await steps.step('missing-secrets', async () =>
    missingSecrets(ports, { id: order.projectId, name: order.name }, await sourceOf(run)),
  );
  for (const missing of lacking) await run.lacks(missing);
  await records.update({ url: deployment.url, docsUrl: `${deployment.url}/docs` });
  return `${deployment.url} · ${gate.summary}`;
});

async function deploy(
  { order, ports, records }: RunContext,
  database: RunDatabase | undefined,
  signal: AbortSignal,
): Promise<Deployment> {
  const files = await sourceOf({ order, ports });
  const hash = sourceHash(files);
  const receipt = await records.loadReceipt();
  if (!receipt?.passed) throw deployRefused('it has no receipt that passed');
  if (receipt.sourceHash !== hash) throw deployRefused('its source changed after it was verified');
  const secrets = await deploymentSecrets(ports, secretsOf(order, database));
  return ports.deploy.deploy({
    projectId: order.projectId,
    name: order.name,
    sourceHash: hash,
    files,
    secrets,
    signal,
  });
}

/** Nothing is deployed but what was verified, to the byte. */
function deployRefused(reason: string): TurboError {
  return new TurboError('DEPLOY_FAILED', `Refused to deploy: ${reason}`, { phase: 'deploy' });
}

async function sourceOf({ order, ports }: Pick<RunContext, 'order' | 'ports'>): Promise<readonly SourceFile[]> {
  return readSource(await ports.sandboxes.open(order.projectId));
}

function secretsOf({ projectId }: RunContext['order'], database: RunDatabase | undefined): SecretsOf {
  return { projectId, databaseName: database?.name };
}

/** The last gate, asked of the deployed address itself; the receipt is complete after it. */
async function checkDeployment(
  { order, ports, records }: RunContext,
  database: RunDatabase | undefined,
  deployment: Deployment,
  signal: AbortSignal,
): Promise<GateResult> {
  const sandbox = await ports.sandboxes.open(order.projectId);
  const openapi: SourceFile['content'] = await sandbox.readFile('openapi.json');
  const secrets = await unspeakableSecrets(ports, secretsOf(order, database));
  const gate = await ports.verifyDeployment({
    url: deployment.url,
    schema: database?.schema,
    openapi,
    secrets,
    signal,
  });
  const verified = await records.loadReceipt();
  if (!verified) throw deployRefused('it has no receipt that passed');
  const receipt = addGate(verified, gate);
  await records.update({ receipt });
  await writeReceipt(sandbox, receipt);
  return gate;
}

function deploymentUnhealthy(gate: GateResult): TurboError {
  return new TurboError('DEPLOY_FAILED', `The deployed backend did not answer as it should: ${gate.summary}`, {
    phase: 'deploy',
    fix: 'Everything was taken back. Run the same prompt again; `turbobackend doctor` tells what the machine lacks.',
  });
}
