import type { Command } from 'commander';
import { TurboError } from '../../domain/errors.ts';
import type { ProjectSummary } from '../../turbobackend.ts';
import type { CommandContext } from '../command-context.ts';
import { confirmRemoval } from '../confirm-removal.ts';
import { showInBrowser } from '../show-in-browser.ts';
import { describeProject, formatTime } from '../render/project.ts';
import { renderTable } from '../render/table.ts';
import { textWidth } from '../render/text.ts';
import type { CommonFlags } from '../screen.ts';
import { canAsk } from '../shell.ts';
import { LOOKING } from '../with-backend.ts';
import { withCommonFlags, type CommandRunner } from './command-runner.ts';

/** `list`, `show`, `start`, `stop`, `restart`, `rename`, `open`, `export` and `delete`. */
export function addProjectCommands(program: Command, runner: CommandRunner): void {
  withCommonFlags(program.command('list'))
    .description('list your projects')
    .action((flags: CommonFlags) => runner.run(runner.screen(flags), LOOKING, list));
  withCommonFlags(program.command('show'))
    .argument('<project>', 'its name or id')
    .description('tell all about a project')
    .action((project: string, flags: CommonFlags) =>
      runner.run(runner.screen(flags), LOOKING, (context) => show(context, project)),
    );
  withCommonFlags(program.command('start'))
    .argument('<project>', 'its name or id')
    .description('start a project that was stopped')
    .action((project: string, flags: CommonFlags) =>
      runner.run(runner.screen(flags), { work: true }, (context) => start(context, project)),
    );
  withCommonFlags(program.command('stop'))
    .argument('<project>', 'its name or id')
    .description('stop a project; its data stays')
    .action((project: string, flags: CommonFlags) =>
      runner.run(runner.screen(flags), { work: true }, (context) => stop(context, project)),
    );
  withCommonFlags(program.command('restart'))
    .argument('<project>', 'its name or id')
    .description('stop a project and start it again')
    .action((project: string, flags: CommonFlags) =>
      runner.run(runner.screen(flags), { work: true }, (context) => restart(context, project)),
    );
  withCommonFlags(program.command('rename'))
    .argument('<project>', 'its name or id')
    .argument('<name>', 'lower-case letters, digits and dashes')
    .description('give a project another name')
    .action((project: string, name: string, flags: CommonFlags) =>
      runner.run(runner.screen(flags), { work: true }, (context) => rename(context, project, name)),
    );
  withCommonFlags(program.command('open'))
    .argument('<project>', 'its name or id')
    .description("show a project's API documentation in the browser")
    .action((project: string, flags: CommonFlags) =>
      runner.run(runner.screen(flags), LOOKING, (context) => open(context, project)),
    );
  withCommonFlags(program.command('export'))
    .argument('<project>', 'its name or id')
    .argument('<dir>', 'a folder that does not exist or is empty')
    .description("write a project's source code into a folder")
    .action((project: string, directory: string, flags: CommonFlags) =>
      runner.run(runner.screen(flags), { work: true }, (context) => exportSource(context, project, directory)),
    );
  addDeleteCommand(program, runner);
}

function addDeleteCommand(program: Command, runner: CommandRunner): void {
  withCommonFlags(program.command('delete'))
    .argument('<project>', 'its name or id')
    .option('-y, --yes', 'delete without asking')
    .description('delete a project with its data and code')
    .action(async (project: string, flags: CommonFlags & { readonly yes?: boolean }) => {
      const screen = runner.screen(flags);
      if (flags.yes !== true && (screen.json || !canAsk(screen.shell))) {
        throw new TurboError('CONFIRMATION_NEEDED', `Deleting ${project} cannot be undone and has to be confirmed`, {
          fix: `${screen.command} delete ${project} --yes`,
        });
      }
      await runner.run(screen, { work: true }, (context) => remove(context, project, flags.yes === true));
    });
}

async function list(context: CommandContext): Promise<number> {
  const projects = await context.backend.list();
  context.result({ projects }, () =>
    projects.length === 0
      ? `No projects yet. Create one: ${context.command} "a REST API for a blog with users, posts and comments"`
      : projectTable(projects, context),
  );
  return 0;
}

