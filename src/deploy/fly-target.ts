import { externalName, projectOf } from '../cloud/external-name.ts';
import { ProviderError } from '../cloud/provider-error.ts';
import { TurboError } from '../domain/errors.ts';
import type { ProjectId } from '../domain/ids.ts';
import type { Redactor } from '../domain/redactor.ts';
import type { Secret } from '../domain/secret.ts';
import type { Configuration, Deployment, DeployRequest, DeployTarget } from './deploy-target.ts';
import { configureRelease, deployRelease } from './fly/deploy-release.ts';
import type { FlyPlace } from './fly/fly-place.ts';
import type { FlyApp, FlyMachine } from './fly/fly-answers.ts';
import { openFlyApi, type FlyApi } from './fly/fly-api.ts';
import { readAppLog } from './fly/fly-log.ts';
import { readFlyToken, type FlyToken } from './fly/fly-token.ts';
import { releaseOfMachine, stateOfMachine } from './fly/machine-config.ts';
import { hasCrashed } from './fly/machine-health.ts';
import { findOwnApp } from './fly/provide-app.ts';
import { ourMachine } from './fly/put-machine.ts';
import { startMachine, stopMachine, waitUntil } from './fly/start-and-stop.ts';
import { failAs, failureOf, type Explanation, type Failing } from '../domain/fail-as.ts';
import { explainFly, unknownOrganization } from './fly/explain-fly.ts';
import { redactorFor, revealAll } from './release-secrets.ts';

export interface FlySettings {
  /** An organization's token, as it is given out: `FlyV1 fm2_…,fm2_…`. */
  readonly token: Secret;
  readonly org: string;
  readonly region: string;
  /** Without `/v1`. */
  readonly apiUrl: string;
  readonly registryUrl: string;
  readonly baseImage: string;
  /** `{app}` stands for the app's name. */
  readonly appUrl: string;
  /** Undefined where nobody keeps them. */
  readonly logsUrl: string | undefined;
  /** Keeps the base image's layers. */
  readonly cacheFolder: string;
  readonly installationId: string;
  readonly redactor: Redactor;
  /** Default: 180 000, as a new app's name and certificate take a while to be known everywhere. */
  readonly healthyWithinMs?: number;
  readonly timeouts?: { readonly budgetMs?: number; readonly timeoutMs?: number };
}

const HEALTHY_WITHIN_MS = 180_000;
const GONE_WITHIN_MS = 15_000;

/** Backends as apps of Fly.io, one machine each, that sleep while nobody asks them for anything. */
export class FlyTarget implements DeployTarget {
  readonly #settings: FlySettings;
  readonly #token: FlyToken;
  readonly #api: FlyApi;
  /** Of what was deployed from here: Fly.io does not hand out its secrets again. */
  readonly #secrets = new Map<ProjectId, Redactor>();

