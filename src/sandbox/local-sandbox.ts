import { readdir, rm } from 'node:fs/promises';
import { createServer, type AddressInfo } from 'node:net';
import { join } from 'node:path';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { TurboError } from '../domain/errors.ts';
import { failAs, type Failing } from '../domain/fail-as.ts';
import { isProjectId, type ProjectId } from '../domain/ids.ts';
import type { SourceFile } from '../domain/source-file.ts';
import { typescriptCommand, type BackendRuntime } from '../machine/backend-runtime.ts';
import { chooseIsolation, type ChosenIsolation } from '../isolation/choose-isolation.ts';
import { COMMAND_VARIABLE, isOrphaned, startCommand } from '../machine/command.ts';
import { commandEnvironment } from '../machine/command-environment.ts';
import { endProcesses, findProcesses, findProcessesOf } from '../machine/host-process.ts';
import { linkModules } from '../machine/link-modules.ts';
import { describeIsolation } from '../isolation/isolation-claims.ts';
import { LocalUntrustedCommands } from '../isolation/local-untrusted-commands.ts';
import { makeProjectFolder, makeRoot } from './make-project-folder.ts';
import { ProjectFolder } from './project-folder.ts';
import type {
  CommandOptions,
  CommandResult,
  RunningCommand,
  Sandbox,
  SandboxProvider,
  UntrustedCommands,
} from './sandbox.ts';

export interface LocalSandboxSettings {
  /** Absolute: one folder per project is made in it. */
  readonly root: string;
  readonly runtime: BackendRuntime;
  /** The numeric user that a project's commands run as; undefined for our own, which it always is when we are not root. */
  readonly osUser: (projectId: ProjectId) => Promise<number | undefined>;
}

const DEFAULT_TIMEOUT_MS = 60_000;
const COMMON_GUARANTEES = [
  'Commands are given an environment built from empty: none of our variables, keys or passwords are in it.',
  'At its deadline, at its end and at 8 MB of output a command is killed with its process group and whatever still has its environment.',
  'Files are read and written on your behalf inside the project folder alone; links are not followed.',
  'The network is not restricted.',
];

/** Sandboxes as folders under `root`, their commands as child processes of this one. */
export class LocalSandboxProvider implements SandboxProvider {
  readonly #settings: LocalSandboxSettings;
  #isolation: Promise<ChosenIsolation> | undefined;

  constructor(settings: LocalSandboxSettings) {
    this.#settings = settings;
  }

