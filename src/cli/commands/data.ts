import { Option, type Command } from 'commander';
import { TurboError } from '../../domain/errors.ts';
import type { SchemaFormat } from '../../turbobackend.ts';
import type { CommandContext } from '../command-context.ts';
import { parseCount } from '../parse-count.ts';
import { readWordsOrStdin } from '../read-input.ts';
import { renderTable } from '../render/table.ts';
import type { CommonFlags } from '../screen.ts';
import { LOOKING } from '../with-backend.ts';
import { withCommonFlags, type CommandRunner } from './command-runner.ts';

const MOST_ROWS = 10_000;

/** `schema`, `sql` and `receipt`. */
export function addDataCommands(program: Command, runner: CommandRunner): void {
  withCommonFlags(program.command('schema'))
    .argument('<project>', 'its name or id')
    .addOption(
      new Option('--format <format>', 'how to write it').choices(['sql', 'json', 'mermaid', 'svg']).default('sql'),
    )
    .description("print the schema of a project's database")
    .action((project: string, flags: CommonFlags & { readonly format: SchemaFormat }) =>
      runner.run(runner.screen(flags), LOOKING, (context) => schema(context, project, flags.format)),
    );
  withCommonFlags(program.command('sql'))
    .argument('<project>', 'its name or id')
    .argument('[query...]', 'one statement that reads; - reads it from standard input')
    .option('--max-rows <count>', 'print at most so many rows', parseCount(MOST_ROWS), 1000)
    .description("query a project's database, reading only")
    .action(async (project: string, words: readonly string[], flags: CommonFlags & { readonly maxRows: number }) => {
      const screen = runner.screen(flags);
      const query = await readWordsOrStdin(words, screen.shell);
      if (query === undefined) {
        throw new TurboError('USAGE', 'There is no query', {
          fix: `${screen.command} sql ${project} "select 1", or pipe one in`,
        });
      }
      await runner.run(screen, LOOKING, (context) => sql(context, project, query, flags.maxRows));
    });
  withCommonFlags(program.command('receipt'))
    .argument('<project>', 'its name or id')
    .description('tell what was verified, and how; all of it with --json')
    .action((project: string, flags: CommonFlags) =>
      runner.run(runner.screen(flags), LOOKING, (context) => receipt(context, project)),
    );
}

async function schema(context: CommandContext, project: string, format: SchemaFormat): Promise<number> {
  const text = await context.backend.schema(project, format);
  const content: unknown = format === 'json' && context.json ? JSON.parse(text) : text;
  // As it is, whatever the terminal can show: it is a file's content more than a text of ours.
  if (context.json) context.print(JSON.stringify({ project, format, content }));
  else context.print(text);
  return 0;
}

async function sql(context: CommandContext, project: string, query: string, maxRows: number): Promise<number> {
  const answer = await context.backend.sql(project, query, maxRows);
  const { stdout } = context.shell;
  const width = stdout.isTTY === true ? stdout.columns : undefined;
  context.result(answer, () => {
    const count = answer.rows.length === 1 ? '1 row' : `${answer.rows.length} rows`;
    return `${renderTable(answer.columns, answer.rows, context.out, width)}\n${context.out.paint('dim', `(${count})`)}`;
  });
  if (answer.truncated && !context.json) context.note(`There are more rows; --max-rows prints more than ${maxRows}.`);
  return 0;
}

async function receipt(context: CommandContext, project: string): Promise<number> {
  const found = await context.backend.receipt(project);
  const { columns: width } = context.shell.stdout;
  context.result(found, () => {
    const rows = found.gates.map(({ gate, status, durationMs, summary }) => [gate, status, durationMs, summary]);
    return renderTable(
      ['gate', 'status', 'ms', 'found'],
      rows,
      context.out,
      context.shell.stdout.isTTY ? width : undefined,
    );
  });
  return 0;
}
