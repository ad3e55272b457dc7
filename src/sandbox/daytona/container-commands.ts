import { DEFAULT_LIMITS } from '../../isolation/untrusted-commands.ts';
import type { CommandLimits } from '../../isolation/untrusted-commands.ts';
import type {
  CommandResult,
  Isolation,
  RunningCommand,
  UntrustedCommands,
  UntrustedDatabase,
  UntrustedOptions,
} from '../sandbox.ts';
import type { StartOptions } from './machine-commands.ts';

const DEFAULT_TIMEOUT_MS = 60_000;
const KILOBYTE = 1024;

/** What holds for every command in a container of a project's own. */
export const CONTAINER_GUARANTEES = [
  "Commands run in a container at Daytona that is this project's alone: this machine, its files, keys and passwords and other projects are out of their reach.",
  'They are given an environment built from empty, with what the command is to see and no more.',
  'At its deadline, at its end and at 8 MB of output a command is killed with its process group and whatever still has its environment.',
  'Files are read and written on your behalf inside the project folder alone; links are not followed.',
  'The network is open to them; of databases they can log in to those whose password they are given or find in the project.',
  "They run as the container's user, as our agent there does: one that wants to can change what it reports.",
];

/** What a model wrote, in the container that its project has to itself. */
export class ContainerCommands implements UntrustedCommands {
  readonly #commands: ContainerCommandRunner;

  constructor(commands: ContainerCommandRunner) {
    this.#commands = commands;
  }

  isolation(): Promise<Isolation> {
    const limits = [
      'The size of each file they write and the memory of each of their processes are limited; how many there are, is for the container to limit.',
      'Their folder and the free disk are looked at every two seconds: more can be written between two looks.',
    ];
    const guarantees = [...CONTAINER_GUARANTEES, ...limits];
    return Promise.resolve({ tier: 'container', guarantees, passedOver: [], raise: undefined });
  }

  run(command: string | readonly string[], options: UntrustedOptions = {}): Promise<CommandResult> {
    return this.#commands.run({ ...startOf(command, options), timeoutMs: options.timeoutMs ?? DEFAULT_TIMEOUT_MS });
  }

  start(command: string | readonly string[], options: UntrustedOptions): Promise<RunningCommand> {
    return this.#commands.start({ ...startOf(command, options), timeoutMs: undefined });
  }
}

/** What carries the commands out. */
interface ContainerCommandRunner {
  run(options: StartOptions): Promise<CommandResult>;
  start(options: StartOptions): Promise<RunningCommand>;
}

function startOf(command: string | readonly string[], options: UntrustedOptions): StartOptions {
  const { environment, database, registry, keptOutputBytes, signal } = options;
  const limits = { ...DEFAULT_LIMITS, ...options.limits };
  return {
    command: limited(typeof command === 'string' ? ['/bin/sh', '-c', command] : command, limits),
    environment: { ...environment, ...variablesOf(database, registry) },
    keptPartBytes: keptOutputBytes,
    limits: { folderGrowthBytes: limits.folderGrowthBytes, freeDiskBytes: limits.freeDiskBytes },
    signal,
  };
}

/** A shell that limits itself and becomes the command; where it does not know a limit, the command goes without. */
function limited(command: readonly string[], { fileBytes, memoryBytes }: CommandLimits): readonly string[] {
  // POSIX counts files in blocks of 512 bytes, and every shell memory in kilobytes.
  const limits = `ulimit -f ${Math.ceil(fileBytes / 512)} 2>/dev/null; ulimit -d ${Math.ceil(memoryBytes / KILOBYTE)} 2>/dev/null`;
  return ['/bin/sh', '-c', `${limits}; exec "$@"`, 'sh', ...command];
}

function variablesOf(database: UntrustedDatabase | undefined, registry: string | undefined): Record<string, string> {
  return {
    ...(registry === undefined ? {} : { npm_config_registry: registry }),
    ...(database === undefined
      ? {}
      : {
          DB_HOST: database.host,
          DB_PORT: String(database.port),
          DB_NAME: database.database,
          DB_USER: database.user,
          DB_TLS: database.tls,
        }),
  };
}
