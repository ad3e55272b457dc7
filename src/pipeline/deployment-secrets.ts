import type { ProjectId } from '../domain/ids.ts';
import { neededSecrets } from '../domain/project-secrets.ts';
import { backendEnvironment } from '../domain/provisioned-database.ts';
import type { Missing } from '../domain/run.ts';
import { Secret } from '../domain/secret.ts';
import type { SourceFile } from '../domain/source-file.ts';
import type { RunPorts } from './run-context.ts';

export interface SecretsOf {
  readonly projectId: ProjectId;
  readonly databaseName: string | undefined;
}

/** All that a deployment gets as its environment: what the owner set, and the way to the database. */
export async function deploymentSecrets(
  { cluster, secrets }: Pick<RunPorts, 'cluster' | 'secrets'>,
  { projectId, databaseName }: SecretsOf,
): Promise<Record<string, Secret>> {
  const own = await secrets.load(projectId);
  if (databaseName === undefined) return own;
  const variables = Object.entries(backendEnvironment(await cluster.open(databaseName)));
  return { ...own, ...Object.fromEntries(variables.map(([name, value]) => [name, new Secret(value)])) };
}

/** What no answer of a deployment may hold. */
export async function unspeakableSecrets(
  { cluster, secrets }: Pick<RunPorts, 'cluster' | 'secrets'>,
  { projectId, databaseName }: SecretsOf,
): Promise<readonly Secret[]> {
  const own = Object.values(await secrets.load(projectId));
  return databaseName === undefined ? own : [(await cluster.open(databaseName)).app.password, ...own];
}

/** What the code asks for in `.env.example` and nobody has set, one for all of it. */
export async function missingSecrets(
  { secrets }: Pick<RunPorts, 'secrets'>,
  { id, name }: { readonly id: ProjectId; readonly name: string },
  files: readonly SourceFile[],
): Promise<readonly Missing[]> {
  const set = await secrets.list(id);
  const missing = neededSecrets(files).filter((needed) => !set.has(needed));
  if (missing.length === 0) return [];
  return [
    {
      what: `The backend needs ${missing.join(', ')}, which nobody has set: what uses it does not work yet`,
      fix: missing.map((needed) => `turbobackend secrets set ${name} ${needed}`).join(' && '),
    },
  ];
}
