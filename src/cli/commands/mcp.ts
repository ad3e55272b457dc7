import { Console } from 'node:console';
import { relative, sep } from 'node:path';
import { fileURLToPath } from 'node:url';
import { inspect } from 'node:util';
import { type Command, Option } from 'commander';
import type { McpAccess, McpClient, ServerCommand } from '../../mcp/mcp-server.ts';
import { abortable, catchInterrupts } from '../interrupts.ts';
import { RestingBackend } from '../resting-backend.ts';
import type { CommonFlags, Screen } from '../screen.ts';
import { serverVariables } from '../server-variables.ts';
import type { Shell } from '../shell.ts';
import { withCommonFlags, type CommandRunner } from './command-runner.ts';

// Named here as well, so that help does not have to load what knows them; `add-mcp` does, and a test compares.
export const MCP_CLIENTS: readonly McpClient[] = [
  'antigravity',
  'claude-code',
  'claude-desktop',
  'cline',
  'cline-cli',
  'codex',
  'cursor',
  'fx',
  'gemini-cli',
  'github-copilot-cli',
  'goose',
  'grok-build',
  'kilo-code',
  'kimi-code',
  'kiro-cli',
  'mastracode',
  'mcporter',
  'opencode',
  'pi',
  'vscode',
  'windsurf',
  'zed',
];

interface McpFlags {
  readonly readOnly?: boolean;
  readonly project?: string;
}

interface InstallFlags extends CommonFlags, McpFlags {
  readonly client?: readonly McpClient[];
  readonly global?: boolean;
  readonly withSecrets?: boolean;
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
    .addOption(new Option('-a, --client <client...>', 'for these editors').choices(MCP_CLIENTS))
    .option('-g, --global', 'in your own configuration of them, instead of this folder')
    .option('--with-secrets', 'enter passwords and API keys as well')
    .description('enter the server in the configuration of your editors')
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

async function install(screen: Screen, flags: InstallFlags): Promise<void> {
  const { client, readOnly = false, project, global: forUser, withSecrets = false } = flags;
  const [{ installMcp }, { loadConfig }] = await Promise.all([
    import('../../mcp/mcp-server.ts'),
    import('../../config/config.ts'),
  ]);
  const { given, withheld } = serverVariables(screen.shell, loadConfig(screen.shell.environment), withSecrets);
  const folder = process.cwd();
  const command = { ...startCommand(screen.shell, folder), env: given };
  const written = await installMcp({ folder, clients: client, forUser, view: { readOnly, project }, command });
  screen.result({ written, variables: Object.keys(given), withheld }, () =>
    written.map(({ file, change }) => `${file} ${change}`).join('\n'),
  );
  if (screen.json) return;
  if (Object.keys(given).length > 0) screen.note(`With the variables ${Object.keys(given).join(', ')}.`);
  if (withheld.length > 0) {
    screen.note(
      `Without ${withheld.join(', ')}: secrets are entered only with --with-secrets; otherwise the editor has to have them.`,
    );
  }
}

/** What an editor has to run to start us, the way we were started, as far as it means the same on other machines. */
function startCommand({ environment }: Shell, folder: string): ServerCommand {
  const launcher = fileURLToPath(new URL('../../../bin/turbobackend.mjs', import.meta.url));
  const isPackage = launcher.includes(`${sep}node_modules${sep}`);
  const isOwn = isPackage && !relative(folder, launcher).startsWith('..');
  if (environment['npm_lifecycle_event'] === 'npx' || isOwn)
    return { command: 'npx', args: ['-y', 'turbobackend', 'mcp'] };
  if (isPackage) return { command: 'turbobackend', args: ['mcp'] };
  // A checkout is where it is; any Node will do, since the launcher finds the one that it needs.
  return { command: 'node', args: [launcher, 'mcp'] };
}
