import type { ProjectId } from '../domain/ids.ts';
import type { SourceFile } from '../domain/source-file.ts';
import type { UntrustedCommands } from '../isolation/untrusted-commands.ts';
import type { CommandOptions, CommandResult, RunningCommand } from '../machine/command.ts';

// What the port's words mean, for those who know the port alone.
export type {
  Isolation,
  IsolationTier,
  UntrustedCommands,
  UntrustedDatabase,
  UntrustedOptions,
} from '../isolation/untrusted-commands.ts';
export type { CommandOptions, CommandResult, RunningCommand } from '../machine/command.ts';

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
