import type { Config } from '../config/config.ts';
import type { TurboBackend } from '../turbobackend.ts';

/**
 * `work` false: a backend that answers questions but takes no run. `leavesNothing`: the embedded Postgres that was started
 * for it is stopped again when it closes, unless somebody else needs it by then.
 */
export type OpenTurboBackend = (
  config: Config,
  options: {
    readonly work: boolean;
    readonly service?: boolean | undefined;
    readonly leavesNothing?: boolean | undefined;
  },
) => Promise<TurboBackend>;

export type Signal = 'SIGINT' | 'SIGTERM' | 'SIGHUP';

/** Where text goes. Size and `isTTY` are missing when it is no terminal. */
export interface OutputStream {
  readonly isTTY?: boolean | undefined;
  readonly columns?: number | undefined;
  readonly rows?: number | undefined;
  write(text: string): unknown;
  on(event: 'resize', listener: () => void): unknown;
  off(event: 'resize', listener: () => void): unknown;
}

type InputStream = NodeJS.ReadableStream & { readonly isTTY?: boolean | undefined };

/** All that the command line gets of the process it runs in, so that a test can be that process. */
export interface Shell {
  readonly stdin: InputStream;
  readonly stdout: OutputStream;
  readonly stderr: OutputStream;
  readonly environment: Readonly<Record<string, string | undefined>>;
  readonly version: string;
  readonly open: OpenTurboBackend;
  /** Keeps the signals from ending the process, until the returned function is called. */
  readonly onSignal: (listener: (signal: Signal) => void) => () => void;
  /** Tells that the reader of stdout or stderr has gone (`| head`). Returns the function that ends the telling. */
  readonly onBrokenPipe: (listener: () => void) => () => void;
  /** Runs when the process ends, however it ends short of a kill. Returns the function that takes it back. */
  readonly onExit: (listener: () => void) => () => void;
  /** Ends the process at once. */
  readonly exit: (code: number) => void;
}

/** Whether a program and no person is at the other end, even where it has given us a terminal. */
export function isAutomated(environment: Shell['environment']): boolean {
  return AUTOMATION_VARIABLES.some((name) => {
    const value = environment[name];
    return value !== undefined && value !== '' && value !== '0' && value !== 'false';
  });
}

// What CI systems and coding agents set in the environment of the commands they run.
const AUTOMATION_VARIABLES = [
  'CI',
  'AI_AGENT',
  'CLAUDECODE',
  'CURSOR_AGENT',
  'CODEX_SANDBOX',
  'GEMINI_CLI',
  'OPENCODE',
  'COPILOT_CLI',
  'AUGMENT_AGENT',
  'REPL_ID',
];

/** Whether a question can be asked and will be read by somebody. */
export function canAsk(shell: Shell): boolean {
  return shell.stdin.isTTY === true && shell.stderr.isTTY === true && !isAutomated(shell.environment);
}
