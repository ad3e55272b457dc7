import { setTimeout as sleep } from 'node:timers/promises';
import { TurboError } from '../../domain/errors.ts';
import { randomText } from '../../domain/ids.ts';
import type { CommandResult, RunningCommand } from '../sandbox.ts';
import type { CommandState, SupervisedCommand } from './agent-protocol.ts';
import type { MachineAgent } from './machine-agent.ts';

export interface StartOptions extends SupervisedCommand {
  readonly environment?: Readonly<Record<string, string>> | undefined;
  readonly signal?: AbortSignal | undefined;
}

/** How long one question may be left open. */
const WAIT_MS = 20_000;
/** Between two questions about a command that prints all the time. */
const PAUSE_MS = 250;
const ABORT_GRACE_MS = 500;
/** As long as its supervisor waits for somebody to ask. */
const UNREACHABLE_MS = 120_000;

/** The commands of one machine; what runs is asked after for as long as the machine is there. */
export class MachineCommands {
  readonly #agent: MachineAgent;
  readonly #removed: AbortSignal;

  constructor(agent: MachineAgent, removed: AbortSignal) {
    this.#agent = agent;
    this.#removed = removed;
  }

  /** Rejects with `SANDBOX_UNAVAILABLE` when the machine stopped meanwhile, though it runs again. */
  async run(options: StartOptions): Promise<CommandResult> {
    const { signal } = options;
    if (signal?.aborted) return NOT_STARTED;
    const id = randomText(16);
    const { stops } = this.#agent;
    const abort = () => void this.#stop(id, ABORT_GRACE_MS, 0).catch(() => undefined);
    signal?.addEventListener('abort', abort, { once: true });
    try {
      let state = await this.#begin(id, options, WAIT_MS);
      while (!state.result) state = await this.#wait(id, state.version);
      if (state.result.exitCode === undefined && this.#agent.stops > stops) throw stoppedMeanwhile();
      return state.result;
    } finally {
      signal?.removeEventListener('abort', abort);
    }
  }

  async start(options: StartOptions): Promise<RunningCommand> {
    const { signal } = options;
    if (signal?.aborted)
      return { ended: Promise.resolve(NOT_STARTED), output: () => '', stop: () => Promise.resolve(NOT_STARTED) };
    const id = randomText(16);
    let state = await this.#begin(id, options, 0);
    const stop = (graceMs: number) => this.#stop(id, graceMs, Math.min(WAIT_MS, graceMs + 2000));
    const abort = () => void stop(ABORT_GRACE_MS).catch(() => undefined);
    signal?.addEventListener('abort', abort, { once: true });
    if (signal?.aborted) abort();
    const ended = this.#follow(id, state, (next) => (state = next));
    void ended.then(() => signal?.removeEventListener('abort', abort));
    return {
      ended,
      output: () => state.result?.output ?? state.output,
      async stop(graceMs = 3000) {
        // Whoever follows it hears of its end, and of the machine's.
        void stop(graceMs).catch(() => undefined);
        return ended;
      },
    };
  }

  #begin(id: string, options: StartOptions, waitMs: number): Promise<CommandState> {
    const { command, timeoutMs, keptPartBytes, limits, environment = {} } = options;
    const { runtimeVersion } = this.#agent;
    const request = { command, timeoutMs, keptPartBytes, limits, id, waitMs, runtimeVersion };
    return this.#agent.ask('run', request, environment);
  }

  #wait(id: string, version: number): Promise<CommandState> {
    return this.#agent.ask('wait', { id, version, waitMs: WAIT_MS });
  }

  #stop(id: string, graceMs: number, waitMs: number): Promise<CommandState> {
    return this.#agent.ask('stop', { id, graceMs, waitMs });
  }

  /** Tells every state up to the last. One that cannot be asked after any more has ended for us. */
  async #follow(id: string, first: CommandState, tell: (state: CommandState) => void): Promise<CommandResult> {
    let state = first;
    let heardMs = performance.now();
    while (!state.result) {
      if (this.#removed.aborted || this.#agent.lost || performance.now() - heardMs > UNREACHABLE_MS) {
        return { exitCode: undefined, timedOut: false, output: state.output, durationMs: 0 };
      }
      await sleep(PAUSE_MS, undefined, { signal: this.#removed }).catch(() => undefined);
      const asked = this.#wait(id, state.version).catch(() => undefined);
      const next = await Promise.race([asked, whenAborted(this.#removed)]);
      if (next === undefined) continue;
      heardMs = performance.now();
      state = next;
      tell(state);
    }
    return state.result;
  }
}

/** What came of the command says nothing about the command. */
function stoppedMeanwhile(): TurboError {
  return new TurboError('SANDBOX_UNAVAILABLE', 'The sandbox was stopped while a command ran in it', {
    phase: 'sandbox',
    fix: 'Run it again: the sandbox is started anew.',
  });
}

const NOT_STARTED: CommandResult = { exitCode: undefined, timedOut: false, output: '', durationMs: 0 };

function whenAborted(signal: AbortSignal): Promise<undefined> {
  return new Promise((resolve) => {
    if (signal.aborted) resolve(undefined);
    else signal.addEventListener('abort', () => resolve(undefined), { once: true });
  });
}
