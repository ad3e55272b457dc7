import { type FailureCode, FAILURES, TurboError } from '../domain/errors.ts';
import { PHASES, type Phase } from '../domain/run.ts';
import type { Checkpoint } from './run-engine.ts';

/** What came of a step, as a checkpoint holds it. */
export type StepOutcome =
  | { readonly status: 'done'; readonly value?: Checkpoint }
  | { readonly status: 'failed'; readonly failure: RecordedFailure };

/** An error as JSON, its causes included; what it was made of besides is lost. */
interface RecordedFailure {
  readonly name: string;
  readonly message: string;
  readonly stack?: string;
  readonly code?: string;
  readonly fix?: string;
  readonly phase?: string;
  readonly cause?: RecordedFailure;
}

/** Causes of causes beyond this many are not worth a row's room. */
const MAX_CAUSES = 4;

/** The outcome as every later replay will see it: what JSON cannot hold is lost now, not only after a crash. */
export function doneWith(value: unknown): StepOutcome {
  if (value === undefined) return { status: 'done' };
  return { status: 'done', value: JSON.parse(JSON.stringify(value)) as Checkpoint };
}

export function failedWith(error: unknown): StepOutcome {
  return { status: 'failed', failure: toFailure(error, MAX_CAUSES) };
}

/** The error that a recorded failure stands for: a TurboError with its code, message, fix and phase, or an Error. */
export function toError(failure: RecordedFailure): Error {
  const cause = failure.cause && toError(failure.cause);
  if (failure.name === 'TurboError' && isFailureCode(failure.code)) {
    return new TurboError(failure.code, failure.message, { cause, fix: failure.fix, phase: toPhase(failure.phase) });
  }
  const error = new Error(failure.message, { cause });
  error.name = failure.name;
  if (failure.stack) error.stack = failure.stack;
  return failure.code === undefined ? error : Object.assign(error, { code: failure.code });
}

function toFailure(error: unknown, causesLeft: number): RecordedFailure {
  if (!(error instanceof Error)) return { name: 'Error', message: String(error) };
  const { code, fix, phase } = error as Error & { code?: unknown; fix?: unknown; phase?: unknown };
  return {
    name: error.name,
    message: error.message,
    ...(error.stack && { stack: error.stack.slice(0, 2000) }),
    ...(typeof code === 'string' && { code }),
    ...(typeof fix === 'string' && { fix }),
    ...(typeof phase === 'string' && { phase }),
    ...(error.cause !== undefined && causesLeft > 0 && { cause: toFailure(error.cause, causesLeft - 1) }),
  };
}

function isFailureCode(code: string | undefined): code is FailureCode {
  return code !== undefined && Object.hasOwn(FAILURES, code);
}

function toPhase(phase: string | undefined): Phase | undefined {
  return PHASES.find((known) => known === phase);
}
