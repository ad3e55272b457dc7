import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import type { Writable } from 'node:stream';
import { setTimeout as sleep } from 'node:timers/promises';
import { TurboError } from '../domain/errors.ts';
import { randomText } from '../domain/ids.ts';
import { findProcesses, isRunning, markProcess, signalProcess, type ProcessMark } from './host-process.ts';
import { OutputWindow } from './output-window.ts';

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

export interface CommandSetting {
  readonly directory: string;
  /** All that the command sees. */
  readonly environment: Readonly<Record<string, string>>;
  /** Whom it runs as, when we are root. */
  readonly uid: number | undefined;
  readonly timeoutMs?: number | undefined;
  readonly signal?: AbortSignal | undefined;
  /** How much of the beginning, and how much of the end, of the output is kept. Default: 16 KB. */
  readonly keptPartBytes?: number | undefined;
  /**
   * For a command that starts with a launcher: the launcher sees next to no environment, and is handed this text, which
   * has the environment of what it becomes, as its file 3.
   */
  readonly handOver?: ((environment: Readonly<Record<string, string>>) => string) | undefined;
}

/** Names the command in the environment of all it starts, so that they are found when they left its process group. */
export const COMMAND_VARIABLE = 'TURBOBACKEND_COMMAND';

const KEPT_PART_BYTES = 16 * 1024;
const MOST_OUTPUT_BYTES = 8 * 1024 * 1024;
const GRACE_MS = 500;
// Output that was written before the end is still on its way; who holds the pipe open longer is not waited for.
const LAST_OUTPUT_MS = 50;

/**
 * Starts a program in a process group of its own. A program that cannot be found or started is a command that failed
 * with 127 or 126, as in a shell. Rejects with `SANDBOX_UNAVAILABLE` when the machine refuses to start anything.
 */
export async function startCommand(command: readonly string[], setting: CommandSetting): Promise<RunningCommand> {
  const startedMs = performance.now();
  if (setting.signal?.aborted) return endedCommand({ exitCode: undefined, output: '' }, startedMs);
  const id = await newCommandId();
  try {
    const child = spawnGroup(command, id, setting);
    await once(child, 'spawn');
    return new CommandProcess(child, id, startedMs, setting);
  } catch (cause) {
    const output = `${command[0] ?? ''}: ${(cause as Error).message}\n`;
    const exitCode = exitCodeOf(cause as NodeJS.ErrnoException);
    if (exitCode !== undefined) return endedCommand({ exitCode, output }, startedMs);
    throw new TurboError('SANDBOX_UNAVAILABLE', `Could not start ${command[0] ?? 'a command'}`, { cause });
  }
}

/** Whether the process of ours that started the command with this id is gone, so that nobody will end it. */
export async function isOrphaned(commandId: string): Promise<boolean> {
  const [, pid, started = ''] = commandId.split('@');
  return !(await isRunning({ pid: Number(pid), started }));
}

class CommandProcess implements RunningCommand {
  readonly ended: Promise<CommandResult>;
  readonly #child: ChildProcess;
  readonly #window: OutputWindow;
  readonly #timers: NodeJS.Timeout[] = [];
  #note = '';
  #timedOut = false;

  constructor(child: ChildProcess, id: string, startedMs: number, setting: CommandSetting) {
    this.#child = child;
    this.#window = new OutputWindow(setting.keptPartBytes ?? KEPT_PART_BYTES);
    for (const stream of [child.stdout, child.stderr]) stream?.on('data', (chunk: Buffer) => this.#take(chunk));
    const abort = () => this.#end(GRACE_MS);
    setting.signal?.addEventListener('abort', abort, { once: true });
    if (setting.timeoutMs !== undefined) this.#timers.push(setTimeout(() => this.#expire(), setting.timeoutMs));
    this.ended = new Promise((resolve) => {
      child.once('exit', (exitCode) => {
        setting.signal?.removeEventListener('abort', abort);
        void this.#finish(id).then(() =>
          resolve({
            exitCode: exitCode ?? undefined,
            timedOut: this.#timedOut,
            output: this.output(),
            durationMs: Math.round(performance.now() - startedMs),
          }),
        );
      });
    });
  }