function projectTable(projects: readonly ProjectSummary[], { out, shell, command }: CommandContext): string {
  const width = shell.stdout.isTTY === true ? shell.stdout.columns : undefined;
  const columns = LIST_COLUMNS.slice(0, columnsThatFit(projects, width));
  const rows = projects.map((project) => columns.map(([, textOf]) => textOf(project)));
  const headings = columns.map(([heading]) => heading);
  const table = renderTable(headings, rows, out, width);
  const isDead = projects.some(({ status }) => status === 'dead');
  return isDead ? `${table}\n\nWhat is dead should run and does not: \`${command} up\` starts it.` : table;
}

/** The most useful first: where there is little room, those at the end are left out before an address is cut. */
const LIST_COLUMNS: readonly (readonly [string, (project: ProjectSummary) => string])[] = [
  ['NAME', ({ name }) => name],
  ['STATUS', ({ status }) => status],
  ['URL', ({ url }) => url],
  ['TABLES', ({ tables }) => tables.join(', ')],
  ['CREATED', ({ createdAt }) => formatTime(createdAt)],
];

/** How far what a column may be cut to goes. */
const LEAST_TABLES_WIDTH = 12;

function columnsThatFit(projects: readonly ProjectSummary[], width = Infinity): number {
  const widths = LIST_COLUMNS.map(([heading, textOf]) =>
    Math.max(heading.length, ...projects.map((project) => textWidth(textOf(project)))),
  );
  const least = widths.map((natural, index) => (index === 3 ? Math.min(natural, LEAST_TABLES_WIDTH) : natural));
  const fits = (count: number): boolean => least.slice(0, count).reduce((sum, column) => sum + column + 2, -2) <= width;
  return fits(5) ? 5 : fits(4) ? 4 : 3;
}

async function show(context: CommandContext, project: string): Promise<number> {
  const details = await context.backend.show(project);
  context.result(details, () => describeProject(details, context.out, context.shell.environment['HOME']));
  return 0;
}

async function start(context: CommandContext, project: string): Promise<number> {
  const summary = await context.backend.start(project);
  context.result(summary, () => `${summary.name} is running at ${context.out.paint('cyan', summary.url)}`);
  return 0;
}

async function stop(context: CommandContext, project: string): Promise<number> {
  const summary = await context.backend.stop(project);
  context.result(summary, () => `${summary.name} is stopped. Its data stays: ${context.command} start ${summary.name}`);
  return 0;
}

async function restart(context: CommandContext, project: string): Promise<number> {
  const summary = await context.backend.restart(project);
  context.result(summary, () => `${summary.name} is running at ${context.out.paint('cyan', summary.url)}`);
  return 0;
}

async function rename(context: CommandContext, project: string, name: string): Promise<number> {
  const summary = await context.backend.rename(project, name);
  context.result(summary, () => `${project} is now called ${summary.name}`);
  return 0;
}

/** The address is printed in any case: a machine without a display may be looked at from another. */
async function open(context: CommandContext, project: string): Promise<number> {
  const { docsUrl, name, status } = await context.backend.show(project);
  if (docsUrl === '')
    throw new TurboError('NOT_FOUND', `${name} has no address yet`, { fix: 'Wait for its run to end.' });
  if (status === 'stopped') context.note(`${name} is stopped: ${context.command} start ${name} starts it.`);
  const isShown = status !== 'stopped' && !context.json && (await showInBrowser(docsUrl, context.shell.environment));
  context.result({ url: docsUrl, opened: isShown }, () => docsUrl);
  return 0;
}

async function exportSource(context: CommandContext, project: string, directory: string): Promise<number> {
  const files = await context.backend.export(project, directory);
  context.result({ project, directory, files }, () => `Wrote ${files} files to ${directory}`);
  return 0;
}

async function remove(context: CommandContext, project: string, confirmed: boolean): Promise<number> {
  const { name, database } = await context.backend.show(project);
  if (!confirmed) await confirmRemoval(context, name, database?.name);
  const removed = await context.backend.remove(project);
  context.result({ project: name, removed }, () =>
    [`Deleted ${name}`, ...removed.map((line) => `  ${line}`)].join('\n'),
  );
  return 0;
}
