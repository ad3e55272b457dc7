import { readFile } from 'node:fs/promises';
import { basename } from 'node:path';
import { buffer } from 'node:stream/consumers';
import { TurboError } from '../domain/errors.ts';
import { decodeUtf8 } from './decode-utf8.ts';
import type { Shell } from './shell.ts';

export interface PromptSource {
  readonly words: readonly string[];
  readonly file?: string | undefined;
  readonly schema?: string | undefined;
}

/**
 * The prompt: from a file, from the words, or piped in (`-`, or no words and no terminal). A schema needs no prompt.
 * Rejects with `USAGE` when there is none.
 */
export async function readPrompt({ words, file, schema }: PromptSource, shell: Shell): Promise<string> {
  const typed = words.join(' ').trim();
  if (file !== undefined && typed !== '') {
    throw new TurboError('USAGE', 'The prompt was given twice: in words and with --file', {
      fix: 'Leave one of them out.',
    });
  }
  const prompt = (await readFrom(typed, file, schema, shell)).trim();
  if (prompt !== '') return prompt;
  throw new TurboError('USAGE', 'There is no prompt', {
    fix: 'Say in a sentence what you need: turbobackend "a REST API for a blog with users, posts and comments"',
  });
}

async function readFrom(
  typed: string,
  file: string | undefined,
  schema: string | undefined,
  shell: Shell,
): Promise<string> {
  if (file !== undefined && file !== '-') return readTextFile(file, '--file');
  if (typed !== '' && typed !== '-') return typed;
  if (typed === '' && file === undefined && schema !== undefined)
    return `a REST API for the tables of ${basename(schema)}`;
  return typed === '-' || file === '-' || shell.stdin.isTTY !== true ? readPiped(shell) : '';
}

/** What was piped in, or the words; undefined when there is neither. */
export async function readWordsOrStdin(words: readonly string[], shell: Shell): Promise<string | undefined> {
  const typed = words.join(' ').trim();
  if (typed !== '' && typed !== '-') return typed;
  const piped = typed === '-' || shell.stdin.isTTY !== true ? (await readPiped(shell)).trim() : '';
  return piped === '' ? undefined : piped;
}

export async function readPiped(shell: Shell): Promise<string> {
  return decodeUtf8(await buffer(shell.stdin), 'What was piped in');
}

/** Rejects with `USAGE`, naming the option that named the file. */
export async function readTextFile(path: string, option: string): Promise<string> {
  return decodeUtf8(await readBytes(path, option), `${path}, named by ${option},`);
}

async function readBytes(path: string, option: string): Promise<Buffer> {
  try {
    return await readFile(path);
  } catch (cause) {
    const reason = (cause as NodeJS.ErrnoException).code === 'ENOENT' ? 'it does not exist' : (cause as Error).message;
    throw new TurboError('USAGE', `Could not read ${path}, named by ${option}: ${reason}`, { cause });
  }
}
