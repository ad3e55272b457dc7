import type { ProjectId } from '../domain/ids.ts';
import type { SourceFile } from '../domain/source-file.ts';

// For whoever runs processes on this machine outside of a sandbox, as the local deploy target does.
export type { BackendRuntime } from '../machine/backend-runtime.ts';
export { endProcesses, findProcesses, isRunning, markProcess, type ProcessMark } from '../machine/host-process.ts';
// For whoever sends the packages of a backend elsewhere.
export { findPackageClosure } from '../machine/package-closure.ts';

export interface CommandResult {
  /** Undefined when a signal ended the command. */
  readonly exitCode: number | undefined;
  readonly timedOut: boolean;
  /** Standard output and error as they came, first and last part kept when it was too much. */
  readonly output: string;
  readonly durationMs: number;
}

export interface CommandOptions {
  /**
   * Everything the command sees besides PATH, HOME, TMPDIR, LANG, TZ and NODE_COMPILE_CACHE; nothing is inherited from
   * our own process. `node` and `tsc` are on the PATH.
   */
  readonly environment?: Readonly<Record<string, string>> | undefined;
  /** After it, the command and everything it started is killed. Default: 60 000. */
  readonly timeoutMs?: number | undefined;
  readonly signal?: AbortSignal | undefined;
}

/** A server started in a sandbox to be looked at; it does not outlive `stop`. */
export interface RunningCommand {
  /** What it printed so far, cut as in `CommandResult.output`. */
  output(): string;
  /** Settles when the command has ended, by itself or by `stop`. */
  readonly ended: Promise<CommandResult>;
  /** Asks it to end, kills it and all it started when it does not within `graceMs` (default 3000). */
  stop(graceMs?: number): Promise<CommandResult>;
}

/** What a command that a model wrote may use up. Reaching one is the command's failure, or its end. */
export interface CommandLimits {
  /** Threads count. Default: 256. */
  readonly processes: number;
  /** Of each process's data; Node needs 600 MB to start. Default: 1.5 GB. */
  readonly memoryBytes: number;
  /** Of each file it writes. Default: 256 MB. */
  readonly fileBytes: number;
  /** By which the project's folder may grow; looked at every two seconds. Default: 1 GB. */
  readonly folderGrowthBytes: number;
  /** Below which the free space of the disk may not fall. Default: 512 MB. */
  readonly freeDiskBytes: number;
}

export interface UntrustedOptions extends CommandOptions {
  /**
   * The one database that it reaches, as this user and no other. Its DB_HOST, DB_PORT, DB_NAME, DB_USER and DB_TLS are
   * set for it; the password is the caller's to put into `environment`.
   */
  readonly database?: UntrustedDatabase | undefined;
  /** The address of the package registry that npm may use. Default: none. */
  readonly registry?: string | undefined;
  readonly limits?: Partial<CommandLimits> | undefined;
  /** How much of the beginning, and how much of the end, of its output is kept. Default: 16 KB. */
  readonly keptOutputBytes?: number | undefined;
  /** Runs it even where nothing keeps it apart from the user's files. Only ever by the user's own word. */
  readonly allowUnsafe?: boolean | undefined;
}

export interface UntrustedDatabase {
  readonly host: string;
  readonly port: number;
  readonly tls: 'off' | 'verify';
  /** The authority that the server's certificate must come from, PEM. */
  readonly ca?: string | undefined;
  readonly database: string;
  readonly user: string;
}

/**
 * From the best to the least: a machine of the project's own, elsewhere; namespaces and a file system of their own, by
 * bubblewrap or by us; files, ports, signals and system calls restricted by the kernel; a user of the project's own;
 * nothing.
 */
export type IsolationTier = 'container' | 'bubblewrap' | 'namespaces' | 'landlock' | 'user' | 'none';

/** What was found out by attacking it, on this machine. */
export interface Isolation {
  readonly tier: IsolationTier;
  /** One sentence each; what an attack got through is said to be open. */
  readonly guarantees: readonly string[];
  /** Why each better tier is not used. */
  readonly passedOver: readonly string[];
  /** The command that would raise the tier; undefined when none is known. */
  readonly raise: string | undefined;
}

