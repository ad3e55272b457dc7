import type { RunId } from '../domain/ids.ts';
import type { RunResult } from '../domain/run.ts';
import type { CommandContext } from './command-context.ts';
import { followRun } from './follow-run.ts';
import { plainLine } from './render/plain-progress.ts';
import type { Progress } from './render/progress.ts';
import { firstLine, formatDuration, oneLine } from './render/text.ts';
import type { Screen } from './screen.ts';

/** Follows the runs that this process took over to their end, all but those that the command follows itself. */
export async function carryOn(context: CommandContext, own: RunId | 'every' | undefined): Promise<void> {
  const runIds = own === 'every' ? [] : context.backend.resumed.filter((runId) => runId !== own);
  if (runIds.length === 0) return;
  const { paint, marks } = context.err;
  const what = runIds.length === 1 ? 'a run that was interrupted' : `${runIds.length} runs that were interrupted`;
  context.note(`${paint('yellow', marks.warned)} Carrying on ${what}`);
  const note = (): void => context.note('  Let go: the next turbobackend command or a worker carries on.');
  await context.interrupts.whileCarrying({ park: note, leave: note }, async () => {
    for (const runId of runIds) {
      // Its trouble is not the command's: that one still gets its turn.
      await carryOnRun(context, runId).catch((error: unknown) => {
        context.interrupts.signal.throwIfAborted();
        context.note(
          `  ${paint('red', marks.failed)} ${oneLine(error instanceof Error ? error.message : String(error))}`,
        );
      });
    }
  });
}

async function carryOnRun(context: CommandContext, runId: RunId): Promise<void> {
  const { run, result, events } = await context.backend.showRun(runId);
  context.note(`  ${runId}  ${context.err.paint('dim', `"${oneLine(run.prompt)}"`)}`);
  const ended = result ?? (await followRun(context, runId, notesOf(context), events.at(-1)?.seq));
  context.note(`  ${describeEnd(ended, context)}`);
}

/** What happened from here on, indented under the run. Also with --json, where stdout belongs to the command. */
function notesOf(screen: Screen): Progress {
  return {
    show: (event) => {
      const line = plainLine(event);
      if (line !== undefined && !screen.quiet) screen.note(screen.err.paint('dim', `    ${line}`));
    },
    note: screen.note,
    end: () => undefined,
  };
}

/** One line: what became of a run. */
export function describeEnd(result: RunResult, { err: { paint, marks } }: Screen): string {
  switch (result.status) {
    case 'succeeded':
      if (result.missing.length > 0) {
        return `${paint('yellow', marks.warned)} ${result.name} is up at ${result.url}, and lacks: ${result.missing.map(({ what }) => firstLine(what)).join('; ')}`;
      }
      return `${paint('green', marks.ok)} ${result.name} is running at ${result.url} (${formatDuration(result.durationMs)})`;
    case 'cancelled':
      return `${paint('yellow', marks.warned)} ${result.name} was cancelled; what its run had made was taken back`;
    case 'failed':
      return `${paint('red', marks.failed)} ${result.name} failed: ${firstLine(result.error?.message ?? '')}`;
  }
}
