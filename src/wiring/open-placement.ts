import { join } from 'node:path';
import type { Config } from '../config/config.ts';
import { neededFor, type ProviderName, type ProviderSettings } from '../config/provider-settings.ts';
import { TurboError } from '../domain/errors.ts';
import { LOCAL_PLACEMENT, type Placement } from '../domain/placement.ts';
import type { Redactor } from '../domain/redactor.ts';
import type { Secret } from '../domain/secret.ts';
import type { ClusterAccess } from '../database/cluster-access.ts';
import type { LocalProcessTarget } from '../deploy/local-process-target.ts';
import type { Home } from '../home/home.ts';
import type { ProjectPorts } from '../pipeline/run-context.ts';
import type { BackendRuntime } from '../machine/backend-runtime.ts';
import type { LocalSandboxProvider } from '../sandbox/local-sandbox.ts';
import type { OsUser } from './os-user.ts';

export interface PlacementParts {
  readonly access: ClusterAccess;
  readonly config: Config;
  readonly home: Home;
  readonly runtime: BackendRuntime;
  readonly osUser: OsUser;
  readonly redactor: Redactor;
  readonly sandboxes: LocalSandboxProvider;
}

/** Opens the adapters of any placement, each once and only when a project that is there is worked with. */
export function openPlacements(parts: PlacementParts): (placement: Placement) => Promise<ProjectPorts> {
  const opened = new Map<string, Promise<unknown>>();
  const once = <T>(key: string, open: () => Promise<T>): Promise<T> => {
    const adapter = opened.get(key) ?? open();
    opened.set(key, adapter);
    return adapter as Promise<T>;
  };
  return async ({ sandbox, source, artifacts, deploy }) => ({
    sandboxes: await once(`sandbox ${sandbox}`, () => openSandboxes(sandbox, parts)),
    source: await once(`source ${source}`, () => openSource(source, parts)),
    artifacts: await once(`artifacts ${artifacts}`, () => openArtifacts(artifacts, parts)),
    deploy: await once(`deploy ${deploy}`, () => openDeploy(deploy, parts)),
  });
}

async function openSandboxes(name: Placement['sandbox'], parts: PlacementParts): Promise<ProjectPorts['sandboxes']> {
  if (name === 'local') return parts.sandboxes;
  const { DaytonaSandboxProvider } = await import('../sandbox/daytona-sandbox.ts');
  const { runtimePackages } = await import('../scaffold/scaffold.ts');
  return new DaytonaSandboxProvider({
    ...settingsOf('daytona', parts),
    runtimeFiles: await runtimePackages(),
    ownRuntime: () => Promise.resolve(parts.runtime),
  });
}

async function openSource(name: Placement['source'], parts: PlacementParts): Promise<ProjectPorts['source']> {
  if (name === 'local') {
    const { LocalGitHost } = await import('../source/local-git-host.ts');
    return new LocalGitHost(join(parts.home.folder, 'repositories'));
  }
  const { GitHubHost } = await import('../source/github-host.ts');
  return new GitHubHost({ ...settingsOf('github', parts), scratchFolder: join(parts.home.folder, 'scratch') });
}

async function openArtifacts(name: Placement['artifacts'], parts: PlacementParts): Promise<ProjectPorts['artifacts']> {
  if (name === 'folder') {
    const { FolderArtifactStore } = await import('../artifacts/folder-artifact-store.ts');
    return new FolderArtifactStore(join(parts.home.folder, 'artifacts'));
  }
  const { S3ArtifactStore } = await import('../artifacts/s3-artifact-store.ts');
  return new S3ArtifactStore(settingsOf('s3', parts));
}

async function openDeploy(name: Placement['deploy'], parts: PlacementParts): Promise<ProjectPorts['deploy']> {
  if (name === 'local') return openLocalDeployments(parts);
  const { FlyTarget } = await import('../deploy/fly-target.ts');
  return new FlyTarget({ ...settingsOf('fly', parts), cacheFolder: join(parts.home.folder, 'images') });
}

export async function openLocalDeployments(
  parts: Pick<PlacementParts, 'access' | 'home' | 'runtime' | 'osUser'>,
): Promise<LocalProcessTarget> {
  const { access: database, home, runtime, osUser } = parts;
  const { LocalProcessTarget } = await import('../deploy/local-process-target.ts');
  return new LocalProcessTarget({ root: join(home.folder, 'deployments'), runtime, osUser, database });
}

function settingsOf<Name extends ProviderName>(
  name: Name,
  { config, home, redactor }: PlacementParts,
): ProviderSettings[Name] & { readonly installationId: string; readonly redactor: Redactor } {
  const settings: ProviderSettings[Name] | undefined = config.providers[name];
  if (settings) return { ...settings, installationId: home.installationId, redactor };
  throw new TurboError('CONFIG_INVALID', `The project lives at ${name}, and ${neededFor(name)} is not set`, {
    fix: `Set ${neededFor(name)} and what else docs/configuration.md lists for ${name}.`,
  });
}

/** Here, and at every provider whose settings are known. */
export function knownPlacements({ providers: { daytona, github, s3, fly } }: Config): readonly Placement[] {
  const away: Placement = {
    sandbox: daytona ? 'daytona' : 'local',
    source: github ? 'github' : 'local',
    artifacts: s3 ? 's3' : 'folder',
    deploy: fly ? 'fly' : 'local',
  };
  return [LOCAL_PLACEMENT, away];
}

/** The keys of the providers, which no message may hold. */
export function providerKeys({ providers: { daytona, github, s3, fly } }: Config): readonly Secret[] {
  return [
    daytona?.apiKey,
    github?.token,
    s3?.credentials?.secretAccessKey,
    s3?.credentials?.sessionToken,
    fly?.token,
  ].filter((key) => key !== undefined);
}
