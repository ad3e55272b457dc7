import { ProviderError } from '../../cloud/provider-error.ts';
import { TurboError, type FailureCode } from '../../domain/errors.ts';
import { randomText } from '../../domain/ids.ts';
import type { BackendRuntime } from '../../machine/backend-runtime.ts';
import { PRIVATE_FOLDER, RUNTIME_FILES } from './agent-home.ts';
import {
  ENVIRONMENT_VARIABLE,
  packJson,
  readAnswerLine,
  type AgentAnswer,
  type AgentRequest,
  type AgentVerb,
  type Missing,
  type Readiness,
} from './agent-protocol.ts';
import type { AgentModules } from './agent-modules.ts';
import { agentScript, prepareScript, probeScript, shellCommand, type AgentPlace } from './agent-scripts.ts';
import type { DaytonaApi, Machine, Upload } from './daytona-api.ts';
import { untilStarted } from './open-machine.ts';
import { packNode, packPackages } from './pack-runtime.ts';

export interface AgentSetting {
  readonly api: DaytonaApi;
  readonly machine: Machine;
  readonly toolbox: string;
  readonly modules: AgentModules;
  /** What npm makes the runtime from. */
  readonly runtime: { readonly version: string; readonly files: readonly Upload[] };
  /** What backends run with on this machine, for containers that cannot get it from the registry. */
  readonly ownRuntime?: (() => Promise<BackendRuntime>) | undefined;
  readonly startMs: number;
}

/** Longer requests go as a file: an argument may have 128 KB. */
const LONGEST_ARGUMENT = 60_000;
const WAIT_MS = 20_000;
const ANSWER_S = 30;
const PREPARE_S = 300;
const INSTALL_MS = 600_000;

/** Our agent in one machine: brings it there, asks it, and wakes the machine when it has gone to sleep. */
export class MachineAgent {
  readonly #setting: AgentSetting;
  readonly #place: AgentPlace;
  #base = '';
  #lost = false;
  #stops = 0;

  constructor(setting: AgentSetting) {
    this.#setting = setting;
    const { modules, runtime } = setting;
    this.#place = { agentVersion: modules.version, runtimeVersion: runtime.version, entry: modules.entry };
  }

  /** Whether the machine or the agent in it is gone, so that both have to be opened anew. */
  get lost(): boolean {
    return this.#lost;
  }

  /** How often the machine was found not running: with it ended what ran in it. */
  get stops(): number {
    return this.#stops;
  }

  get runtimeVersion(): string {
    return this.#place.runtimeVersion;
  }

  /** Makes the machine ready when it is not. May be done by any number of processes at a time. */
  async prepare(): Promise<Readiness> {
    const { runtimeVersion } = this.#place;
    const probed = await this.#execute<Partial<Readiness> & { readonly base: string }>(
      probeScript(this.#place, packJson({ runtimeVersion })),
    );
    this.#base = probed.base;
    return isReady(probed) ? probed : this.#install();
  }

  /** Rejects with the agent's own `TurboError`, with `ProviderError`, and `SANDBOX_UNAVAILABLE` when it is lost. */
  async ask<V extends AgentVerb>(
    verb: V,
    request: AgentRequest<V>,
    environment?: Readonly<Record<string, string>>,
  ): Promise<AgentAnswer<V>> {
    const packed = packJson(request);
    const argument = packed.length > LONGEST_ARGUMENT ? await this.#uploadRequest(request) : packed;
    const envs = environment && { [ENVIRONMENT_VARIABLE]: packJson(environment) };
    return this.#execute(agentScript(this.#place, verb, argument), envs);
  }

