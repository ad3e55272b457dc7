import type { RunId } from '../domain/ids.ts';

/** JSON that a checkpoint can hold: ids, hashes, small records. Never a secret: checkpoints are plain text. */
export type Checkpoint =
  | null
  | boolean
  | number
  | string
  | readonly Checkpoint[]
  | { readonly [key: string]: Checkpoint };

/** What the body of a run works with. Step names are constants: replay finds a finished step's result by its place and name. */
export interface RunSteps {
  readonly runId: RunId;
  /** Aborted when the run is cancelled or its process is asked to leave. */
  readonly signal: AbortSignal;
  /** True when another process, or an earlier try of this one, already finished steps of the run. */
  readonly resumed: boolean;

  /**
   * Runs one external effect and keeps its result; on replay the result is handed out and `effect` is not called.
   * The effect must be idempotent, keyed by the run: a crash in the middle of it repeats it. Transient failures of a
   * database (connection lost, starting up) are retried.
   * Rejects with `RUN_CANCELLED` before the effect when the run was cancelled.
   */
  step<T>(name: string, effect: (signal: AbortSignal) => Promise<T>): Promise<T>;

  /**
   * Registers how to take back what the next step makes; call it BEFORE that step. Run newest first, each as a step
   * of its own with retries, when the body rejects or the run is cancelled. Must resolve when there is nothing to undo.
   */
  undo(name: string, takeBack: () => Promise<void>): void;
}

/** What a run is started with: small, plain JSON, no secret. */
export interface RunRequest {
  readonly runId: RunId;
  /** Runs of one owner share a concurrency limit. */
  readonly ownerId: string;
  /** At most one active run has a given key: the project's id. */
  readonly exclusiveKey: string;
}

/**
 * Carries a run out. Must be deterministic glue: no clock, randomness or environment outside of steps.
 * Whatever it rejects with has been undone by the time `finish` is called.
 */
export interface RunBody {
  run(steps: RunSteps): Promise<void>;
  /**
   * Called once as the last step, after everything was undone when it failed: writes the terminal event.
   * `notUndone` names the undo steps that kept failing.
   */
  finish(steps: RunSteps, outcome: RunOutcome): Promise<void>;
}

export type RunOutcome =
  | { readonly status: 'succeeded' }
  | { readonly status: 'failed' | 'cancelled'; readonly error: unknown; readonly notUndone: readonly string[] };

/** Carries runs out so that none is lost. Port: `dbos-engine.ts` (Postgres), `memory-engine.ts` (tests). */
export interface RunEngine {
  /** Starts claiming runs, at most `concurrency` at a time; with 0 it only hands in and watches. */
  start(options: { readonly concurrency: number }): Promise<void>;

  /** Hands a run in; handing the same run in again changes nothing. Rejects with `PROJECT_BUSY` when `exclusiveKey` is taken. */
  submit(request: RunRequest): Promise<void>;

  /** Asks a run to end: its signal aborts, what it made is undone. Resolves at once; unknown and ended runs are left alone. */
  cancel(runId: RunId): Promise<void>;

  /**
   * Takes over every run whose process is gone, and sees to it that ended-badly runs are undone.
   * Resolves to the ids of the runs that this engine now carries on.
   */
  takeOver(): Promise<readonly RunId[]>;

  /** Resolves when the run has ended, in whichever process. Rejects with `RUN_NOT_FOUND`. */
  ended(runId: RunId, signal?: AbortSignal): Promise<void>;

  /** Parks this process's runs at the next step boundary, hands them back for others, and lets go of the database. */
  close(): Promise<void>;
}
