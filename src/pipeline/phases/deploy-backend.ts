import { TurboError } from '../../domain/errors.ts';
import { backendEnvironment } from '../../domain/provisioned-database.ts';
import type { GateResult } from '../../domain/receipt.ts';
import { Secret } from '../../domain/secret.ts';
import { sourceHash, type SourceFile } from '../../domain/source-file.ts';
import type { Deployment } from '../../deploy/deploy-target.ts';
import { addGate } from '../../verify/verify.ts';
import { readSource } from '../read-source.ts';
import type { RunContext } from '../run-context.ts';
import type { ProvidedDatabase } from './provide-database.ts';
import { writeReceipt } from './verify-code.ts';

/** Brings the verified source up for good; it counts as deployed once it answered. Rejects with `DEPLOY_FAILED`. */
export async function deployBackend(context: RunContext, provided: ProvidedDatabase | undefined): Promise<void> {
  const { order, ports, records, steps } = context;
  await context.begin('deploy', 'Starting the backend');
  steps.undo('remove-deployment', () => ports.deploy.remove(order.projectId));
  const deployment = await steps.step('deploy', (signal) => deploy(context, provided, signal));
  await records.recordDeployment(deployment);

  const gate = await steps.step('check-deployment', (signal) => checkDeployment(context, provided, deployment, signal));
  if (gate.status === 'failed') throw deploymentUnhealthy(gate);
  await records.update({ url: deployment.url, docsUrl: `${deployment.url}/docs` });
  await context.end('deploy', `${deployment.url} · ${gate.summary}`);
}

async function deploy(
  { order, ports, records }: RunContext,
  provided: ProvidedDatabase | undefined,
  signal: AbortSignal,
): Promise<Deployment> {
  const files = await readSource(await ports.sandboxes.open(order.projectId));
  const hash = sourceHash(files);
  const receipt = await records.loadReceipt();
  if (!receipt?.passed) throw deployRefused('it has no receipt that passed');
  if (receipt.sourceHash !== hash) throw deployRefused('its source changed after it was verified');
  const secrets = await databaseSecrets(ports, provided);
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

async function databaseSecrets(
  ports: RunContext['ports'],
  provided: ProvidedDatabase | undefined,
): Promise<Record<string, Secret>> {
  if (!provided) return {};
  const variables = backendEnvironment(await ports.cluster.open(provided.name));
  return Object.fromEntries(Object.entries(variables).map(([variable, value]) => [variable, new Secret(value)]));
}

/** The last gate, asked of the deployed address itself; the receipt is complete after it. */
async function checkDeployment(
  { order, ports, records }: RunContext,
  provided: ProvidedDatabase | undefined,
  deployment: Deployment,
  signal: AbortSignal,
): Promise<GateResult> {
  const sandbox = await ports.sandboxes.open(order.projectId);
  const openapi: SourceFile['content'] = await sandbox.readFile('openapi.json');
  // What no answer may hold.
  const secrets = provided ? [(await ports.cluster.open(provided.name)).app.password] : [];
  const gate = await ports.verifyDeployment({
    url: deployment.url,
    schema: provided?.schema,
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
