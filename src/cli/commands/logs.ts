import { setTimeout as delay } from 'node:timers/promises';
import { stripVTControlCharacters } from 'node:util';
import type { Command } from 'commander';
import type { CommandContext } from '../command-context.ts';
import { parseCount } from '../parse-count.ts';
import type { CommonFlags } from '../screen.ts';
import { withCommonFlags, type CommandRunner } from './command-runner.ts';

const MOST_LINES = 10_000;
/** How many lines at the log's end are compared to find the new ones; more than that within a poll are lost. */
const WINDOW_LINES = 2000;
const POLL_MS = 500;

interface LogsFlags extends CommonFlags {
  readonly lines: number;
  readonly follow?: boolean;
}

export function addLogsCommand(program: Command, runner: CommandRunner): void {
  withCommonFlags(program.command('logs'))
    .argument('<project>', 'its name or id')
    .option('-n, --lines <count>', 'how many lines', parseCount(MOST_LINES), 100)
    .option('-f, --follow', 'go on with what is logged from now on')
    .description('print what a project logged')
    .action((project: string, flags: LogsFlags) =>
      runner.run(runner.screen(flags), { work: true }, (context) => logs(context, project, flags)),
    );
}

async function logs(context: CommandContext, project: string, flags: LogsFlags): Promise<number> {
  if (flags.follow) return follow(context, project, flags.lines);
  const lines = await context.backend.logs(project, flags.lines);
  if (context.json) context.print(JSON.stringify({ project, lines }));
  else for (const line of lines) printLine(context, line);
  return 0;
}

/** Prints the log as it grows, until it is interrupted. */
async function follow(context: CommandContext, project: string, lines: number): Promise<never> {
  const { signal } = context.interrupts;
  let window = await context.backend.logs(project, Math.max(lines, WINDOW_LINES));
  for (const line of window.slice(-lines)) printLine(context, line);
  for (;;) {
    await delay(POLL_MS, undefined, { signal });
    const next = await context.backend.logs(project, Math.max(lines, WINDOW_LINES));
    signal.throwIfAborted();
    for (const line of linesAfter(window, next)) printLine(context, line);
    window = next;
  }
}

function printLine({ json, shell, print }: CommandContext, line: string): void {
  if (json) print(JSON.stringify({ type: 'log', line }));
  else print(shell.stdout.isTTY === true ? stripVTControlCharacters(line) : line);
}

/** The lines by which the end of a log has moved on: those of `next` behind the longest end of `previous` it starts with. */
export function linesAfter(previous: readonly string[], next: readonly string[]): readonly string[] {
  for (let shift = 0; shift < previous.length; shift += 1) {
    const kept = previous.length - shift;
    if (kept <= next.length && previous.slice(shift).every((line, index) => line === next[index])) {
      return next.slice(kept);
    }
  }
  return next;
}
