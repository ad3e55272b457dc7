import { ownCommand } from './own-command.ts';
import type { Shell } from './shell.ts';
import { styleFor, type Style } from './render/style.ts';

/** The flags that every command understands. */
export interface CommonFlags {
  readonly json?: boolean | undefined;
  readonly quiet?: boolean | undefined;
  /** False with `--no-color`. */
  readonly color?: boolean | undefined;
}

/** How a command speaks: its result on stdout, everything else on stderr. */
export interface Screen {
  readonly shell: Shell;
  readonly json: boolean;
  readonly quiet: boolean;
  readonly out: Style;
  readonly err: Style;
  /** The words that start a command of ours, to be pasted. */
  readonly command: string;
  /** The command's one result: `value` as JSON when that was asked for, otherwise the text. */
  readonly result: (value: object, text: () => string) => void;
  readonly print: (text: string) => void;
  readonly note: (text: string) => void;
}

export function openScreen(shell: Shell, flags: CommonFlags): Screen {
  const colour = flags.color !== false;
  const out = styleFor(shell.stdout, shell.environment, colour);
  const err = styleFor(shell.stderr, shell.environment, colour);
  const json = flags.json === true;
  const print = (text: string): void => {
    shell.stdout.write(text.endsWith('\n') ? text : `${text}\n`);
  };
  return {
    shell,
    json,
    quiet: flags.quiet === true,
    out,
    err,
    command: ownCommand(shell.environment),
    print,
    note: (text) => {
      shell.stderr.write(`${err.text(text)}\n`);
    },
    result: (value, text) => print(json ? JSON.stringify(value, bigintAsText) : text()),
  };
}

// A query's values may be 64-bit; a JSON number would lose digits.
function bigintAsText(_key: string, value: unknown): unknown {
  return typeof value === 'bigint' ? value.toString() : value;
}
