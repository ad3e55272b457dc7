/** What the launcher does to itself before it becomes the command. Travels as JSON, so that it is in no argument list. */
export interface LaunchPolicy {
  readonly command: readonly string[];
  /** Absolute. */
  readonly directory: string;
  /** All that the command sees. */
  readonly environment: Readonly<Record<string, string>>;
  readonly limits: LaunchLimits;
  /** What Landlock leaves of the file system; undefined for all of it. */
  readonly files: VisibleFiles | undefined;
  /** Builds a file system of `files` alone first. Needs namespaces of its own and the capabilities in them. */
  readonly ownView: boolean;
  /** Switches on the loopback of a network namespace of its own. */
  readonly ownNetwork: boolean;
  /** The TCP ports that Landlock leaves; undefined for all. */
  readonly ports: { readonly connect: readonly number[]; readonly bind: readonly number[] } | undefined;
  readonly systemCalls: SystemCallPolicy | undefined;
}

export interface LaunchLimits {
  /** Threads count; on top of those that the user has already. */
  readonly processes: number;
  /** Of each process's data, which for Node is about 600 MB before the first object. */
  readonly memoryBytes: number;
  readonly fileBytes: number;
}

/** Paths that do not exist are left out, but for the writable ones. */
export interface VisibleFiles {
  readonly readable: readonly string[];
  readonly writable: readonly string[];
  readonly devices: readonly string[];
}

export interface SystemCallPolicy {
  /** Whether sockets of the file system may be used: only where the view holds none but ours. */
  readonly unixSockets: boolean;
  /** Whether a process may leave its group and session: only where a process namespace ends with the command. */
  readonly leaveGroup: boolean;
}
