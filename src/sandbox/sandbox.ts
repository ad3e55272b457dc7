import type { ProjectId } from '../domain/ids.ts';
import type { SourceFile } from '../domain/source-file.ts';

// For whoever runs processes on this machine outside of a sandbox, as the local deploy target does.
export type { BackendRuntime } from './backend-runtime.ts';
export { endProcesses, findProcesses, isRunning, markProcess, type ProcessMark } from './host-process.ts';

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

/** One project's working machine. All paths are relative to the project's folder and may not leave it. */
export interface Sandbox {
  readonly id: string;
  /** The project's folder as the user finds it. */
  readonly directory: string;
  /** What really keeps the project's commands apart from the rest, one sentence each; never more than is true. */
  readonly guarantees: readonly string[];

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

/** Port: `local-sandbox.ts`, `daytona-sandbox.ts`. */
export interface SandboxProvider {
  /** The project's sandbox, created on first use; the same one ever after. Rejects with `SANDBOX_UNAVAILABLE`. */
  open(projectId: ProjectId): Promise<Sandbox>;

  /** Stops what runs in it and removes it with its files; resolves when it is already gone. */
  remove(projectId: ProjectId): Promise<void>;
}
