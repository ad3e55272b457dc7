import { isDatabaseAway } from '../domain/database-away.ts';
import { isDiskFull } from '../domain/disk-full.ts';
import { TurboError } from '../domain/errors.ts';
import type { RunId } from '../domain/ids.ts';
import type { RunBody, RunOutcome, RunSteps } from './run-engine.ts';
import { doneWith, failedWith, type StepOutcome, toError } from './step-outcome.ts';
import {
  BRIEF_WITH_A_FULL_DISK,
  PATIENT_WITH_DATABASES,
  withRetries,
  type RetryPolicy,
} from '../domain/transient-failure.ts';

/** How much of a run is still carried out: the steps are refused from 1, the undo steps as well from 2. */
export type Refusal = 0 | 1 | 2;

/** What holds for a run when a step of it is about to begin. */
export interface RunState {
  readonly cancelled: boolean;
  readonly refusal: Refusal;
}

/** What an engine keeps of one run: the outcomes of its steps by their place and name. */
export interface RunJournal {
  readonly runId: RunId;
  readonly resumed: boolean;
  readonly signal: AbortSignal;
  /** Hands out what is recorded at this place, or has the step attempted and records what came of it. */
  record(name: string, attempt: (state: RunState) => Promise<StepOutcome>): Promise<StepOutcome>;
}

interface Undo {
  readonly name: string;
  readonly takeBack: () => Promise<void>;
}

/** What cannot be undone for another reason than a database that is away gets a few more tries. */
const UNDO_RETRIES = { attempts: 4, firstWaitMs: 200, maxWaitMs: 5000, retries: () => true };

/** Rejected with by what the body did between steps, when only a database was away: the run itself has not failed. */
export class InterruptedRun extends Error {}

/**
 * Carries a run out from its journal: the body, then, when it rejects or was cancelled, what takes back its effects,
 * newest first, then the body's `finish`. Everything that decides the way is in the journal, so that another process
 * repeats it to the same place. A step that goes on for `overdueMs` after the run was cancelled is not waited for.
 * Rejects with `InterruptedRun` when the run has to be tried again.
 */
export async function carryOut(body: RunBody, journal: RunJournal, patience: Patience = {}): Promise<void> {
  const { overdueMs = 60_000, fullDisk = BRIEF_WITH_A_FULL_DISK } = patience;
  const pass = new RunPass(journal, overdueMs, fullDisk);
  const end = await pass.run(body);
  const outcome: RunOutcome = end.status === 'succeeded' ? end : { ...end, notUndone: await pass.takeBackAll() };
  const finished = await journal.record('finish', () =>
    attempt(() => pass.untilThereIsRoom(() => body.finish(insideAStep(journal), outcome))),
  );
  if (finished.status === 'failed') throw toError(finished.failure);
}

export interface Patience {
  /** Default: a minute. */
  readonly overdueMs?: number | undefined;
  /** How long a step waits for room on the disk. Default: a few seconds. */
  readonly fullDisk?: RetryPolicy | undefined;
}

type BodyEnd = { readonly status: 'succeeded' } | { readonly status: 'failed' | 'cancelled'; readonly error: unknown };

/** One pass through a run's body, from its first step. */
class RunPass implements RunSteps {
  readonly runId: RunId;
  readonly signal: AbortSignal;
  readonly resumed: boolean;
  readonly #journal: RunJournal;
  readonly #overdueMs: number;
  readonly #fullDisk: RetryPolicy;
  readonly #undos: Undo[] = [];
  /** The errors that came out of the journal. */
  readonly #recorded = new Set<unknown>();
  #refusedWith: Error | undefined;

  constructor(journal: RunJournal, overdueMs: number, fullDisk: RetryPolicy) {
    this.#journal = journal;
    this.#overdueMs = overdueMs;
    this.#fullDisk = fullDisk;
    this.runId = journal.runId;
    this.signal = journal.signal;
    this.resumed = journal.resumed;
  }

