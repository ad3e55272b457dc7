import { setTimeout as delay } from 'node:timers/promises';
import type { DBOS as Dbos } from '@dbos-inc/dbos-sdk';
import type { Pool } from 'pg';
import type { RunId } from '../domain/ids.ts';
import type { RunJournal, RunState } from './carry-out.ts';
import { readState } from './dbos-tables.ts';
import type { StepOutcome } from './step-outcome.ts';
import { PATIENT_WITH_DATABASES, withRetries } from '../domain/transient-failure.ts';

/** How long a step that was told to stop is waited for. */
const STOPPING_MS = 2000;

export interface DbosExecutionOptions {
  readonly dbos: typeof Dbos;
  readonly pool: Pool;
  readonly runId: RunId;
  /** Names this claim of the run; gone from its row when another process has it. */
  readonly ownerToken: string;
  readonly resumed: boolean;
}

/** One claim of a run by this process, as long as it has it. */
export class DbosExecution implements RunJournal {
  readonly runId: RunId;
  readonly resumed: boolean;
  /** Rejects when this process can no longer carry the run on: another has it, or its history does not fit. */
  readonly lost: Promise<never>;
  readonly #options: DbosExecutionOptions;
  readonly #abort = new AbortController();
  readonly #steps = new Set<Promise<unknown>>();
  #lose: (error: unknown) => void;
  #leaving = false;

  constructor(options: DbosExecutionOptions) {
    const { promise, reject } = Promise.withResolvers<never>();
    this.#options = options;
    this.runId = options.runId;
    this.resumed = options.resumed;
    this.lost = promise;
    this.#lose = reject;
  }

  get signal(): AbortSignal {
    return this.#abort.signal;
  }

  abort(reason: unknown): void {
    this.#abort.abort(reason);
  }

  /** Lets no further step begin; resolves when none goes on. A step that outlasts the grace is told to stop. */
  async park(graceMs: number): Promise<void> {
    this.#leaving = true;
    const idle = Promise.all(this.#steps);
    await Promise.race([idle, delay(graceMs, undefined, { ref: false })]);
    this.#abort.abort(new Error('This process is leaving'));
    await Promise.race([idle, delay(STOPPING_MS, undefined, { ref: false })]);
  }

  // Until DBOS has numbered the step nothing may be awaited: steps begun together keep the order of their calls.
  record(name: string, attempt: (state: RunState) => Promise<StepOutcome>): Promise<StepOutcome> {
    if (this.#leaving) return forever();
    const interrupted = Promise.withResolvers<never>();
    const effect = async (): Promise<StepOutcome> => {
      const outcome = await attempt(await this.#begin());
      if (outcome.status === 'done' || !this.#leaving) return outcome;
      // It may have failed because it was told to stop: whoever carries the run on tries it again.
      interrupted.reject(new Error('interrupted'));
      return await forever();
    };
    const recorded = this.#options.dbos.runStep(effect, { name });
    this.#countIn(Promise.race([recorded, interrupted.promise]));
    // DBOS itself rejects, not the effect. The body must not see that: it would go on to undo what is another's.
    return recorded.catch((error: unknown) => {
      this.#lose(error);
      // What goes on beside it is no longer ours either.
      this.#abort.abort(error);
      return forever();
    });
  }

  #countIn(step: Promise<unknown>): void {
    const over = step.then(ignore, ignore);
    this.#steps.add(over);
    void over.then(() => this.#steps.delete(over));
  }

  /** A process that stood still may have lost the run without knowing it. */
  async #begin(): Promise<RunState> {
    const { pool, runId, ownerToken } = this.#options;
    const state = await withRetries(PATIENT_WITH_DATABASES, () => readState(pool, runId, ownerToken));
    if (state) return state;
    throw new Error(`Run ${runId} is carried out by another process`);
  }
}

function forever(): Promise<never> {
  return new Promise<never>(() => undefined);
}

function ignore(): void {
  // Only that it is over counts.
}
