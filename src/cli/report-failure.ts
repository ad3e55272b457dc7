import { inspect } from 'node:util';
import { CommanderError } from 'commander';
import { toldFailure } from '../domain/database-away.ts';
import { FAILURES, TurboError } from '../domain/errors.ts';
import type { FailureReport, RunResult } from '../domain/run.ts';
import { oneLine } from './render/text.ts';
import { COMMAND_NAMES } from './route-arguments.ts';
import type { Screen } from './screen.ts';

/** The exit code of a bug of ours, as sysexits.h has it. */
const SOFTWARE = 70;

/** Of a run whose backend runs and lacks something that was asked for. */
const INCOMPLETE = 7;

const OWN_COMMANDS = new RegExp(`turbobackend (?="|(?:${COMMAND_NAMES.join('|')})\\b)`, 'g');

/** Tells what went wrong, as JSON on stdout or in words on stderr; returns the exit code. */
export function reportFailure(error: unknown, screen: Screen): number {
  const failure = error instanceof CommanderError ? usageFailure(error) : toldFailure(error);
  const report = describe(failure);
  if (screen.json) screen.print(JSON.stringify({ type: 'error', error: report }));
  else explain(report, screen);
  if (screen.shell.environment['TURBOBACKEND_DEBUG']) screen.note(inspect(failure));
  return failure instanceof TurboError ? failure.exitCode : SOFTWARE;
}

function usageFailure(error: CommanderError): TurboError {
  const fix =
    error.code === 'commander.excessArguments'
      ? 'To create a backend from these words, put them in quotes: turbobackend "…".'
      : 'Add --help to the command to see what it takes.';
  return new TurboError('USAGE', error.message.replace(/^error: /, '').replaceAll('\n', ' '), { cause: error, fix });
}

function describe(error: unknown): FailureReport {
  if (error instanceof TurboError) return { code: error.code, message: error.message, fix: error.fix ?? '' };
  return {
    code: 'INTERNAL',
    message: 'Something broke on our side',
    fix: 'Run the command again with TURBOBACKEND_DEBUG=1 to see the details, and report them.',
  };
}

/** What stands in a schema's way is told to its end; of another message that is a report, the start. */
function linesToTell(code: string): number {
  return code.startsWith('SCHEMA_') ? Infinity : 12;
}

/** How a failed run or call reads in the terminal. Of a message that is a report, the first `lines` are told. */
export function explain(report: FailureReport, screen: Screen, lines = linesToTell(report.code)): void {
  const { paint, marks } = screen.err;
  const [first = '', ...more] = report.message.trimEnd().split('\n');
  screen.note(`${paint('red', marks.failed)} ${oneLine(first)}`);
  for (const line of more.slice(0, lines - 1)) screen.note(`  ${/^ */.exec(line)?.[0]}${oneLine(line)}`);
  if (more.length >= lines) screen.note(paint('dim', `  … ${more.length - lines + 1} more lines`));
  if (report.fix !== '') screen.note(`  ${paint('dim', 'fix:')} ${asTyped(oneLine(report.fix), screen.command)}`);
}

/** The commands in a text that all doors share, the way this user types them. */
export function asTyped(text: string, command: string): string {
  return text.replaceAll(OWN_COMMANDS, `${command} `);
}

/** What the process ends with after a run that ended like this. */
export function exitCodeOf(result: RunResult): number {
  if (result.status === 'succeeded') return result.missing.length > 0 ? INCOMPLETE : 0;
  if (result.status === 'cancelled') return FAILURES.RUN_CANCELLED.exitCode;
  const code = result.error?.code;
  return code !== undefined && isFailureCode(code) ? FAILURES[code].exitCode : 1;
}

function isFailureCode(code: string): code is keyof typeof FAILURES {
  return Object.hasOwn(FAILURES, code);
}
