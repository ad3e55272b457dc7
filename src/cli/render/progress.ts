import type { RunEvent } from '../../domain/run-event.ts';

/** A view of one run's events while it goes on; each of the three outputs is one. */
export interface Progress {
  show(event: RunEvent): void;
  /** A line of ours about the run, such as what a Ctrl-C does. */
  note(text: string): void;
  /** Leaves the last state standing. Safe to call twice. */
  end(): void;
}

/** Says nothing of the run; what is left to say is said by `note`. */
export function silentProgress(note: (text: string) => void): Progress {
  return { show: () => undefined, note, end: () => undefined };
}

/** What is told about a run before its first event. */
export interface RunTitle {
  readonly version: string;
  /** «creating blog», «watching run_…» */
  readonly doing: string;
  /** «planner: built-in», «database: embedded» */
  readonly facts: readonly string[];
  /** What Ctrl-C does meanwhile. */
  readonly hint: string;
}
