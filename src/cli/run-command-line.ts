import { CommanderError } from 'commander';
import { buildProgram } from './program.ts';
import { reportFailure } from './report-failure.ts';
import { isBarePrompt, routeArguments } from './route-arguments.ts';
import { openScreen } from './screen.ts';
import type { Shell } from './shell.ts';
import { withBackend } from './with-backend.ts';

/** Runs one command line to its end and resolves to the exit code; never rejects. */
export async function runCommandLine(argv: readonly string[], shell: Shell): Promise<number> {
  let exitCode = 0;
  const program = buildProgram(shell, {
    isBarePrompt: isBarePrompt(argv),
    screen: (flags) => openScreen(shell, flags),
    run: async (screen, need, work) => {
      exitCode = await withBackend(screen, need, work);
    },
    end: (code) => {
      exitCode = code;
    },
  });
  try {
    const isBareStart = argv.length === 0 && shell.stdin.isTTY === true;
    await program.parseAsync(isBareStart ? ['--help'] : routeArguments(argv), { from: 'user' });
    return exitCode;
  } catch (error) {
    if (error instanceof CommanderError && HELP_CODES.has(error.code)) return error.exitCode === 0 ? 0 : USAGE;
    // The flags may be what could not be parsed.
    const flags = { json: argv.includes('--json'), color: !argv.includes('--no-color') };
    return reportFailure(error, openScreen(shell, flags));
  }
}

const USAGE = 2;

// Thrown after commander has printed help or the version.
const HELP_CODES = new Set(['commander.help', 'commander.helpDisplayed', 'commander.version']);
