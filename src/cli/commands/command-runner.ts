import type { Command } from 'commander';
import type { CommandContext } from '../command-context.ts';
import type { CommonFlags, Screen } from '../screen.ts';
import type { BackendNeed } from '../with-backend.ts';

/** What the commands are run by; the number that `work` resolves to becomes the exit code. */
export interface CommandRunner {
  /** Whether no command was named, so that what was typed is taken for a prompt. */
  readonly isBarePrompt: boolean;
  screen(flags: CommonFlags): Screen;
  run(screen: Screen, need: BackendNeed, work: (context: CommandContext) => Promise<number>): Promise<void>;
  /** What the process ends with, of a command that goes on after its backend was closed. */
  end(exitCode: number): void;
}

/** The flags that every command takes. */
export function withCommonFlags(command: Command): Command {
  return command
    .option('--json', 'print JSON; an event a line where a run is followed')
    .option('--no-color', 'print without colours');
}