  output(): string {
    return this.#window.text() + this.#note;
  }

  stop(graceMs = 3000): Promise<CommandResult> {
    this.#end(graceMs);
    return this.ended;
  }

  #take(chunk: Buffer): void {
    this.#window.add(chunk);
    if (this.#window.totalBytes <= MOST_OUTPUT_BYTES || this.#note !== '') return;
    this.#note = `\n… stopped: more than ${MOST_OUTPUT_BYTES} bytes of output …\n`;
    this.#end(GRACE_MS);
  }

  #expire(): void {
    this.#timedOut = true;
    this.#end(GRACE_MS);
  }

  #end(graceMs: number): void {
    if (this.#child.exitCode !== null || this.#child.signalCode !== null) return;
    this.#signalGroup('SIGTERM');
    this.#timers.push(setTimeout(() => this.#signalGroup('SIGKILL'), graceMs));
  }

  /** Sees to it that nothing the command started is left, and that its last output is in. */
  async #finish(id: string): Promise<void> {
    this.#timers.forEach(clearTimeout);
    const closed = once(this.#child, 'close');
    this.#signalGroup('SIGKILL');
    await Promise.race([closed, sleep(LAST_OUTPUT_MS)]);
    this.#child.stdout?.destroy();
    this.#child.stderr?.destroy();
    for (const { pid, value } of await findProcesses(COMMAND_VARIABLE)) if (value === id) signalProcess(pid, 'SIGKILL');
  }

  #signalGroup(signal: NodeJS.Signals): void {
    if (this.#child.pid !== undefined) signalProcess(-this.#child.pid, signal);
  }
}

function spawnGroup(command: readonly string[], id: string, setting: CommandSetting): ChildProcess {
  const [program = '', ...programArguments] = command;
  const environment = { ...setting.environment, [COMMAND_VARIABLE]: id };
  const child = spawn(program, programArguments, {
    cwd: setting.directory,
    env: setting.handOver === undefined ? environment : namesOnly(environment),
    // The group has the uid's number, and no other group of ours comes along.
    ...(setting.uid === undefined ? {} : { uid: setting.uid, gid: setting.uid }),
    detached: true,
    stdio: ['ignore', 'pipe', 'pipe', ...(setting.handOver === undefined ? [] : (['pipe'] as const))],
  });
  if (setting.handOver !== undefined) handOver(child, setting.handOver(environment));
  return child;
}

/** What the command is found by while the launcher has not become it yet. */
function namesOnly(environment: Readonly<Record<string, string>>): Record<string, string> {
  return Object.fromEntries(Object.entries(environment).filter(([name]) => ['HOME', COMMAND_VARIABLE].includes(name)));
}

function handOver(child: ChildProcess, text: string): void {
  const pipe = child.stdio[3] as Writable | null;
  // A launcher that has ended says so by its exit code.
  pipe?.on('error', () => undefined);
  pipe?.end(text);
}

async function newCommandId(): Promise<string> {
  const { pid, started } = (await markProcess(process.pid)) as ProcessMark;
  return `${randomText(12)}@${pid}@${started}`;
}

function exitCodeOf({ code = '' }: NodeJS.ErrnoException): number | undefined {
  if (['ENOENT', 'ENOTDIR', 'ERR_INVALID_ARG_VALUE'].includes(code)) return 127;
  return ['EACCES', 'ENOEXEC'].includes(code) ? 126 : undefined;
}

function endedCommand(outcome: Pick<CommandResult, 'exitCode' | 'output'>, startedMs: number): RunningCommand {
  const result = { ...outcome, timedOut: false, durationMs: Math.round(performance.now() - startedMs) };
  const ended = Promise.resolve(result);
  return { ended, output: () => result.output, stop: () => ended };
}
