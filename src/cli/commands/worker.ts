import { setTimeout as delay } from 'node:timers/promises';
import type { Command } from 'commander';
import type { RunId } from '../../domain/ids.ts';
import { describeEnd } from '../carry-on.ts';
import type { CommandContext } from '../command-context.ts';
import { followRun } from '../follow-run.ts';
import { parseCount } from '../parse-count.ts';
import { silentProgress } from '../render/progress.ts';
import { oneLine } from '../render/text.ts';
import type { CommonFlags } from '../screen.ts';
import { withCommonFlags, type CommandRunner } from './command-runner.ts';

const MOST_RUNS = 64;
const POLL_MS = 500;

export function addWorkerCommand(program: Command, runner: CommandRunner): void {
  withCommonFlags(program.command('worker'))
    .option('--concurrency <count>', 'carry at most so many runs at once', parseCount(MOST_RUNS))
    .description('carry out runs until it is told to stop')
    .action((flags: CommonFlags & { readonly concurrency?: number }) => {
      const settings = { TURBOBACKEND_MAX_RUNS: flags.concurrency?.toString() };
      return runner.run(runner.screen(flags), { work: true, settings, own: 'every', service: true } as const, work);
    });
}

/** A line when a run is taken and one when it has ended. Only an interruption ends it. */
async function work(context: CommandContext): Promise<never> {
  const { signal } = context.interrupts;
  const taken = new Set<RunId>();
  context.note('Waiting for runs. Ctrl-C or SIGTERM stops; what is under way is carried on by another process.');
  for (;;) {
    for (const runId of context.backend.resumed) {
      if (taken.has(runId)) continue;
      taken.add(runId);
      carry(context, runId).catch((error: unknown) => {
        if (!signal.aborted) context.note(`${runId}: ${error instanceof Error ? error.message : String(error)}`);
      });
    }
    await delay(POLL_MS, undefined, { signal });
  }
}

async function carry(context: CommandContext, runId: RunId): Promise<void> {
  const { run } = await context.backend.showRun(runId);
  context.result({ type: 'taken', runId, prompt: run.prompt }, () => `${runId} taken: "${oneLine(run.prompt)}"`);
  const result = await followRun(context, runId, silentProgress(context.note));
  context.result(result, () => `${runId} ${describeEnd(result, { ...context, err: context.out })}`);
}