  async step<T>(name: string, effect: (signal: AbortSignal) => Promise<T>): Promise<T> {
    const outcome = await this.#journal.record(name, (state) =>
      attempt(async () => {
        refuse(state, this.runId);
        const trying = this.untilThereIsRoom(() => effect(this.signal), this.signal);
        return await this.#unlessOverdue(trying).catch((error: unknown) => {
          throw cancelled(this.signal) ?? error;
        });
      }),
    );
    if (outcome.status === 'done') return outcome.value as T;
    const error = toError(outcome.failure);
    this.#recorded.add(error);
    if (isRefusal(error)) this.#refusedWith ??= error;
    throw error;
  }

  undo(name: string, takeBack: () => Promise<void>): void {
    this.#undos.push({ name, takeBack });
  }

  async run(body: RunBody): Promise<BodyEnd> {
    try {
      await body.run(this);
    } catch (error) {
      if (this.#refusedWith === undefined && this.#isInterruption(error)) {
        throw new InterruptedRun(`Run ${this.runId} was interrupted`, { cause: error });
      }
      return this.#endedBy(error);
    }
    // A body that goes on after a step was refused has not done what it says.
    return this.#refusedWith ? this.#endedBy(this.#refusedWith) : { status: 'succeeded' };
  }

  /** Resolves to the names of those that kept failing. */
  async takeBackAll(): Promise<readonly string[]> {
    const notUndone: string[] = [];
    for (const { name, takeBack } of this.#undos.toReversed()) {
      const outcome = await this.#journal.record(`undo ${name}`, ({ refusal }) =>
        attempt(async () => {
          if (refusal >= 2) throw givenUp(this.runId);
          await withRetries(UNDO_RETRIES, () => this.untilThereIsRoom(takeBack));
        }),
      );
      if (outcome.status === 'failed') notUndone.push(name);
    }
    return notUndone;
  }

  /** Repeats what only a full disk, or a database that is away, keeps from being done. */
  untilThereIsRoom<T>(work: () => Promise<T>, signal?: AbortSignal): Promise<T> {
    return withRetries(this.#fullDisk, () => withRetries(PATIENT_WITH_DATABASES, work, signal), signal);
  }

  /** Undoing cannot wait for ever for a step that does not heed its signal. */
  async #unlessOverdue<T>(step: Promise<T>): Promise<T> {
    const { promise: overdue, reject } = Promise.withResolvers<never>();
    let timer: NodeJS.Timeout | undefined;
    const wait = (): void => {
      timer = setTimeout(() => reject(this.signal.reason), this.#overdueMs);
    };
    if (this.signal.aborted) wait();
    this.signal.addEventListener('abort', wait, { once: true });
    try {
      return await Promise.race([step, overdue]);
    } finally {
      this.signal.removeEventListener('abort', wait);
      clearTimeout(timer);
    }
  }

  #endedBy(error: unknown): BodyEnd {
    const refusedWith = this.#refusedWith;
    if (refusedWith) return { status: isCancellation(refusedWith) ? 'cancelled' : 'failed', error: refusedWith };
    return { status: isCancellation(error) ? 'cancelled' : 'failed', error };
  }

  /** A step that gave up on a database has failed for good; what failed outside of steps has not been tried again. */
  #isInterruption(error: unknown): boolean {
    for (let inner = error; inner instanceof Error; inner = inner.cause) if (this.#recorded.has(inner)) return false;
    return isDatabaseAway(error) || isDiskFull(error);
  }
}

/** `finish` is a step of its own, so what it calls steps are parts of that one. */
function insideAStep({ runId, resumed }: RunJournal): RunSteps {
  const { signal } = new AbortController();
  return { runId, resumed, signal, step: (_name, effect) => effect(signal), undo: () => undefined };
}

async function attempt(effect: () => Promise<unknown>): Promise<StepOutcome> {
  try {
    return doneWith(await effect());
  } catch (error) {
    return failedWith(error);
  }
}

function refuse(state: RunState, runId: RunId): void {
  if (state.refusal >= 1) throw givenUp(runId);
  if (state.cancelled) throw runCancelled(runId);
}

function givenUp(runId: RunId): TurboError {
  return new TurboError(
    'RUN_GIVEN_UP',
    `Each process that carried out ${runId} ended before it did, so it was given up`,
    {
      fix: 'Run the same prompt again; if it ends like this again, see what ends the process: too little memory, most often.',
    },
  );
}

/** What a run's signal is aborted with when the run is cancelled. */
export function runCancelled(runId: RunId): TurboError {
  return new TurboError('RUN_CANCELLED', `Run ${runId} was cancelled`);
}

function cancelled(signal: AbortSignal): TurboError | undefined {
  return signal.aborted && isCancellation(signal.reason) ? signal.reason : undefined;
}

function isRefusal(error: unknown): boolean {
  return error instanceof TurboError && (error.code === 'RUN_CANCELLED' || error.code === 'RUN_GIVEN_UP');
}

function isCancellation(error: unknown): error is TurboError {
  return error instanceof TurboError && error.code === 'RUN_CANCELLED';
}
