import type { CommandOptions, CommandResult, RunningCommand } from '../machine/command.ts';

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

const MEGABYTE = 1024 * 1024;

export const DEFAULT_LIMITS: CommandLimits = {
  processes: 256,
  memoryBytes: 1536 * MEGABYTE,
  fileBytes: 256 * MEGABYTE,
  folderGrowthBytes: 1024 * MEGABYTE,
  freeDiskBytes: 512 * MEGABYTE,
};
