import { createInterface } from 'node:readline/promises';
import { Writable } from 'node:stream';
import type { CommandContext } from './command-context.ts';

/** Asks on stderr; anything but a yes is a no. */
export async function askYesNo({ shell, interrupts }: CommandContext, question: string): Promise<boolean> {
  const output = new Writable({
    write: (chunk: Buffer, _encoding, done) => {
      shell.stderr.write(chunk.toString());
      done();
    },
  });
  // Not as a terminal: line editing would take Ctrl-C for itself.
  const lines = createInterface({ input: shell.stdin, output, terminal: false });
  const closed = new Promise<string>((resolve) => lines.once('close', () => resolve('')));
  try {
    const answer = await Promise.race([lines.question(`\n${question} [y/N] `, { signal: interrupts.signal }), closed]);
    return /^y(?:es)?$/i.test(answer.trim());
  } finally {
    lines.close();
  }
}
