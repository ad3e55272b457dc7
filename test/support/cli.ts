import { spawn, type ChildProcess } from 'node:child_process';
import { chmod, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';

const LAUNCHER = new URL('../../bin/turbobackend.mjs', import.meta.url).pathname;
const LONGEST_COMMAND_MS = 120_000;

export interface CommandEnd {
  readonly exitCode: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** A machine's state of its own, with nothing in its environment but what a fresh login has. */
export interface TestHome {
  readonly folder: string;
  run(...args: readonly string[]): Promise<CommandEnd>;
  /** Runs a command that ends with 0 and prints one JSON value. */
  json<T>(...args: readonly string[]): Promise<T>;
  /** Runs a command with a text piped into it. */
  pipe(text: string, ...args: readonly string[]): Promise<CommandEnd>;
  /** Starts a command and hands each line of its standard output out as it comes. */
  start(
    args: readonly string[],
    onLine: (line: string, child: ChildProcess) => void,
    onStart?: (child: ChildProcess) => void,
  ): Promise<CommandEnd>;
  /** The same home with other variables. */
  with(variables: Readonly<Record<string, string>>): TestHome;
  /** Stops every process of this home and removes its files. */
  close(): Promise<void>;
}

export async function openTestHome(variables: Readonly<Record<string, string>> = {}): Promise<TestHome> {
  const folder = await mkdtemp(join(tmpdir(), 'turbobackend-e2e-'));
  // As root, Postgres and the projects run as other users, who have to pass through it.
  await chmod(folder, 0o711);
  return homeIn(folder, variables);
}

function homeIn(folder: string, variables: Readonly<Record<string, string>>): TestHome {
  const env = { PATH: process.env['PATH'], HOME: folder, TURBOBACKEND_HOME: join(folder, 'state'), ...variables };
  const begin = (
    args: readonly string[],
    onLine: Parameters<TestHome['start']>[1],
    onStart?: (child: ChildProcess) => void,
    piped?: string,
  ): Promise<CommandEnd> =>
    new Promise((resolve, reject) => {
      const child = spawn(process.execPath, [LAUNCHER, ...args], {
        env,
        stdio: ['pipe', 'pipe', 'pipe'],
        timeout: LONGEST_COMMAND_MS,
        killSignal: 'SIGKILL',
      });
      onStart?.(child);
      child.stdin.end(piped);
      let stdout = '';
      let stderr = '';
      createInterface(child.stdout).on('line', (line) => {
        stdout += `${line}\n`;
        onLine(line, child);
      });
      child.stderr.on('data', (chunk: Buffer) => (stderr += chunk.toString()));
      child.on('error', reject);
      child.on('close', (exitCode) => resolve({ exitCode, stdout, stderr }));
    });
  const start: TestHome['start'] = (args, onLine, onStart) => begin(args, onLine, onStart);
  const home: TestHome = {
    folder,
    start,
    run: (...args) => start(args, () => undefined),
    pipe: (text, ...args) => begin(args, () => undefined, undefined, text),
    async json<T>(...args: readonly string[]) {
      const end = await home.run(...args, '--json');
      if (end.exitCode !== 0)
        throw new Error(`${args.join(' ')} ended with ${end.exitCode}:\n${end.stdout}${end.stderr}`);
      return JSON.parse(end.stdout) as T;
    },
    with: (others) => homeIn(folder, { ...variables, ...others }),
    async close() {
      await home.run('down');
      await rm(folder, { recursive: true, force: true });
    },
  };
  return home;
}

/** The last line of a stream of JSON lines. */
export function lastLine({ stdout }: CommandEnd): unknown {
  return JSON.parse(stdout.trimEnd().split('\n').at(-1) ?? '');
}
