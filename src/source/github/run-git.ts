import { spawn } from 'node:child_process';

export interface GitResult {
  /** Undefined when the time was up, or there is no such program. */
  readonly exitCode: number | undefined;
  readonly timedOut: boolean;
  readonly stdout: string;
  readonly stderr: string;
}

export interface GitRun {
  readonly program: string;
  readonly gitArguments: readonly string[];
  /** An existing folder. */
  readonly cwd: string;
  /** All that it sees of an environment beside PATH and what keeps it from asking and from reading settings. */
  readonly environment?: Readonly<Record<string, string>>;
  /** Settings of this one run, by the environment, where no list of processes shows them. */
  readonly settings?: readonly (readonly [name: string, value: string])[];
  readonly timeoutMs: number;
}

const LONGEST_OUTPUT = 64 * 1024;

/** Nothing of the machine's, the user's or the repository's settings runs a program or sends anything elsewhere. */
const HARDENED: NonNullable<GitRun['settings']> = [
  ['core.hooksPath', '/dev/null'],
  ['core.fsmonitor', 'false'],
  ['core.askPass', ''],
  ['credential.helper', ''],
  ['gc.auto', '0'],
  ['maintenance.auto', 'false'],
  ['fetch.recurseSubmodules', 'false'],
  ['push.recurseSubmodules', 'no'],
  ['push.gpgSign', 'false'],
  ['protocol.allow', 'never'],
  ['http.followRedirects', 'false'],
];

/** Runs git to its end, with all that it started; never rejects. */
export function runGit(run: GitRun): Promise<GitResult> {
  const { promise, resolve } = Promise.withResolvers<GitResult>();
  const child = spawn(run.program, run.gitArguments, {
    cwd: run.cwd,
    env: environmentOf(run),
    stdio: ['ignore', 'pipe', 'pipe'],
    // A group of its own, so that its transport ends with it.
    detached: true,
  });
  let timedOut = false;
  const timer = setTimeout(() => {
    timedOut = true;
    killGroup(child.pid);
  }, run.timeoutMs);
  const stdout = keep(child.stdout);
  const stderr = keep(child.stderr);
  const end = (code: number | undefined): void => {
    clearTimeout(timer);
    resolve({ exitCode: timedOut ? undefined : code, timedOut, stdout: stdout(), stderr: stderr() });
  };
  child.once('error', () => end(undefined));
  child.once('close', (code) => end(code ?? undefined));
  return promise;
}

function environmentOf({ environment, settings = [] }: GitRun): Record<string, string> {
  const all = [...HARDENED, ...settings];
  return {
    PATH: '/usr/local/bin:/opt/homebrew/bin:/usr/bin:/bin',
    HOME: '/nonexistent',
    LC_ALL: 'C',
    GIT_TERMINAL_PROMPT: '0',
    GIT_CONFIG_NOSYSTEM: '1',
    GIT_CONFIG_SYSTEM: '/dev/null',
    GIT_CONFIG_GLOBAL: '/dev/null',
    GIT_ATTR_NOSYSTEM: '1',
    ...environment,
    GIT_CONFIG_COUNT: String(all.length),
    ...Object.fromEntries(
      all.flatMap(([name, value], index) => [
        [`GIT_CONFIG_KEY_${index}`, name],
        [`GIT_CONFIG_VALUE_${index}`, value],
      ]),
    ),
  };
}

function keep(stream: NodeJS.ReadableStream): () => string {
  let text = '';
  stream.setEncoding('utf8');
  stream.on('data', (chunk: string) => {
    if (text.length < LONGEST_OUTPUT) text += chunk;
  });
  return () => text;
}

function killGroup(pid: number | undefined): void {
  try {
    if (pid !== undefined) process.kill(-pid, 'SIGKILL');
  } catch {
    // It ended in this moment.
  }
}
