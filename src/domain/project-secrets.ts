import { TurboError } from './errors.ts';
import type { SourceFile } from './source-file.ts';

/** How many a project may have: each is a variable of every process of its backend. */
export const MOST_SECRETS = 50;
/** Of a value in UTF-8: a private key or a chain of certificates fits. */
export const LARGEST_SECRET_BYTES = 16 * 1024;
/** What is shorter could not be taken out of logs without making them unreadable. */
export const SHORTEST_SECRET = 6;

const NAME = /^[A-Z][A-Z0-9_]{0,63}$/;

/** What the platform, Node or the system decides by. */
const RESERVED =
  /^(DB|TEST_DB|PG|NODE|NPM|LD|DYLD|LC|FLY|TURBOBACKEND|SSL)_|^(PG[A-Z]+|HOST|PORT|PATH|HOME|USER|SHELL|PWD|TMPDIR|TEMP|TMP|LANG|LANGUAGE|TZ|ALLOWED_HOSTS|TRUST_PROXY|BASH_ENV|ENV|IFS)$/;

/** Rejects with `USAGE`, saying what is wrong with a name. */
export function requireSecretName(name: string): void {
  const shown = JSON.stringify(name.slice(0, 80));
  if (!NAME.test(name)) {
    throw new TurboError('USAGE', `${shown} is no name of a secret`, {
      fix: 'Take capital letters, digits and underscores, a letter first, 64 at most: STRIPE_API_KEY.',
    });
  }
  if (RESERVED.test(name)) {
    throw new TurboError('USAGE', `${name} is not yours to set: the platform or Node gives it to the backend`, {
      fix: 'Choose another name, and read that one in the code.',
    });
  }
}

/** Rejects with `USAGE`; the value is in no message. */
export function requireSecretValue(name: string, value: string): void {
  const problem = problemOf(value);
  if (problem) throw new TurboError('USAGE', `The value of ${name} ${problem}`, { fix: 'Give it another value.' });
}

function problemOf(value: string): string | undefined {
  if (value.length < SHORTEST_SECRET) return `is shorter than ${SHORTEST_SECRET} characters, which anybody guesses`;
  if (Buffer.byteLength(value) > LARGEST_SECRET_BYTES) return `has more than ${LARGEST_SECRET_BYTES} bytes`;
  if (value.includes('\0') || !value.isWellFormed()) return 'holds what no environment variable can';
  return undefined;
}

/**
 * The names of the secrets that a backend needs: those that its `.env.example` leaves empty, but for the ones that the
 * platform gives. What has a value there, or is a comment, is a setting with a default.
 */
export function neededSecrets(files: readonly SourceFile[]): readonly string[] {
  const example = files.find(({ path }) => path === '.env.example')?.content ?? '';
  const names = [
    ...example.matchAll(/^[ \t]*(?:export[ \t]+)?([A-Z][A-Z0-9_]{0,63})=[ \t]*(?:""|'')?[ \t]*(?:#.*)?$/gm),
  ];
  return [...new Set(names.map(([, name = '']) => name))].filter((name) => !RESERVED.test(name)).slice(0, MOST_SECRETS);
}

/** Values that stand for a backend's secrets wherever its code is tried: the same for the same name, of no use elsewhere. */
export function dummySecrets(files: readonly SourceFile[]): Readonly<Record<string, string>> {
  return Object.fromEntries(neededSecrets(files).map((name) => [name, dummyValue(name)]));
}

/** Long enough for whoever asks for 32 bytes. */
function dummyValue(name: string): string {
  return `dummy-${name.toLowerCase().replaceAll('_', '-')}-`.padEnd(48, '0123456789abcdef');
}