  constructor(settings: FlySettings) {
    const { apiUrl, redactor, timeouts = {} } = settings;
    this.#settings = settings;
    this.#token = readFlyToken(settings.token);
    redactor.add(settings.token, this.#token.password);
    this.#api = openFlyApi({ apiUrl, authorization: this.#token.authorization, redactor, ...timeouts });
  }

  check(signal?: AbortSignal): Promise<string> {
    const { org } = this.#settings;
    return this.#failAs(`ask for the organization ${org}`, async () => {
      const apps = await this.#api.until(signal).findApps(org);
      return apps ? `organization ${org}` : `takes the token; the organization ${org} is tried when an app is made`;
    });
  }

  deploy(request: DeployRequest): Promise<Deployment> {
    const { projectId, name, signal } = request;
    return this.#failAs(
      `deploy ${name}`,
      async () => {
        const revealed = { sourceHash: request.sourceHash, environment: revealAll(request.secrets) };
        this.#secrets.set(projectId, redactorFor(revealed));
        signal?.throwIfAborted();
        const place = this.#place(projectId, (error) => failureOf(this.#failing(`deploy ${name}`, signal), error));
        const { id } = await deployRelease(place, request);
        return this.#deployment(projectId, id, request.sourceHash, 'running');
      },
      signal,
    );
  }

  configure(configuration: Configuration): Promise<Deployment | undefined> {
    const { projectId, name, signal } = configuration;
    const doing = `give ${name} other secrets`;
    return this.#failAs(
      doing,
      async () => {
        const environment = revealAll(configuration.secrets);
        this.#secrets.set(projectId, redactorFor({ sourceHash: '', environment }));
        const machine = await this.#machineOf(projectId);
        if (!machine || !releaseOfMachine(machine)) return undefined;
        const place = this.#place(projectId, (error) => failureOf(this.#failing(doing, signal), error));
        await configureRelease(place, configuration, machine);
        return this.find(projectId);
      },
      signal,
    );
  }

  start(projectId: ProjectId): Promise<Deployment> {
    const doing = `start the backend of ${projectId}`;
    return this.#failAs(doing, async () => {
      const machine = await this.#machineOf(projectId);
      const release = machine && releaseOfMachine(machine);
      if (!release) throw deployFailed(`Nothing was deployed for ${projectId}`);
      await startMachine(this.#place(projectId), machine, release);
      return this.#deployment(projectId, machine.id, release.sourceHash, 'running');
    });
  }

  stop(projectId: ProjectId): Promise<void> {
    const doing = `stop the backend of ${projectId}`;
    return this.#failAs(doing, async () => {
      const machine = await this.#machineOf(projectId);
      const release = machine && releaseOfMachine(machine);
      if (release) await stopMachine(this.#place(projectId), machine, release);
    });
  }

  find(projectId: ProjectId): Promise<Deployment | undefined> {
    return this.#failAs(`look for the backend of ${projectId}`, async () => {
      const machine = await this.#machineOf(projectId);
      const release = machine && releaseOfMachine(machine);
      if (!release) return undefined;
      const stopped = stateOfMachine(machine) === 'stopped' || hasCrashed(machine);
      return this.#deployment(projectId, machine.id, release.sourceHash, stopped ? 'stopped' : 'running');
    });
  }

  logs(projectId: ProjectId, lines: number): Promise<readonly string[]> {
    return this.#failAs(`read the log of ${projectId}`, async () => {
      if (lines <= 0) return [];
      const app = this.#appOf(projectId);
      const log = await readAppLog(this.#api, { logsUrl: this.#settings.logsUrl, app });
      if (log.length === 0) return [];
      if (!this.#secrets.has(projectId)) await this.#learnSecrets(projectId);
      return log.slice(-lines).map((line) => this.#redact(projectId, line));
    });
  }

  /** An app of that name that is not the project's stays: then there never was one to remove. */
  remove(projectId: ProjectId): Promise<void> {
    return this.#failAs(`remove the backend of ${projectId}`, async () => {
      const { app: name, org, marks } = this.#place(projectId);
      const own = await findOwnApp(this.#api, { name, org, marks }).catch((error: unknown) => {
        if (error instanceof TurboError && error.code === 'RESOURCE_NOT_OURS') return undefined;
        throw error;
      });
      if (!own) return;
      await this.#api.deleteApp(name);
      await waitUntil(GONE_WITHIN_MS, async () => (await this.#api.findApp(name)) === undefined);
      this.#secrets.delete(projectId);
    });
  }

  list(): Promise<readonly ProjectId[]> {
    const { installationId } = this.#settings;
    return this.#failAs('list the apps', async () => {
      const apps = await this.#listApps();
      return apps.flatMap(({ name = '' }) => projectOf(installationId, name) ?? []);
    });
  }

  async #listApps(): Promise<readonly FlyApp[]> {
    const { org } = this.#settings;
    const apps = await this.#api.findApps(org);
    if (apps) return apps;
    throw unknownOrganization(org);
  }

  /** Undefined when there is none of ours, or the name is held by somebody else. */
  async #machineOf(projectId: ProjectId): Promise<FlyMachine | undefined> {
    const { app, marks } = this.#place(projectId);
    try {
      return ourMachine(await this.#api.listMachines(app), marks);
    } catch (error) {
      if (!(error instanceof ProviderError && error.status === 403)) throw error;
      await this.#listApps();
      return undefined;
    }
  }

  /** As far as the token may see them; what it may not see, no one can take out. */
  async #learnSecrets(projectId: ProjectId): Promise<void> {
    const values = await this.#api.readSecrets(this.#appOf(projectId)).catch(() => undefined);
    const known = [...(values ?? [])].filter((entry): entry is [string, string] => entry[1] !== undefined);
    if (known.length > 0) {
      this.#secrets.set(projectId, redactorFor({ sourceHash: '', environment: Object.fromEntries(known) }));
    }
  }

  #place(
    projectId: ProjectId,
    tell: FlyPlace['tell'] = (error) => failureOf(this.#failing('change it'), error),
  ): FlyPlace {
    const { org, region, baseImage, registryUrl, logsUrl, cacheFolder, installationId, redactor } = this.#settings;
    const app = this.#appOf(projectId);
    return {
      api: this.#api,
      app,
      url: this.#urlOf(app),
      marks: { projectId, installationId },
      org,
      region,
      baseImage,
      logsUrl,
      cacheFolder,
      redactor,
      registry: { url: registryUrl, user: 'x', password: this.#token.password },
      healthyWithinMs: this.#settings.healthyWithinMs ?? HEALTHY_WITHIN_MS,
      redact: (text) => this.#redact(projectId, text),
      tell,
    };
  }

  #appOf(projectId: ProjectId): string {
    return externalName(this.#settings.installationId, projectId);
  }

  #urlOf(app: string): string {
    return this.#settings.appUrl.replaceAll('{app}', app);
  }

  #redact(projectId: ProjectId, text: string): string {
    const known = this.#secrets.get(projectId);
    return this.#settings.redactor.redact(known ? known.redact(text) : text);
  }

  #deployment(projectId: ProjectId, externalId: string, sourceHash: string, status: Deployment['status']): Deployment {
    return { projectId, status, url: this.#urlOf(this.#appOf(projectId)), sourceHash, externalId };
  }

  #failAs<T>(doing: string, work: () => Promise<T>, signal?: AbortSignal): Promise<T> {
    return failAs(this.#failing(doing, signal), work);
  }

  #failing(doing: string, signal?: AbortSignal): Failing {
    const explain = (cause: unknown): Explanation | undefined =>
      signal?.aborted ? { reason: 'it was cancelled' } : explainFly(cause, this.#settings.region);
    return { code: 'DEPLOY_FAILED', phase: 'deploy', doing, explain };
  }
}

function deployFailed(message: string, cause?: unknown): TurboError {
  return new TurboError('DEPLOY_FAILED', message, { cause, phase: 'deploy' });
}
