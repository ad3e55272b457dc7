import type { RunId } from './ids.ts';
import type { Missing, Phase, PhaseSummary, RunResult } from './run.ts';

/** What happened, as the pipeline reports it. Every view of a run's progress is drawn from these alone. */
export type RunEventBody =
  | { readonly type: 'run-started'; readonly message: string }
  /** Another process carries the run on after the one that had it was gone. */
  | { readonly type: 'run-resumed'; readonly message: string }
  | { readonly type: 'phase-started'; readonly phase: Phase; readonly message: string }
  | { readonly type: 'phase-progress'; readonly phase: Phase; readonly message: string }
  | {
      readonly type: 'phase-ended';
      readonly phase: Phase;
      readonly status: PhaseSummary['status'];
      readonly message: string;
      readonly durationMs: number;
    }
  /** With `missing`, something that was asked for is not there. */
  | {
      readonly type: 'warning';
      readonly phase: Phase;
      readonly message: string;
      readonly missing?: Missing | undefined;
    }
  /** Taking back what a failed or cancelled run had made. */
  | { readonly type: 'undo'; readonly message: string }
  /** The one terminal event of a run. */
  | { readonly type: 'run-ended'; readonly result: RunResult };

export type RunEvent = RunEventBody & {
  readonly runId: RunId;
  /** Starts at 1 and grows by 1 within a run. */
  readonly seq: number;
  /** How much of the run lies behind, 0 to 100; never goes down. */
  readonly percent: number;
  /** Unix milliseconds. */
  readonly atMs: number;
};