  async open(projectId: ProjectId): Promise<Sandbox> {
    const directory = this.#directoryOf(projectId);
    return failAs(failing(`prepare the folder of ${projectId}`), async () => {
      const uid = await this.#settings.osUser(projectId);
      await makeProjectFolder(directory, uid);
      await linkModules(directory, this.#settings.runtime.nodeModules);
      return new LocalSandbox(projectId, directory, uid, this.#settings.runtime, () => this.#choose());
    });
  }

  /** What holds on this machine for our own commands, and for those that a model wrote: tried out on the first call. */
  async describe(): Promise<readonly string[]> {
    return [...describeLocalSandbox(), ...describeIsolation(await this.#choose())];
  }

  /** When we are root this ends every process of the project's user, a deployed backend's too. */
  async remove(projectId: ProjectId): Promise<void> {
    const directory = this.#directoryOf(projectId);
    const home = join(directory, '.home');
    await failAs(failing(`remove the folder of ${projectId}`), async () => {
      await endProcesses(() => processesWithHome((candidate) => candidate === home), 0);
      const uid = await this.#settings.osUser(projectId);
      if (uid !== undefined && uid !== process.getuid?.()) await endAllOf(uid, this.#settings.runtime);
      await rm(directory, { recursive: true, force: true, maxRetries: 3 });
    });
  }

  async list(): Promise<readonly ProjectId[]> {
    const names: readonly string[] = await readdir(this.#settings.root).catch(() => []);
    return names.filter(isProjectId);
  }

  /** Ends what commands left running when the process of ours that started them was killed. Resolves to how many. */
  async sweep(): Promise<number> {
    const orphans = async () => {
      const [ours, commands] = await Promise.all([this.#running(), findProcesses(COMMAND_VARIABLE)]);
      const orphaned = await Promise.all(commands.map(({ value }) => isOrphaned(value)));
      return commands.filter(({ pid }, index) => orphaned[index] && ours.includes(pid)).map(({ pid }) => pid);
    };
    const count = (await orphans()).length;
    if (count > 0) await endProcesses(orphans, 500);
    return count;
  }

  /** Ends every command in every sandbox, whoever started it. */
  async stopAll(): Promise<void> {
    await endProcesses(() => this.#running(), 500);
  }

  #choose(): Promise<ChosenIsolation> {
    this.#isolation ??= failAs(failing('find out what keeps commands apart here'), () => this.#findIsolation());
    this.#isolation.catch(() => (this.#isolation = undefined));
    return this.#isolation;
  }

  async #findIsolation(): Promise<ChosenIsolation> {
    const { root, runtime } = this.#settings;
    await makeRoot(root, process.getuid?.() === 0);
    // No project is called this: none has a dot in its id.
    return chooseIsolation(join(root, '.isolation'), runtime);
  }

  #running(): Promise<readonly number[]> {
    return processesWithHome((home) => home.startsWith(`${this.#settings.root}/`));
  }

  #directoryOf(projectId: ProjectId): string {
    if (/^[a-z0-9_-]+$/i.test(projectId)) return join(this.#settings.root, projectId);
    throw new TurboError('SANDBOX_UNAVAILABLE', `${JSON.stringify(projectId)} is no id of a project`);
  }
}

/** What the sandboxes of this machine keep apart, before there is one: the sentences of `Sandbox.guarantees`. */
export function describeLocalSandbox(): readonly string[] {
  if (process.getuid?.() !== 0) return guaranteesFor(undefined);
  const whoRuns =
    "Commands run as a user of each project's own, which can neither read nor change other projects' files, nor signal their processes.";
  return [whoRuns, ...COMMON_GUARANTEES];
}

class LocalSandbox implements Sandbox {
  readonly id: string;
  readonly directory: string;
  readonly guarantees: readonly string[];
  readonly typescript: readonly string[];
  readonly nodeVersion = process.versions.node;
  readonly untrusted: UntrustedCommands;
  readonly #uid: number | undefined;
  readonly #runtime: BackendRuntime;
  readonly #folder: ProjectFolder;

  constructor(
    id: string,
    directory: string,
    uid: number | undefined,
    runtime: BackendRuntime,
    choose: () => Promise<ChosenIsolation>,
  ) {
    this.id = id;
    this.directory = directory;
    this.guarantees = guaranteesFor(uid);
    this.typescript = typescriptCommand(runtime);
    this.#uid = uid;
    this.#runtime = runtime;
    this.#folder = new ProjectFolder(directory, uid);
    this.untrusted = new LocalUntrustedCommands({
      directory,
      uid,
      environment: commandEnvironment(directory, runtime.nodePath),
      choose,
    });
  }

  async run(command: readonly string[], options: CommandOptions = {}): Promise<CommandResult> {
    const running = await this.#start(command, { ...options, timeoutMs: options.timeoutMs ?? DEFAULT_TIMEOUT_MS });
    return running.ended;
  }

  start(command: readonly string[], options: Omit<CommandOptions, 'timeoutMs'> = {}): Promise<RunningCommand> {
    return this.#start(command, { ...options, timeoutMs: undefined });
  }

  async freePort(): Promise<number> {
    const server = createServer().listen(0, '127.0.0.1');
    await once(server, 'listening');
    const { port } = server.address() as AddressInfo;
    server.close();
    await once(server, 'close');
    return port;
  }

  urlOf(port: number): Promise<string> {
    return Promise.resolve(`http://127.0.0.1:${port}`);
  }

  readFile(path: string): Promise<string> {
    return this.#folder.read(path);
  }

  readFiles(paths: readonly string[]): Promise<readonly SourceFile[]> {
    return Promise.all(paths.map(async (path) => ({ path, content: await this.#folder.read(path) })));
  }

  async writeFiles(files: readonly (SourceFile & { readonly mode?: number })[]): Promise<void> {
    for (const file of files) await this.#folder.write(file);
  }

  deleteFile(path: string): Promise<void> {
    return this.#folder.delete(path);
  }

  listFiles(): Promise<readonly string[]> {
    return this.#folder.list();
  }

  #start(command: readonly string[], options: CommandOptions): Promise<RunningCommand> {
    return startCommand(command, {
      ...options,
      directory: this.directory,
      environment: { ...commandEnvironment(this.directory, this.#runtime.nodePath), ...options.environment },
      uid: this.#uid,
    });
  }
}

async function processesWithHome(isOurs: (home: string) => boolean): Promise<readonly number[]> {
  const processes = await findProcesses('HOME');
  return processes.filter(({ value }) => isOurs(value)).map(({ pid }) => pid);
}

/** As that user, since `kill(-1)` reaches all of its processes at one moment: none can start another meanwhile. */
async function endAllOf(uid: number, runtime: BackendRuntime): Promise<void> {
  const killer = spawn(runtime.nodePath, ['-e', 'try { process.kill(-1, "SIGKILL") } catch {}'], {
    uid,
    gid: uid,
    cwd: '/',
    env: {},
    stdio: 'ignore',
  });
  await once(killer, 'exit');
  await endProcesses(() => findProcessesOf(uid), 0);
}

function guaranteesFor(uid: number | undefined): readonly string[] {
  const whoRuns =
    uid === undefined
      ? 'Commands run as your own user: your files, your processes and other projects are not protected from them.'
      : `Commands run as user ${uid}, this project's alone: they can neither read nor change other projects' files, nor signal their processes.`;
  return [whoRuns, ...COMMON_GUARANTEES];
}

function failing(doing: string): Failing {
  return { code: 'SANDBOX_UNAVAILABLE', phase: 'sandbox', doing };
}