  /** Puts files into the private folder. Paths are relative to it. */
  async upload(files: readonly (Upload & { readonly mode?: number | undefined })[]): Promise<void> {
    const { api, toolbox } = this.#setting;
    const placed = files.map(({ path, content, mode }) => ({ path: this.#privatePath(path), content, mode }));
    await this.#awake(() => api.upload(toolbox, placed));
    for (const { path, mode } of placed) if (mode !== undefined) await api.setMode(toolbox, path, mode);
  }

  /** Waits for the machine when it sleeps; rejects with `SANDBOX_UNAVAILABLE` when it is gone. */
  async wake(): Promise<void> {
    const { api, machine, startMs } = this.#setting;
    const now = await api.find(machine.id);
    if (now === undefined || now.state === 'destroying') throw this.#gone('it was removed at Daytona');
    if (now.state !== undefined && now.state !== 'started') this.#stops += 1;
    await untilStarted(api, now, performance.now() + startMs);
  }

  async #install(): Promise<Readiness> {
    const { agentVersion, entry } = this.#place;
    const upload = await this.#uploadAgent();
    const brought: Brought = {};
    for (const deadlineMs = performance.now() + INSTALL_MS; performance.now() < deadlineMs;) {
      const request = packJson({ ...this.#place, packages: brought.packages, waitMs: WAIT_MS });
      const script = prepareScript({ upload, agentVersion, entry, node: brought.node }, request);
      const outcome = await this.#execute<AgentAnswer<'install'>>(script, undefined, PREPARE_S);
      if (outcome && 'directory' in outcome) return outcome;
      if (outcome) brought[outcome.missing] = await this.#bring(outcome, brought);
    }
    throw this.#gone('npm does not come to an end in it');
  }

  async #uploadAgent(): Promise<string> {
    const { modules, runtime } = this.#setting;
    const folder = `upload-${randomText(8)}`;
    const below = ({ path, content }: Upload) => ({ path: `${folder}/${path}`, content });
    await this.upload([
      below({ path: 'package.json', content: '{"type":"module"}\n' }),
      ...modules.files.map(below),
      ...runtime.files.map(({ path, content }) => below({ path: `${RUNTIME_FILES}/${path}`, content })),
    ]);
    return folder;
  }

  /** What the container cannot get it gets from us, when it is a machine of our kind. Resolves to where it lies. */
  async #bring({ missing, reason, platform }: Missing, brought: Brought): Promise<string> {
    const { machine, ownRuntime } = this.#setting;
    if (brought[missing] !== undefined || !ownRuntime || platform !== `${process.platform}-${process.arch}`) {
      throw new TurboError('SANDBOX_UNAVAILABLE', `The sandbox ${machine.name} cannot be prepared: ${reason}`, {
        phase: 'sandbox',
        fix: 'Choose an image with Node 22.18 or newer and npm (DAYTONA_IMAGE=node:24-slim) that can reach the package registry.',
      });
    }
    const path = `brought-${randomText(8)}`;
    const runtime = await ownRuntime();
    const content = await (missing === 'node' ? packNode(runtime) : packPackages(runtime));
    await this.upload([{ path, content: new Uint8Array(content) }]);
    return path;
  }

  async #uploadRequest(request: object): Promise<string> {
    const name = `request-${randomText(12)}`;
    await this.upload([{ path: `staging/${name}`, content: JSON.stringify(request) }]);
    return `@${name}`;
  }

  async #execute<T>(
    script: string,
    environment?: Readonly<Record<string, string>>,
    timeoutS: number = WAIT_MS / 1000 + ANSWER_S,
  ): Promise<T> {
    const { api, toolbox } = this.#setting;
    const execution = { command: shellCommand(script), environment, timeoutS };
    const execute = () => this.#awake(() => api.execute(toolbox, execution));
    let printed = await execute();
    if (readAnswerLine(printed) === undefined) {
      // So it is too when the machine stopped in the midst of it.
      await this.wake();
      printed = await execute();
    }
    const answer = readAnswerLine(printed) as Answer<T> | undefined;
    if (answer === undefined) throw this.#gone(`the agent in it does not answer (${lastLines(printed)})`);
    if (answer.error) throw toError(answer.error);
    return answer.value as T;
  }

  /** A toolbox that refuses may be that of a machine that sleeps, or of none. */
  async #awake<T>(work: () => Promise<T>): Promise<T> {
    try {
      return await work();
    } catch (error) {
      if (!(error instanceof ProviderError) || !maySleep(error)) throw error;
      await this.wake();
      return work();
    }
  }

  #privatePath(path: string): string {
    return `${this.#base}${PRIVATE_FOLDER}/${path}`;
  }

  #gone(reason: string): TurboError {
    this.#lost = true;
    return new TurboError('SANDBOX_UNAVAILABLE', `The sandbox ${this.#setting.machine.name} is lost: ${reason}`, {
      phase: 'sandbox',
      fix: 'Run it again: it is then made anew.',
    });
  }
}

/** What a container was given by us, by its place in the private folder. */
type Brought = Partial<Record<Missing['missing'], string>>;

interface Answer<T> {
  readonly value?: T;
  readonly error?: { readonly message: string; readonly code?: FailureCode; readonly fix?: string };
}

function isReady(probed: Partial<Readiness>): probed is Readiness {
  return probed.directory !== undefined;
}

/** An answer that a proxy or a daemon gives for a machine that does not run; without one, nobody knows. */
function maySleep({ status }: ProviderError): boolean {
  return status !== undefined && ([400, 404, 409, 410].includes(status) || status >= 500);
}

function toError({ message, code, fix }: NonNullable<Answer<unknown>['error']>): TurboError {
  return new TurboError(code ?? 'SANDBOX_UNAVAILABLE', message, { fix });
}

function lastLines(printed: string): string {
  return printed.trim().split('\n').slice(-3).join(' · ').slice(-300) || 'it says nothing';
}
