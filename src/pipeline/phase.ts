import { isDatabaseAway } from '../domain/database-away.ts';
import type { Missing, Phase } from '../domain/run.ts';
import { isCancellation, reportOf } from './failure-report.ts';
import type { RunContext } from './run-context.ts';

/** What a phase works with: the run's context, and the way to report from within the phase. */
export interface PhaseContext extends RunContext {
  progress(message: string): Promise<void>;
  /** For what the user has to know; the phase ends as warned. */
  warn(message: string): Promise<void>;
  /** For what the user asked for and does not get: the run ends with it. */
  lacks(missing: Missing): Promise<void>;
}

/** What came of a phase: one line for people, and what the phases after it build on. */
export interface PhaseOutcome<Result> {
  readonly summary: string;
  readonly result: Result;
}

/** What it is about to do, for people. */
type Opening<Input> = string | ((run: RunContext, input: Input) => string);

/**
 * One phase of a run. Its begin, its warnings, its end and its failure are reported around `work`, which resolves to
 * what is said at the end. A cancelled run's phase stays open: the run's own end says what happened to it. So does that of
 * a run that only its database kept from going on: it is in the same phase when it is carried on.
 */
export function phase<Input = void>(
  name: Phase,
  opening: Opening<Input>,
  work: (run: PhaseContext, input: Input) => Promise<string>,
): (run: RunContext, input: Input) => Promise<void> {
  return phaseWithResult(name, opening, async (run, input) => ({ summary: await work(run, input), result: undefined }));
}

/** A phase that later ones build on. */
export function phaseWithResult<Result, Input = void>(
  name: Phase,
  opening: Opening<Input>,
  work: (run: PhaseContext, input: Input) => Promise<PhaseOutcome<Result>>,
): (run: RunContext, input: Input) => Promise<Result> {
  return async (run, input) => {
    const context = contextOf(name, run);
    await run.report.begin(name, typeof opening === 'string' ? opening : opening(run, input));
    try {
      const { summary, result } = await work(context, input);
      await run.report.end(name, summary, context.hasWarned() ? 'warned' : 'ok');
      return result;
    } catch (error) {
      if (!isCancellation(error) && !isDatabaseAway(error))
        await run.report.end(name, reportOf(error).message, 'failed');
      throw error;
    }
  };
}

function contextOf(name: Phase, run: RunContext): PhaseContext & { hasWarned(): boolean } {
  let warned = false;
  return {
    ...run,
    hasWarned: () => warned,
    progress: (message) => run.report.progress(name, message),
    async warn(message) {
      warned = true;
      await run.report.warn(name, message);
    },
    async lacks(missing) {
      warned = true;
      await run.report.warn(name, missing.what, missing);
    },
  };
}
