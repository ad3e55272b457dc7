import type { Command, Option } from 'commander';

/**
 * What may stand in the place of the last of `words`, which follow the program's name and of which the last may be begun
 * or empty. Nothing for what is free text or a file's name.
 */
export async function candidatesFor(
  program: Command,
  words: readonly string[],
  projectNames: () => Promise<readonly string[]>,
): Promise<readonly string[]> {
  const begun = words.at(-1) ?? '';
  const { command, operands, option } = readWords(program, words.slice(0, -1));
  const candidates = option
    ? (option.argChoices ?? [])
    : begun.startsWith('-')
      ? optionsOf(command)
      : await operandsOf(command, operands, projectNames);
  return candidates.filter((candidate) => candidate.startsWith(begun));
}

interface WordsRead {
  readonly command: Command;
  /** How many of the command's own arguments there are already. */
  readonly operands: number;
  /** The option whose value comes next. */
  readonly option: Option | undefined;
}

function readWords(program: Command, words: readonly string[]): WordsRead {
  let read: WordsRead = { command: program, operands: 0, option: undefined };
  for (const word of words) {
    const { command, operands, option } = read;
    if (option) read = { command, operands, option: undefined };
    else if (word.startsWith('-'))
      read = {
        ...read,
        option: command.options.find((known) => known.required && [known.long, known.short].includes(word)),
      };
    else {
      const inner = operands === 0 ? command.commands.find((known) => known.name() === word) : undefined;
      read = inner ? { command: inner, operands: 0, option: undefined } : { ...read, operands: operands + 1 };
    }
  }
  return read;
}

function optionsOf(command: Command): readonly string[] {
  return [...command.options.filter(({ hidden }) => !hidden).map(({ long, short }) => long ?? short ?? ''), '--help'];
}

async function operandsOf(
  command: Command,
  operands: number,
  projectNames: () => Promise<readonly string[]>,
): Promise<readonly string[]> {
  const argument = command.registeredArguments[operands];
  const commands = operands === 0 ? command.commands.map((inner) => inner.name()) : [];
  if (argument?.name() === 'project') return projectNames();
  return [...commands, ...(argument?.argChoices ?? [])];
}
