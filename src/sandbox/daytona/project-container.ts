import { randomText } from '../../domain/ids.ts';
import type { SourceFile } from '../../domain/source-file.ts';
import { checkedParts } from '../project-path.ts';
import type { CommandOptions, CommandResult, RunningCommand, Sandbox, UntrustedCommands } from '../sandbox.ts';
import type { PlacedFile, Readiness } from './agent-protocol.ts';
import { CONTAINER_GUARANTEES, ContainerCommands } from './container-commands.ts';
import type { DaytonaApi, Machine } from './daytona-api.ts';
import type { MachineAgent } from './machine-agent.ts';
import { MachineCommands, type StartOptions } from './machine-commands.ts';
import { PreviewRelays } from './preview-relays.ts';
import { failAtDaytona } from './fail-at-daytona.ts';

const DEFAULT_TIMEOUT_MS = 60_000;

/** One project's container, ready to work in. */
export class ProjectContainer implements Sandbox {
  readonly id: string;
  readonly directory: string;
  readonly guarantees = CONTAINER_GUARANTEES;
  readonly typescript: readonly string[];
  readonly nodeVersion: string;
  readonly untrusted: UntrustedCommands;
  readonly #api: DaytonaApi;
  readonly #agent: MachineAgent;
  readonly #commands: MachineCommands;
  readonly #relays: PreviewRelays;
  readonly #removed = new AbortController();

  constructor(api: DaytonaApi, machine: Machine, agent: MachineAgent, ready: Readiness) {
    this.id = machine.id;
    this.directory = ready.directory;
    this.typescript = ready.typescript;
    this.nodeVersion = ready.nodeVersion;
    this.#api = api;
    this.#agent = agent;
    this.#commands = new MachineCommands(agent, this.#removed.signal);
    this.#relays = new PreviewRelays((port) => api.previewOf(machine.id, port));
    this.untrusted = new ContainerCommands({
      run: (options) => this.#run(options),
      start: (options) => this.#start(options),
    });
  }

  /** Starts it when it has gone to sleep; false when it is gone and has to be opened anew. */
  async isStillThere(): Promise<boolean> {
    if (this.#agent.lost || this.#removed.signal.aborted) return false;
    const machine = await this.#api.find(this.id);
    if (machine === undefined || machine.state === 'destroying') return false;
    if (machine.state !== undefined && machine.state !== 'started') await this.#agent.wake();
    return true;
  }

  /** What runs in it has ended for us, and nobody reaches it from here any more. */
  async close(): Promise<void> {
    this.#removed.abort();
    await this.#relays.close();
  }

  run(command: readonly string[], options: CommandOptions = {}): Promise<CommandResult> {
    return this.#run({ ...options, command, timeoutMs: options.timeoutMs ?? DEFAULT_TIMEOUT_MS });
  }

  start(command: readonly string[], options: Omit<CommandOptions, 'timeoutMs'> = {}): Promise<RunningCommand> {
    return this.#start({ ...options, command, timeoutMs: undefined });
  }

  freePort(): Promise<number> {
    return failAtDaytona('find a free port', () => this.#agent.ask('freePort', {}));
  }

  urlOf(port: number): Promise<string> {
    return failAtDaytona(`reach port ${port} of the sandbox`, () => this.#relays.urlOf(port));
  }

  async readFile(path: string): Promise<string> {
    const [file] = await this.readFiles([path]);
    return (file as SourceFile).content;
  }

  async readFiles(paths: readonly string[]): Promise<readonly SourceFile[]> {
    paths.forEach(checkedParts);
    const files: SourceFile[] = [];
    while (files.length < paths.length) {
      const left = { paths: paths.slice(files.length) };
      files.push(...(await failAtDaytona('read files', () => this.#agent.ask('read', left))));
    }
    return files;
  }

  async writeFiles(files: readonly (SourceFile & { readonly mode?: number })[]): Promise<void> {
    const refused = files.findIndex(({ path }) => !isAllowed(path));
    await failAtDaytona('write files', () => this.#place(refused === -1 ? files : files.slice(0, refused)));
    checkedParts(files[refused]?.path ?? 'none');
  }

  async deleteFile(path: string): Promise<void> {
    checkedParts(path);
    await failAtDaytona(`delete ${path}`, () => this.#agent.ask('delete', { path }));
  }

  listFiles(): Promise<readonly string[]> {
    return failAtDaytona('list the files', () => this.#agent.ask('list', {}));
  }

  /** By way of a folder that is ours alone, so that whoever sees a file in the project sees all of it, with its mode. */
  async #place(files: readonly (SourceFile & { readonly mode?: number })[]): Promise<void> {
    if (files.length === 0) return;
    const id = randomText(16);
    const placed = files.map(({ path, mode }, index): PlacedFile => ({ path, mode, staged: stagedName(path, index) }));
    await this.#agent.upload(
      files.map(({ content, mode }, index) => ({
        path: `staging/${id}/${placed[index]?.staged}`,
        content,
        mode: mode === 0o644 ? undefined : mode,
      })),
    );
    await this.#agent.ask('place', { id, files: placed });
  }

  #run(options: StartOptions): Promise<CommandResult> {
    return failAtDaytona('run a command', () => this.#commands.run(options));
  }

  async #start(options: StartOptions): Promise<RunningCommand> {
    const running = await failAtDaytona('start a command', () => this.#commands.start(options));
    const port = Number(options.environment?.['PORT']);
    void running.ended.then(() => this.#relays.closePort(port));
    return running;
  }
}

function isAllowed(path: string): boolean {
  try {
    checkedParts(path);
    return true;
  } catch {
    return false;
  }
}

/** Ends as the file is called, where that is a plain name. */
function stagedName(path: string, index: number): string {
  const name = path.slice(path.lastIndexOf('/') + 1);
  return `${index}/${name.replaceAll(/[^\w.-]/g, '_').slice(-64)}`;
}
