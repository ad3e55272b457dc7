import type { Command } from 'commander';
import type { RunId } from '../../domain/ids.ts';
import type { RunDetails } from '../../turbobackend.ts';
import { describeEnd } from '../carry-on.ts';
import type { CommandContext } from '../command-context.ts';
import { followRun, openProgress } from '../follow-run.ts';
import { plainLine } from '../render/plain-progress.ts';
import { silentProgress } from '../render/progress.ts';
import { formatTime } from '../render/project.ts';
import { oneLine } from '../render/text.ts';
import { exitCodeOf, explain } from '../report-failure.ts';
import type { CommonFlags } from '../screen.ts';
import { withCommonFlags, type CommandRunner } from './command-runner.ts';
import { tellEnd } from './create.ts';

/** `run watch`, `run show` and `run cancel`. */
export function addRunCommands(program: Command, runner: CommandRunner): void {
  const run = program.command('run').description('watch, show or cancel a run').usage('<watch|show|cancel> <run>');
  withCommonFlags(run.command('watch'))
    .argument('<run>', "the run's id")
    .description('follow a run to its end')
    .action((runId: RunId, flags: CommonFlags) =>
      runner.run(runner.screen(flags), { work: true, own: runId }, (context) => watch(context, runId)),
    );
  withCommonFlags(run.command('show'))
    .argument('<run>', "the run's id")
    .description('tell what happened in a run')
    .action((runId: RunId, flags: CommonFlags) =>
      runner.run(runner.screen(flags), { work: true }, (context) => show(context, runId)),
    );
  withCommonFlags(run.command('cancel'))
    .argument('<run>', "the run's id")
    .description('end a run and take back what it made')
    .action((runId: RunId, flags: CommonFlags) =>
      runner.run(runner.screen(flags), { work: true, own: runId }, (context) => cancel(context, runId)),
    );
}

/** Ends with the exit code of the run. Interrupting it ends the watching and leaves the run alone. */
async function watch(context: CommandContext, runId: RunId): Promise<number> {
  const { run } = await context.backend.showRun(runId);
  const progress = openProgress(context, {
    doing: `watching ${runId}`,
    facts: [`"${oneLine(run.prompt)}"`],
    hint: 'Ctrl-C stops watching',
  });
  const stopped = (): void =>
    progress.note(`The run goes on without us: ${context.command} run cancel ${runId} ends it.`);
  const result = await context.interrupts.whileCarrying({ park: stopped, leave: stopped }, () =>
    followRun(context, runId, progress),
  );
  if (!context.json) await tellEnd(context, result);
  return exitCodeOf(result);
}

async function show(context: CommandContext, runId: RunId): Promise<number> {
  const details = await context.backend.showRun(runId);
  context.result(details, () => describeRun(details, context));
  const error = details.result?.error;
  if (!context.json && error) explain(error, context, Infinity);
  return 0;
}

function describeRun({ run, events, result }: RunDetails, context: CommandContext): string {
  const { paint } = context.out;
  const lines = events.map(plainLine).filter((line) => line !== undefined);
  return [
    `${paint('bold', run.id)}  ${run.status}  ${paint('dim', formatTime(run.createdAt))}`,
    `"${oneLine(run.prompt)}"`,
    '',
    ...lines.map((line) => `  ${line}`),
    ...(result === undefined ? [] : ['', describeEnd(result, { ...context, err: context.out })]),
  ].join('\n');
}

/** Resolves when the run has ended: 0 when it was cancelled, by whomever; a run that had ended before stays as it is. */
async function cancel(context: CommandContext, runId: RunId): Promise<number> {
  const { result: earlier } = await context.backend.showRun(runId);
  if (earlier === undefined) await context.backend.cancel(runId);
  const result = earlier ?? (await followRun(context, runId, silentProgress(context.note)));
  context.result(result, () => describeEnd(result, { ...context, err: context.out }));
  return result.status === 'cancelled' ? 0 : 1;
}