/** Carries out what a model wrote, as far apart from everything else as this machine allows. */
export interface UntrustedCommands {
  /** Tried out on the first call on a machine, which takes a second. */
  isolation(): Promise<Isolation>;

  /**
   * Runs a program with its arguments, or one text as a shell's. One that a signal ended may have failed with 128 and the
   * signal's number, as in a shell; one that could not be shut in was not run and has failed with 125. Rejects with
   * `SANDBOX_UNAVAILABLE` in the tier `none`, unless `allowUnsafe`.
   */
  run(command: string | readonly string[], options?: UntrustedOptions): Promise<CommandResult>;

  /** Starts a server that may listen on `listenPort` and on no other. It shares the machine's network to be reached. */
  start(
    command: string | readonly string[],
    options: Omit<UntrustedOptions, 'timeoutMs'> & { readonly listenPort: number },
  ): Promise<RunningCommand>;
}

/** One project's working machine. All paths are relative to the project's folder and may not leave it. */
export interface Sandbox {
  readonly id: string;
  /** The project's folder as the user finds it. */
  readonly directory: string;
  /** What really keeps the project's commands apart from the rest, one sentence each; never more than is true. */
  readonly guarantees: readonly string[];

  /** The compiler: a program and its leading arguments, for `run`. */
  readonly typescript: readonly string[];

  /** Of the Node that `node` is. */
  readonly nodeVersion: string;

  /** For what a model wrote; undefined where there is nothing better than `run`. */
  readonly untrusted?: UntrustedCommands;

  /**
   * Runs a program with its arguments, no shell between. A failing command is a result, not a rejection; one that
   * cannot be found or started has failed with 127 or 126.
   */
  run(command: readonly string[], options?: CommandOptions): Promise<CommandResult>;

  /** Starts a server. `PORT` and `HOST` go into its environment as the caller says. */
  start(command: readonly string[], options?: Omit<CommandOptions, 'timeoutMs'>): Promise<RunningCommand>;

  /** A port that nobody uses on the machine where the sandbox's servers listen. */
  freePort(): Promise<number>;

  /** Where a server that listens on `port` in the sandbox can be reached from here, without a trailing slash. */
  urlOf(port: number): Promise<string>;

  /** Rejects with `SANDBOX_PATH_REFUSED` for a path that leads out of the folder, a link, and where there is no file. */
  readFile(path: string): Promise<string>;

  /** All of them in the order asked for, and in one go where that saves a way. Rejects as `readFile` does. */
  readFiles(paths: readonly string[]): Promise<readonly SourceFile[]>;

  /**
   * Writes all of them, folders included; a file that exists is replaced at one moment. `mode` defaults to 0o644.
   * Rejects with `SANDBOX_PATH_REFUSED`; those before the refused one are written.
   */
  writeFiles(files: readonly (SourceFile & { readonly mode?: number })[]): Promise<void>;

  /** Resolves when there is no such file. Rejects with `SANDBOX_PATH_REFUSED`. */
  deleteFile(path: string): Promise<void>;

  /** The project's source files, sorted by path: no node_modules, no `.env`, no receipt, nothing that starts a cache. */
  listFiles(): Promise<readonly string[]>;
}

/** Port: `local-sandbox.ts`, `daytona-sandbox.ts`. Rejects with `SANDBOX_UNAVAILABLE` and, far away, the provider's own codes. */
export interface SandboxProvider {
  /**
   * Asks the provider for something that changes nothing; resolves to what it knows us as. Undefined where there is
   * nobody to ask. Rejects as the other methods do when it refuses us or cannot be reached.
   */
  check?(signal?: AbortSignal): Promise<string>;

  /** The project's sandbox, created on first use; the same one ever after. */
  open(projectId: ProjectId): Promise<Sandbox>;

  /** Stops what runs in it and removes it with its files; resolves when it is already gone. */
  remove(projectId: ProjectId): Promise<void>;

  /** The projects of this installation that have a sandbox, known to us or not. */
  list(): Promise<readonly ProjectId[]>;
}
