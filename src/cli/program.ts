import { Command } from 'commander';
import type { CommandRunner } from './commands/command-runner.ts';
import { addSnapshotCommands } from './commands/snapshots.ts';
import { addChangeCommands } from './commands/change.ts';
import { addRevisionCommands } from './commands/revisions.ts';
import { addCompletionCommand } from './commands/completion.ts';
import { addConnectCommands } from './commands/connect.ts';
import { addCreateCommand } from './commands/create.ts';
import { addDataCommands } from './commands/data.ts';
import { addKeyCommands } from './commands/keys.ts';
import { addLogsCommand } from './commands/logs.ts';
import { addMcpCommand } from './commands/mcp.ts';
import { addPlanCommand } from './commands/plan.ts';
import { addPlatformCommands } from './commands/platform.ts';
import { addProjectCommands } from './commands/projects.ts';
import { addRunCommands } from './commands/runs.ts';
import { addSecretCommands } from './commands/secrets.ts';
import { addServeCommand } from './commands/serve.ts';
import { addWorkerCommand } from './commands/worker.ts';
import { openScreen } from './screen.ts';
import type { Shell } from './shell.ts';

const EXAMPLES = `
  turbobackend "a REST API for a blog with users, posts and comments"
  turbobackend create --schema shop.sql --name shop
  turbobackend plan --json "a gym with members, classes and bookings"
  turbobackend sql blog "select count(*) from posts"
  turbobackend schema blog --format mermaid
  turbobackend delete blog
`;

const EXIT_CODES = `Exit codes: 0 ok, 1 the run failed, 2 usage, 3 not found, 4 configuration,
            5 confirmation needed, 6 try again later, 130 interrupted`;

/** The commands and their help. A usage error is thrown as commander's own, never printed or ended with here. */
export function buildProgram(shell: Shell, runner: CommandRunner): Command {
  const { out } = openScreen(shell, {});
  const program = new Command('turbobackend')
    .description('One sentence becomes a running, verified backend with its own Postgres database.')
    .usage('"<prompt>"\n       turbobackend <command> [options]')
    .version(shell.version, '-V, --version', 'print the version')
    .helpOption('-h, --help', 'print help')
    .exitOverride()
    .configureOutput({
      writeOut: (text) => void shell.stdout.write(text),
      writeErr: (text) => void shell.stderr.write(text),
      outputError: () => undefined,
      getOutHelpWidth: () => Math.min(shell.stdout.columns ?? 80, 100),
      getOutHasColors: () => out.colours,
    })
    .configureHelp({ styleTitle: (title) => out.paint('bold', title), subcommandTerm })
    .addHelpText('after', `\n${out.paint('bold', 'Examples:')}${EXAMPLES}\n${EXIT_CODES}`);

  program.commandsGroup('Build:');
  addCreateCommand(program, runner);
  addPlanCommand(program, runner);
  program.commandsGroup('Projects:');
  addProjectCommands(program, runner);
  addChangeCommands(program, runner);
  addSnapshotCommands(program, runner);
  addRevisionCommands(program, runner);
  addLogsCommand(program, runner);
  addSecretCommands(program, runner);
  program.commandsGroup('Data:');
  addDataCommands(program, runner);
  addConnectCommands(program, runner);
  program.commandsGroup('Runs:');
  addRunCommands(program, runner);
  addWorkerCommand(program, runner);
  program.commandsGroup('Service:');
  addServeCommand(program, runner);
  addKeyCommands(program, runner);
  program.commandsGroup('Platform:');
  addMcpCommand(program, runner);
  addPlatformCommands(program, runner);
  addCompletionCommand(program, runner);
  program.helpCommand('help [command]', 'print help about a command');
  return program;
}

/** Without the options, which each command's own help lists. */
function subcommandTerm(command: Command): string {
  const subcommands = command.commands.map((subcommand) => subcommand.name()).filter((name) => name !== 'help');
  if (subcommands.length > 0) {
    return `${command.name()} ${subcommands.join('|')}${command.name() === 'run' ? ' <run>' : ''}`;
  }
  const words = command.registeredArguments.map((argument) => {
    const word = `${argument.name()}${argument.variadic ? '...' : ''}`;
    return argument.required ? `<${word}>` : `[${word}]`;
  });
  return [command.name(), ...words].join(' ');
}
