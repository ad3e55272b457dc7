import { isDeepStrictEqual } from 'node:util';
import { chmod, mkdir, readdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { TurboError } from '../domain/errors.ts';
import { isProjectId, type ProjectId } from '../domain/ids.ts';
import type { BackendRuntime } from '../machine/backend-runtime.ts';
import { endProcesses, findProcesses } from '../machine/host-process.ts';
import type { Configuration, Deployment, DeployRequest, DeployTarget } from './deploy-target.ts';
import { withDeploymentLock } from './deployment-lock.ts';
import {
  describeDeployment,
  forgetEnvironment,
  isUp,
  readDeployment,
  urlOf,
  writeDeployment,
  type DeploymentState,
  type Release,
  type ServerMark,
} from './deployment-state.ts';
import type { Absence, AbsentBackend, RevivableTarget } from './keep-up.ts';
import { findFreePort, isPortFree, releasePort, reservePort, type PortRange } from './port-reservations.ts';
import { removeOtherReleases, writeRelease } from './release-folder.ts';
import { redactorFor, revealAll } from './release-secrets.ts';
import { PORT_SHARED, waitUntilHealthy } from './server-health.ts';
import { ServerLog } from './server-log.ts';
import {
  PORTS_ARE_SHARED,
  processesOfStart,
  serverProcesses,
  startServer,
  stopOthers,
  stopServer,
  stopStart,
} from './server-process.ts';

export interface LocalProcessSettings {
  /** Absolute: one folder per project is made in it. */
  readonly root: string;
  readonly runtime: BackendRuntime;
  /** The numeric user that a project's backend runs as; undefined for our own, which it always is when we are not root. */
  readonly osUser: (projectId: ProjectId) => Promise<number | undefined>;
  /** Where the cluster is now, which may be elsewhere than when a release was deployed. */
  readonly database?: { readonly host: string; readonly port: number };
  readonly ports?: PortRange;
  readonly healthyWithinMs?: number;
}

const PORTS: PortRange = { first: 4310, last: 4999 };
const HEALTHY_WITHIN_MS = 15_000;
// A port stays taken for a moment after its server has ended.
const PORT_FREE_WITHIN_MS = 2000;
const PORT_TRIES = 4;
const LOG_LINES_IN_ERROR = 20;

/** Backends as processes of this machine that outlive the one that started them. They listen on 127.0.0.1 alone. */
export class LocalProcessTarget implements DeployTarget, RevivableTarget {
  readonly #settings: LocalProcessSettings;

  constructor(settings: LocalProcessSettings) {
    this.#settings = settings;
  }

  deploy(request: DeployRequest): Promise<Deployment> {
    return this.#alone(request.projectId, async (folder) => {
      const { projectId, sourceHash } = request;
      if (request.signal?.aborted) throw deployFailed(`The deployment of ${request.name} was cancelled`);
      const before = await readDeployment(folder);
      const wasUp = before !== undefined && (await isUp(folder, before));
      // What a deployer that was killed had beside it.
      if (wasUp && before.process) await stopOthers(folder, before.process);
      const release: Release = { sourceHash, environment: revealAll(request.secrets) };
      if (wasUp && isDeepStrictEqual(before.release, release)) return describeDeployment(folder, projectId, before);

      const state = await this.#prepare(folder, request, before);
      const after = wasUp
        ? await this.#replace(projectId, state, release, request.signal)
        : await this.#bringUp(projectId, state, release, request.signal);
      await forgetOtherReleases(folder, [sourceHash, before?.release?.sourceHash ?? sourceHash]);
      return describeDeployment(folder, projectId, after);
    });
  }

  configure({ projectId, secrets, signal }: Configuration): Promise<Deployment | undefined> {
    return this.#alone(projectId, async (folder) => {
      const state = await readDeployment(folder);
      if (!state?.release) return undefined;
      const release: Release = { ...state.release, environment: revealAll(secrets) };
      if (!isDeepStrictEqual(state.release, release)) {
        if (await isUp(folder, state)) await this.#replace(projectId, state, release, signal);
        else await writeDeployment(folder, { ...state, release });
      }
      return describeDeployment(folder, projectId, (await readDeployment(folder)) ?? state);
    });
  }

  start(projectId: ProjectId): Promise<Deployment> {
    return this.#alone(projectId, async (folder) => {
      const state = await readDeployment(folder);
      if (!state?.release) throw deployFailed(`Nothing was deployed for ${projectId}`);
      const after = (await isUp(folder, state)) ? state : await this.#startAgain(projectId, state, state.release);
      if (after.wanted !== 'running') await writeDeployment(folder, { ...after, wanted: 'running' });
      return describeDeployment(folder, projectId, after);
    });
  }

  stop(projectId: ProjectId): Promise<void> {
    return this.#end(projectId, () => 'stopped');
  }

  async listAbsent(which: Absence): Promise<readonly AbsentBackend[]> {
    const absent = (await this.list()).map(async (projectId) => {
      const folder = this.#folderOf(projectId);
      const state = await readDeployment(folder).catch(() => undefined);
      const name = state?.name ?? '';
      return state && (await isAbsent(folder, state, which)) ? [{ projectId, name }] : [];
    });
    return (await Promise.all(absent)).flat();
  }

  revive(projectId: ProjectId, which: Absence): Promise<Deployment | undefined> {
    return this.#alone(projectId, async (folder) => {
      const state = await readDeployment(folder);
      if (!state?.release || !(await isAbsent(folder, state, which))) return undefined;
      return describeDeployment(folder, projectId, await this.#startAgain(projectId, state, state.release));
    });
  }

  async find(projectId: ProjectId): Promise<Deployment | undefined> {
    const state = await readDeployment(this.#folderOf(projectId));
    return state?.release && describeDeployment(this.#folderOf(projectId), projectId, state);
  }

  async logs(projectId: ProjectId, lines: number): Promise<readonly string[]> {
    const folder = this.#folderOf(projectId);
    const state = await readDeployment(folder);
    const redactor = redactorFor(state?.release);
    return (await new ServerLog(folder).lastLines(lines)).map((line) => redactor.redact(line));
  }

  async remove(projectId: ProjectId): Promise<void> {
    await this.#alone(projectId, async (folder) => {
      const state = await readDeployment(folder);
      await stopServer(folder, state?.process);
      await rm(folder, { recursive: true, force: true });
      if (state) await releasePort(this.#settings.root, state.port);
    });
  }

  async list(): Promise<readonly ProjectId[]> {
    const names: readonly string[] = await readdir(this.#settings.root).catch(() => []);
    return names.filter(isProjectId);
  }

  /** Stops every deployed backend; resolves to what was stopped, a line each. They come back with `start`. */
  async stopAll(): Promise<readonly string[]> {
    const folders = await readdir(this.#settings.root, { withFileTypes: true }).catch(() => []);
    const stopped = await Promise.all(
      folders.map(async ({ name }) => {
        const state = await readDeployment(join(this.#settings.root, name)).catch(() => undefined);
        if (!state) return [];
        const wasUp = await isUp(join(this.#settings.root, name), state);
        await this.#end(name as ProjectId, (wanted) => (wanted === 'stopped' ? 'stopped' : 'down'));
        return wasUp ? [`${state.name} at ${urlOf(state.port)}`] : [];
      }),
    );
    // What a crash left before it was written down.
    await endProcesses(async () => {
      const processes = await findProcesses('HOME');
      return processes.filter(({ value }) => value.startsWith(`${this.#settings.root}/`)).map(({ pid }) => pid);
    }, 0);
    return stopped.flat();
  }

  async #end(
    projectId: ProjectId,
    wantedAfter: (wanted: DeploymentState['wanted']) => DeploymentState['wanted'],
  ): Promise<void> {
    await this.#alone(projectId, async (folder) => {
      const state = await readDeployment(folder);
      await stopServer(folder, state?.process);
      const wanted = wantedAfter(state?.wanted ?? 'stopped');
      if (state) await writeDeployment(folder, { ...state, process: undefined, wanted });
    });
  }

  /** With the database where it is now. */
  #startAgain(projectId: ProjectId, state: DeploymentState, release: Release): Promise<DeploymentState> {
    const { database } = this.#settings;
    const { environment } = release;
    if (!database || environment['DB_HOST'] === undefined) return this.#bringUp(projectId, state, release);
    const place = { DB_HOST: database.host, DB_PORT: String(database.port) };
    return this.#bringUp(projectId, state, { ...release, environment: { ...environment, ...place } });
  }

  /** Resolves to the deployment as it is before the release, its files written and its port set aside. */
  async #prepare(
    folder: string,
    { projectId, name, sourceHash, files }: DeployRequest,
    before: DeploymentState | undefined,
  ): Promise<DeploymentState> {
    await makePassable(folder);
    await writeRelease(folder, sourceHash, files, await this.#settings.osUser(projectId));
    const port = before?.port ?? (await reservePort(this.#settings.root, projectId, this.#ports));
    return { name, port, release: before?.release, process: before?.process, wanted: before?.wanted ?? 'stopped' };
  }

  /** Puts the release in the place of one that runs, which stays when the new one does not become healthy. */
  async #replace(
    projectId: ProjectId,
    state: DeploymentState,
    release: Release,
    signal?: AbortSignal,
  ): Promise<DeploymentState> {
    await this.#tryOut(projectId, state, release, signal);
    const besides = PORTS_ARE_SHARED ? await this.#bringUpBeside(projectId, state, release, signal) : undefined;
    if (besides) return besides;
    return this.#bringUp(projectId, state, release, signal).catch(async (error: unknown) => {
      throw state.release ? await this.#bringBack(projectId, state.release, error) : error;
    });
  }

  /**
   * Has the release show on a port of its own that it becomes healthy: beside the other, part of the calls would be its
   * own from its first moment.
   */
  async #tryOut(projectId: ProjectId, state: DeploymentState, release: Release, signal?: AbortSignal): Promise<void> {
    const folder = this.#folderOf(projectId);
    const log = new ServerLog(folder, 'trial.log');
    try {
      await log.remove();
      const { mark, problem } = await this.#startHealthy(projectId, {
        release,
        port: await findFreePort(),
        log,
        signal,
      });
      if (mark) await stopStart(folder, mark);
      if (problem === undefined) return;
      const lines = redactorFor(release).redact((await log.lastLines(LOG_LINES_IN_ERROR)).join('\n'));
      throw deployFailed(`${notHealthy(state.name, problem, lines)}\nThe release before it still runs.`);
    } finally {
      await log.remove();
    }
  }

  /** Undefined when it cannot listen there, since what runs was started by a version that did not share its port. */
  async #bringUpBeside(
    projectId: ProjectId,
    state: DeploymentState,
    release: Release,
    signal?: AbortSignal,
  ): Promise<DeploymentState | undefined> {
    const folder = this.#folderOf(projectId);
    const log = new ServerLog(folder);
    const { mark, problem } = await this.#startHealthy(projectId, { release, port: state.port, log, signal });
    if (problem === undefined && mark) {
      const process = { ...mark, sourceHash: release.sourceHash };
      const healthy: DeploymentState = { ...state, release, process, wanted: 'running' };
      await writeDeployment(folder, healthy);
      await stopOthers(folder, mark);
      return healthy;
    }
    if (mark) await stopStart(folder, mark);
    return undefined;
  }

  /** Starts the release beside whatever runs; resolves to its process and why it is not healthy, if it is not. */
  async #startHealthy(
    projectId: ProjectId,
    start: {
      readonly release: Release;
      readonly port: number;
      readonly log: ServerLog;
      readonly signal?: AbortSignal | undefined;
    },
  ): Promise<{ readonly mark: ServerMark | undefined; readonly problem: string | undefined }> {
    const { release, port, log, signal } = start;
    const folder = this.#folderOf(projectId);
    const uid = await this.#settings.osUser(projectId);
    const mark = await startServer({ folder, release, port, runtime: this.#settings.runtime, uid, log });
    const problem = await waitUntilHealthy({
      url: urlOf(port),
      port,
      withinMs: this.#settings.healthyWithinMs ?? HEALTHY_WITHIN_MS,
      signal,
      mark,
      processes: async () => (mark ? processesOfStart(folder, mark, 'its') : []),
      neighbours: () => serverProcesses(folder, undefined),
    });
    return { mark, problem };
  }

  /** Starts the release in the place of whatever runs. Leaves nothing running when it rejects. */
  async #bringUp(
    projectId: ProjectId,
    state: DeploymentState,
    release: Release,
    signal?: AbortSignal,
    attempt = 1,
  ): Promise<DeploymentState> {
    const folder = this.#folderOf(projectId);
    const uid = await this.#settings.osUser(projectId);
    const log = new ServerLog(folder);
    await makePassable(folder);
    await stopServer(folder, state.process);
    const port = await this.#usablePort(projectId, state.port);
    const logStart = await log.end();
    const mark = await startServer({ folder, release, port, runtime: this.#settings.runtime, uid, log });
    const process = mark && { ...mark, sourceHash: release.sourceHash };
    await writeDeployment(folder, { ...state, port, process });

    const problem = await waitUntilHealthy({
      url: urlOf(port),
      port,
      withinMs: this.#settings.healthyWithinMs ?? HEALTHY_WITHIN_MS,
      signal,
      mark,
      processes: () => serverProcesses(folder, mark),
      neighbours: () => serverProcesses(folder, mark),
    });
    if (problem === undefined) {
      const healthy: DeploymentState = { ...state, port, release, process, wanted: 'running' };
      await writeDeployment(folder, healthy);
      return healthy;
    }
    await stopServer(folder, mark);
    await writeDeployment(folder, { ...state, port, process: undefined });
    const lines = await log.linesSince(logStart, LOG_LINES_IN_ERROR);
    // Another program took the port between our look at it and the server's.
    if (attempt < PORT_TRIES && (problem === PORT_SHARED || lines.some((line) => line.includes('EADDRINUSE')))) {
      return this.#bringUp(projectId, { ...state, port, process: undefined }, release, signal, attempt + 1);
    }
    throw deployFailed(notHealthy(state.name, problem, redactorFor(release).redact(lines.join('\n'))));
  }

  /** Resolves to the error that tells what went wrong and what runs now. */
  async #bringBack(projectId: ProjectId, release: Release, error: unknown): Promise<unknown> {
    const state = await readDeployment(this.#folderOf(projectId));
    const reason = error instanceof Error ? error.message : String(error);
    try {
      if (state) await this.#bringUp(projectId, state, release);
      return deployFailed(`${reason}\nThe release before it runs again.`, error);
    } catch {
      return deployFailed(`${reason}\nThe release before it could not be started again.`, error);
    }
  }

  /** The project's own port; another only when somebody else's server has taken it. */
  async #usablePort(projectId: ProjectId, port: number): Promise<number> {
    const deadline = performance.now() + PORT_FREE_WITHIN_MS;
    while (performance.now() < deadline) {
      if (await isPortFree(port)) return port;
      await sleep(50);
    }
    const other = await reservePort(this.#settings.root, projectId, this.#ports, port);
    await releasePort(this.#settings.root, port);
    return other;
  }

  get #ports(): PortRange {
    return this.#settings.ports ?? PORTS;
  }

  /** One change of a deployment at a time, in whichever process. Wraps what is not our own error. */
  async #alone<T>(projectId: ProjectId, work: (folder: string) => Promise<T>): Promise<T> {
    const folder = this.#folderOf(projectId);
    const { root } = this.#settings;
    try {
      await makePassable(root);
      await mkdir(join(root, 'locks'), { recursive: true });
      return await withDeploymentLock(join(root, 'locks', projectId), () => work(folder));
    } catch (cause) {
      if (cause instanceof TurboError) throw cause;
      throw deployFailed(`Could not change the deployment of ${projectId}: ${(cause as Error).message}`, cause);
    }
  }

  #folderOf(projectId: ProjectId): string {
    if (/^[a-z0-9_-]+$/i.test(projectId) && !['ports', 'locks'].includes(projectId)) {
      return join(this.#settings.root, projectId);
    }
    throw deployFailed(`${JSON.stringify(projectId)} is no id of a project`);
  }
}

async function isAbsent(folder: string, state: DeploymentState, which: Absence): Promise<boolean> {
  const shouldRun = state.wanted === 'running' || (which === 'down or dead' && state.wanted === 'down');
  return shouldRun && state.release !== undefined && !(await isUp(folder, state));
}

/** Other users may pass through, to what is theirs, and list nothing. */
async function makePassable(folder: string): Promise<void> {
  await mkdir(folder, { recursive: true });
  await chmod(folder, 0o711);
}

async function forgetOtherReleases(folder: string, kept: readonly string[]): Promise<void> {
  for (const sourceHash of await removeOtherReleases(folder, kept)) await forgetEnvironment(folder, sourceHash);
}

function notHealthy(name: string, problem: string, log: string): string {
  const lines = log === '' ? 'It printed nothing.' : `It printed:\n${log}`;
  return `The backend ${name} did not become healthy: ${problem}. ${lines}`;
}

function deployFailed(message: string, cause?: unknown): TurboError {
  return new TurboError('DEPLOY_FAILED', message, { cause, phase: 'deploy' });
}
