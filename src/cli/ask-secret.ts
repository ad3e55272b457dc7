import { TurboError } from '../domain/errors.ts';
import type { CommandContext } from './command-context.ts';

const ENTER = new Set(['\r', '\n']);
const ERASE = new Set(['\u007f', '\b']);
const END_OF_INPUT = '\u0004';
const INTERRUPT = '\u0003';

interface Terminal extends NodeJS.ReadableStream {
  setRawMode?(isRaw: boolean): unknown;
}

/** Asks on stderr for a line that is not shown while it is typed or pasted. Rejects with `USAGE` when none comes. */
export async function askSecret({ shell, interrupts }: CommandContext, question: string): Promise<string> {
  const terminal: Terminal = shell.stdin;
  shell.stderr.write(question);
  terminal.setRawMode?.(true);
  try {
    return await readLine(terminal, interrupts.signal);
  } finally {
    terminal.setRawMode?.(false);
    terminal.pause();
    shell.stderr.write('\n');
  }
}

function readLine(terminal: Terminal, signal: AbortSignal): Promise<string> {
  return new Promise((resolve, reject) => {
    let typed = '';
    const leave = (end: () => void): void => {
      terminal.off('data', read);
      signal.removeEventListener('abort', interrupted);
      end();
    };
    const interrupted = (): void => leave(() => reject(noValue()));
    const read = (chunk: Buffer | string): void => {
      for (const sign of chunk.toString()) {
        if (ENTER.has(sign)) return leave(() => resolve(typed));
        if (sign === INTERRUPT || sign === END_OF_INPUT) return interrupted();
        typed = ERASE.has(sign) ? typed.replace(/.$/su, '') : typed + sign;
      }
    };
    terminal.on('data', read);
    signal.addEventListener('abort', interrupted);
    terminal.resume();
  });
}

function noValue(): TurboError {
  return new TurboError('USAGE', 'No value was given, and nothing was changed', {
    fix: 'Type it and press Enter, or pipe it in: … secrets set <project> <NAME> < value.txt',
  });
}
