import { Console } from 'node:console';
import { fileURLToPath } from 'node:url';
import { inspect } from 'node:util';
import { type Command, Option } from 'commander';
import type { McpAccess, McpClient, ServerCommand } from '../../mcp/mcp-server.ts';
import { abortable, catchInterrupts } from '../interrupts.ts';
import { RestingBackend } from '../resting-backend.ts';
import type { CommonFlags, Screen } from '../screen.ts';
import type { Shell } from '../shell.ts';
import { withCommonFlags, type CommandRunner } from './command-runner.ts';

// Named here as well, so that help does not have to load the protocol.
const CLIENTS: readonly McpClient[] = ['claude-code', 'cursor', 'vscode', 'codex'];

interface McpFlags {
  readonly readOnly?: boolean;
  readonly project?: string;
}

interface InstallFlags extends CommonFlags, McpFlags {
  readonly client?: readonly McpClient[];
}

/** `mcp` and `mcp install`. */
export function addMcpCommand(program: Command, runner: CommandRunner): void {
  const mcp = program
    .command('mcp')
    .option('--read-only', 'offer nothing that makes, changes or deletes')
    .option('--project <project>', 'show this one project and no other')
    .description('serve AI editors over standard input and output (MCP)')
    .action((flags: McpFlags) => serve(runner.screen({}), flags));
  withCommonFlags(mcp.command('install'))
    .addOption(new Option('-a, --client <client...>', 'for these editors').choices(CLIENTS))
    .description('enter the server in the configuration of this folder')
    .action((flags: InstallFlags) => install(runner.screen(flags), { ...mcp.opts<McpFlags>(), ...flags }));
}

/**
 * Serves until the client goes and has its answers, or a signal comes. Runs that are under way are parked then, and
 * carried on by others.
 */
async function serve({ shell, note }: Screen, { readOnly = false, project }: McpFlags): Promise<void> {
  const { loadConfig } = await import('../../config/config.ts');
  const config = loadConfig(shell.environment);
  keepStandardOutputClean(shell);
  const backend = new RestingBackend(() => shell.open(config, { work: true, service: true, leavesNothing: true }));
  const access: McpAccess = {
    open: () => backend.open(),
    isInUse: async () => (await import('../../wiring/wiring.ts')).isInUse(config),
    caller: { ownerId: 'local', scope: 'write' },
    view: { readOnly, project },
    version: shell.version,
    cancelsWhenCut: () => false,
    onBug: (error) => note(inspect(error)),
  };
  const interrupts = catchInterrupts(shell);
  const { serveMcpOverStdio } = await import('../../mcp/mcp-server.ts');
  const streams = { input: process.stdin, output: process.stdout };
  const server = serveMcpOverStdio(access, streams);
  try {
    await abortable(server.ended, interrupts.signal);
  } catch (error) {
    // To be told to stop is a server's proper end.
    if (!interrupts.signal.aborted) throw error;
  } finally {
    await server.close();
    await backend.close();
    interrupts.dispose();
  }
}

/** Whatever a library wants to tell must not come between the messages. */
function keepStandardOutputClean({ stderr }: Shell): void {
  globalThis.console = new Console(stderr as NodeJS.WritableStream, stderr as NodeJS.WritableStream);
}

async function install(screen: Screen, { client, readOnly = false, project }: InstallFlags): Promise<void> {
  const { installMcp } = await import('../../mcp/mcp-server.ts');
  const command = startCommand(screen.shell);
  const written = await installMcp({ folder: process.cwd(), clients: client, view: { readOnly, project }, command });
  screen.result({ written }, () => written.map(({ file, change }) => `${file} ${change}`).join('\n'));
}

/** What an editor has to run to start us, the way we were started. */
function startCommand({ environment }: Shell): ServerCommand {
  if (environment['npm_lifecycle_event'] === 'npx') return { command: 'npx', args: ['-y', 'turbobackend', 'mcp'] };
  const launcher = fileURLToPath(new URL('../../../bin/turbobackend.mjs', import.meta.url));
  // An editor's PATH is seldom the one of the terminal.
  return { command: process.execPath, args: [launcher, 'mcp'] };
}
