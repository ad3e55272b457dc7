import { externalName, INSTALLATION_MARK, PROJECT_MARK } from '../cloud/external-name.ts';

import type { ProjectId } from '../domain/ids.ts';
import type { SourceFile } from '../domain/source-file.ts';
import type { BackendRuntime } from '../machine/backend-runtime.ts';
import { readAgentModules, versionOf } from './daytona/agent-modules.ts';
import { DaytonaApi, type DaytonaApiSettings, type NewMachine } from './daytona/daytona-api.ts';
import { ProjectContainer } from './daytona/project-container.ts';
import { MachineAgent } from './daytona/machine-agent.ts';
import { isMarked, openMachine, untilGone } from './daytona/open-machine.ts';
import { failAtDaytona } from './daytona/fail-at-daytona.ts';
import type { Sandbox, SandboxProvider } from './sandbox.ts';

export interface DaytonaSandboxSettings extends DaytonaApiSettings {
  /** The region; undefined for the account's own. */
  readonly target?: string | undefined;
  /** What containers are made from, unless there is a snapshot. */
  readonly image: string;
  /** One of the account's, by name or id. */
  readonly snapshot?: string | undefined;
  readonly installationId: string;
  /** `package.json` and `package-lock.json` of what backends run with. */
  readonly runtimeFiles: readonly SourceFile[];
  /** What backends run with on this machine, for containers that cannot get it from the package registry. */
  readonly ownRuntime?: (() => Promise<BackendRuntime>) | undefined;
  /** How long a container may take to start, its image's building included. Default: 5 minutes. */
  readonly startMs?: number | undefined;
}

const START_MS = 300_000;
const GONE_MS = 60_000;
const AUTO_STOP_MINUTES = 15;

/** Sandboxes as containers at Daytona, one for each project, found again by the name that is derived from it. */
export class DaytonaSandboxProvider implements SandboxProvider {
  readonly #settings: DaytonaSandboxSettings;
  readonly #api: DaytonaApi;
  readonly #opened = new Map<ProjectId, Promise<ProjectContainer>>();

  constructor(settings: DaytonaSandboxSettings) {
    this.#settings = settings;
    this.#api = new DaytonaApi(settings);
  }

  check(signal?: AbortSignal): Promise<string> {
    return failAtDaytona('ask Daytona', async () => {
      const lists = await this.#api.check(signal);
      const { snapshot, image } = this.#settings;
      const from = snapshot === undefined ? `the image ${image}` : `the snapshot ${snapshot}`;
      const found = lists ? 'takes the key' : 'lists no sandboxes, so that leftovers cannot be found';
      return `Daytona at ${this.#api.host} ${found}; sandboxes are made from ${from}.`;
    });
  }

  open(projectId: ProjectId): Promise<Sandbox> {
    return failAtDaytona(`open the sandbox of ${projectId}`, async () => {
      const known = await this.#opened.get(projectId);
      if (known && (await known.isStillThere())) return known;
      this.#forget(projectId, known);
      const opening = this.#opened.get(projectId) ?? this.#open(projectId);
      this.#opened.set(projectId, opening);
      opening.catch(() => this.#opened.delete(projectId));
      return opening;
    });
  }

  /** One of the name that is not ours is left alone. */
  remove(projectId: ProjectId): Promise<void> {
    return failAtDaytona(`remove the sandbox of ${projectId}`, async () => {
      const wanted = this.#wantedFor(projectId);
      const machine = (await this.#api.find(wanted.name)) ?? (await this.#api.findListed(wanted));
      if (machine && isMarked(machine, wanted.labels)) await this.#delete(machine.id);
      this.#forget(projectId, await this.#opened.get(projectId)?.catch(() => undefined));
    });
  }

  list(): Promise<readonly ProjectId[]> {
    return failAtDaytona('list the sandboxes', async () => {
      const machines = await this.#api.list(this.#settings.installationId);
      const there = machines.filter(({ state }) => state !== 'destroyed' && state !== 'destroying');
      return there.flatMap(({ labels }) => (labels?.[PROJECT_MARK] as ProjectId | undefined) ?? []);
    });
  }

  async #open(projectId: ProjectId): Promise<ProjectContainer> {
    const { startMs = START_MS, runtimeFiles, ownRuntime } = this.#settings;
    const api = this.#api;
    const machine = await openMachine(api, this.#wantedFor(projectId), startMs);
    const runtime = { version: versionOf(runtimeFiles), files: runtimeFiles };
    const [toolbox, modules] = await Promise.all([api.toolboxOf(machine), readAgentModules()]);
    const agent = new MachineAgent({ api, machine, toolbox, modules, runtime, ownRuntime, startMs });
    return new ProjectContainer(api, machine, agent, await agent.prepare());
  }

  /** A machine that is on its way to another state cannot be deleted at that moment. */
  async #delete(id: string): Promise<void> {
    const deadlineMs = performance.now() + GONE_MS;
    while (!(await this.#api.delete(id)) && performance.now() < deadlineMs) {
      if (await untilGone(this.#api, id, performance.now() + 1000)) return;
    }
    await untilGone(this.#api, id, deadlineMs);
  }

  #forget(projectId: ProjectId, sandbox: ProjectContainer | undefined): void {
    if (!sandbox) return;
    void sandbox.close();
    this.#opened.delete(projectId);
  }

  /** Holds no secret: whoever may look at the account's sandboxes sees all of it. */
  #wantedFor(projectId: ProjectId): NewMachine {
    const { installationId, target, image, snapshot } = this.#settings;
    return {
      name: externalName(installationId, projectId),
      target,
      ...(snapshot === undefined
        ? { buildInfo: { dockerfileContent: `FROM ${image}\nWORKDIR /home/backend\n` } }
        : { snapshot }),
      labels: { [PROJECT_MARK]: projectId, [INSTALLATION_MARK]: installationId },
      public: false,
      autoStopInterval: AUTO_STOP_MINUTES,
      autoDeleteInterval: -1,
    };
  }
}
