import { randomText, type RunId } from '../domain/ids.ts';
import type { RunResult } from '../domain/run.ts';
import type { RunBody, RunOutcome, RunSteps } from '../engine/run-engine.ts';
import { reportOf } from './failure-report.ts';
import { runChange } from './changes/run-change.ts';
import { percentOf, reportTo } from './progress.ts';
import { runProject } from './run-project.ts';
import type { RunOrder, RunPorts, RunRecords } from './run-context.ts';

/** Where a run's order and records are found when a process takes it up. */
export interface RunRegister {
  open(runId: RunId): Promise<{ readonly order: RunOrder; readonly records: RunRecords }>;
}

/** The body that the engine carries out: the phases, with every end told in the run's events. */
export function runBody(
  runs: RunRegister,
  openPorts: (runId: RunId) => Promise<RunPorts>,
  redact: (text: string) => string,
): RunBody {
  return {
    async run(steps) {
      const { order, records } = await runs.open(steps.runId);
      await records.append('run-started', 0, { type: 'run-started', message: order.prompt });
      if (steps.resumed) {
        // No constant key: a run may be carried on more than once, and each time is worth telling.
        const message = 'Carried on after the process that had it, or the database, was gone';
        await records.append(`resumed:${randomText(8)}`, 0, { type: 'run-resumed', message });
      }
      const ports = await openPorts(steps.runId);
      const run = { order, records, ports, steps: reportUndo(steps, records), report: reportTo(records) };
      await (order.change ? runChange(run) : runProject(run));
    },
    async finish(steps, outcome) {
      const { records } = await runs.open(steps.runId);
      await records.finish(outcome.status, redacted(errorOf(outcome), redact));
    },
  };
}

/** The steps, with what is undone in the run's events. */
function reportUndo(steps: RunSteps, records: RunRecords): RunSteps {
  return {
    runId: steps.runId,
    signal: steps.signal,
    resumed: steps.resumed,
    step: (name, effect) => steps.step(name, effect),
    undo: (name, takeBack) =>
      steps.undo(name, async () => {
        await takeBack();
        await records.append(`undo:${name}`, percentOf('deploy', 'over'), { type: 'undo', message: inWords(name) });
      }),
  };
}

/** `remove-sandbox` as a sentence's start: «removed the sandbox». */
function inWords(undoName: string): string {
  const [verb = ''] = undoName.split('-', 1);
  const past: Record<string, string> = {
    release: 'gave back',
    drop: 'dropped',
    remove: 'removed',
    restore: 'restored',
    reverse: 'took back',
  };
  return `${past[verb] ?? verb} ${objectOf(undoName)}`;
}

/** Of `remove-sandbox`: «the sandbox». */
function objectOf(undoName: string): string {
  return `the ${undoName.split('-').slice(1).join(' ')}`;
}

function errorOf(outcome: RunOutcome): RunResult['error'] {
  if (outcome.status === 'succeeded') return null;
  const report = outcome.status === 'cancelled' ? CANCELLED : reportOf(outcome.error);
  if (outcome.notUndone.length === 0) return report;
  const left = [...new Set(outcome.notUndone.map(objectOf))].join(', ');
  const fix = `${report.fix} \`turbobackend doctor --sweep\` shows what is left, and takes it back with --yes.`;
  const sentence = /[.!?]$/.test(report.message) ? report.message : `${report.message}.`;
  return { ...report, message: `${sentence} Not taken back: ${left}.`, fix: fix.trim() };
}

const CANCELLED = {
  code: 'RUN_CANCELLED',
  message: 'The run was cancelled; what it had made was taken back.',
  fix: 'Run the same prompt again.',
};

function redacted(report: RunResult['error'], redact: (text: string) => string): RunResult['error'] {
  return report && { ...report, message: redact(report.message) };
}
