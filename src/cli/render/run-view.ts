import { CHANGE_PHASES, CREATE_PHASES, type Phase, type PhaseSummary, type RunResult } from '../../domain/run.ts';
import type { RunEvent } from '../../domain/run-event.ts';

/** What the events so far say about a run: the live terminal draws this and nothing else. */
export interface RunView {
  readonly phases: readonly PhaseView[];
  /** What was taken back, in the order in which it was. */
  readonly undone: readonly string[];
  readonly percent: number;
  /** Unix milliseconds of the first event; undefined before it. */
  readonly startedAtMs: number | undefined;
  readonly result: RunResult | undefined;
}

export interface PhaseView {
  readonly phase: Phase;
  readonly status: 'pending' | 'running' | PhaseSummary['status'];
  readonly message: string;
  readonly startedAtMs: number;
  readonly durationMs: number;
  readonly warnings: readonly string[];
}

export const EMPTY_RUN_VIEW: RunView = {
  phases: CREATE_PHASES.map(pending),
  undone: [],
  percent: 0,
  startedAtMs: undefined,
  result: undefined,
};

export function applyEvent(view: RunView, event: RunEvent): RunView {
  const next = {
    ...view,
    percent: Math.max(view.percent, event.percent),
    startedAtMs: view.startedAtMs ?? event.atMs,
  };
  switch (event.type) {
    case 'run-started':
    case 'run-resumed':
      return next;
    case 'undo':
      return { ...next, undone: [...view.undone, event.message] };
    case 'run-ended':
      return { ...next, result: event.result };
    case 'phase-started':
    case 'phase-progress':
    case 'phase-ended':
    case 'warning':
      return {
        ...next,
        phases: phasesWith(view.phases, event.phase).map((phase) =>
          phase.phase === event.phase ? applyToPhase(phase, event) : phase,
        ),
      };
  }
}

/** A run that has a phase which no creation has is one on a project that exists. */
function phasesWith(phases: readonly PhaseView[], named: Phase): readonly PhaseView[] {
  return phases.some(({ phase }) => phase === named) ? phases : CHANGE_PHASES.map(pending);
}

function pending(phase: Phase): PhaseView {
  return { phase, status: 'pending', message: '', startedAtMs: 0, durationMs: 0, warnings: [] };
}

function applyToPhase(view: PhaseView, event: Extract<RunEvent, { readonly phase: Phase }>): PhaseView {
  switch (event.type) {
    // After a crash a phase starts again: its time and its warnings do, too.
    case 'phase-started':
      return { ...view, status: 'running', message: event.message, startedAtMs: event.atMs, warnings: [] };
    case 'phase-progress':
      return { ...view, message: event.message };
    case 'phase-ended':
      return { ...view, status: event.status, message: event.message, durationMs: event.durationMs };
    case 'warning':
      return { ...view, warnings: [...view.warnings, event.message] };
  }
}
