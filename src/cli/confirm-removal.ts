import { createInterface } from 'node:readline/promises';
import { Writable } from 'node:stream';
import { TurboError } from '../domain/errors.ts';
import type { CommandContext } from './command-context.ts';

/** Asks for the project's name, on stderr. Rejects with `CONFIRMATION_NEEDED` when another answer comes. */
export async function confirmRemoval(
  context: CommandContext,
  name: string,
  database: string | undefined,
): Promise<void> {
  const { shell, err, interrupts, command } = context;
  const what = database === undefined ? '' : `, its database ${database}`;
  context.note(
    `${err.paint('yellow', err.marks.warned)} This deletes ${err.paint('bold', name)}${what}, its code and its deployment. It cannot be undone.`,
  );
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
    const question = lines.question(`  Type its name to confirm: `, { signal: interrupts.signal });
    const answer = await Promise.race([question, closed]);
    if (answer.trim() === name) return;
  } finally {
    lines.close();
  }
  throw new TurboError('CONFIRMATION_NEEDED', `That was not the name: ${name} was not deleted`, {
    fix: `${command} delete ${name} --yes deletes it without asking`,
  });
}
