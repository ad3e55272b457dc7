import { MOST_SECRETS, neededSecrets, requireSecretName, requireSecretValue } from '../domain/project-secrets.ts';
import { TurboError } from '../domain/errors.ts';
import type { Secret } from '../domain/secret.ts';
import { deploymentSecrets } from '../pipeline/deployment-secrets.ts';
import { recordAction } from '../store/project-actions.ts';
import type { ProjectRecord } from '../store/projects.ts';
import { listRunsOf } from '../store/runs.ts';
import type { SecretChange, SecretView } from '../turbobackend.ts';
import type { UseCaseParts } from './use-case-parts.ts';

/** The names that are set, and those that the code asks for in `.env.example`; no value. */
export async function listSecrets(parts: UseCaseParts, project: ProjectRecord): Promise<readonly SecretView[]> {
  const set = await parts.secrets.list(project.id);
  const needed = await namesInSource(parts, project);
  return [...new Set([...needed, ...set.keys()])]
    .toSorted()
    .map((name) => ({ name, isNeeded: needed.includes(name), setAt: set.get(name) }));
}

/**
 * Gives the project's backend a secret. What is deployed has it first: when it does not become healthy with it, it goes
 * on as before and nothing is kept (`DEPLOY_FAILED`).
 */
export async function setSecret(
  parts: UseCaseParts,
  project: ProjectRecord,
  name: string,
  secret: Secret,
): Promise<SecretChange> {
  requireSecretName(name);
  requireSecretValue(name, secret.reveal());
  await requireIdle(parts, project);
  const set = await parts.secrets.list(project.id);
  if (!set.has(name) && set.size >= MOST_SECRETS) throw tooMany(project);
  const secrets = { ...(await deploymentSecrets(parts.ports, secretsOf(project))), [name]: secret };
  const change = await configure(parts, project, secrets, []);
  await parts.secrets.save(project.id, name, secret);
  await recordAction(parts.pool, { projectId: project.id, action: 'configured' });
  return change;
}

/** Takes a secret away. Rejects with `NOT_FOUND` when there is none of that name. */
export async function unsetSecret(parts: UseCaseParts, project: ProjectRecord, name: string): Promise<SecretChange> {
  requireSecretName(name);
  await requireIdle(parts, project);
  const set = await parts.secrets.list(project.id);
  if (!set.has(name)) {
    throw new TurboError('NOT_FOUND', `${project.name} has no secret ${name}`, {
      fix: `\`turbobackend secrets list ${project.name}\` shows those that it has.`,
    });
  }
  const { [name]: _gone, ...secrets } = await deploymentSecrets(parts.ports, secretsOf(project));
  const change = await configure(parts, project, secrets, [name]);
  await parts.secrets.forget(project.id, name);
  await recordAction(parts.pool, { projectId: project.id, action: 'configured' });
  return change;
}

async function configure(
  parts: UseCaseParts,
  project: ProjectRecord,
  secrets: Readonly<Record<string, Secret>>,
  withdrawn: readonly string[],
): Promise<SecretChange> {
  const { deploy } = await parts.portsAt(project.placement);
  const { id: projectId, name } = project;
  const deployment = await deploy.configure({ projectId, name, secrets, withdrawn });
  return { project: name, backend: deployment === undefined ? 'none' : deployment.status };
}

/** A run that is under way may have read the secrets already, and would bring the old ones back. */
async function requireIdle({ pool }: UseCaseParts, project: ProjectRecord): Promise<void> {
  const runs = await listRunsOf(pool, project.id);
  if (project.status === 'ready' && runs.every(({ endedAt }) => endedAt !== undefined)) return;
  throw new TurboError(
    'PROJECT_BUSY',
    `${project.name} has a run that has not ended, and keeps its secrets meanwhile`,
    {
      fix: 'Wait for its run to end.',
    },
  );
}

async function namesInSource(parts: UseCaseParts, project: ProjectRecord): Promise<readonly string[]> {
  // Before its folder was made, looking would make it.
  if (project.sourceDir === '') return [];
  const { sandboxes } = await parts.portsAt(project.placement);
  const sandbox = await sandboxes.open(project.id);
  const paths = (await sandbox.listFiles()).filter((path) => path === '.env.example');
  return neededSecrets(await sandbox.readFiles(paths));
}

function secretsOf({ id, databaseName }: ProjectRecord) {
  return { projectId: id, databaseName };
}

function tooMany({ name }: ProjectRecord): TurboError {
  return new TurboError('USAGE', `${name} has ${MOST_SECRETS} secrets, which is the most`, {
    fix: `\`turbobackend secrets unset ${name} <NAME>\` takes one away.`,
  });
}
