import { TurboError } from '../domain/errors.ts';

/** A position in a list as text that says nothing to its holder. */
export function writeCursor(position: readonly (string | number | null)[]): string {
  return Buffer.from(JSON.stringify(position)).toString('base64url');
}

/** The position in a cursor of ours, `length` values long. Rejects with `USAGE`. */
export function readCursor(cursor: string, length: number): readonly (string | number | null)[] {
  const position = parse(Buffer.from(cursor, 'base64url').toString('utf8'));
  if (Array.isArray(position) && position.length === length && position.every(isPlain)) return position;
  throw new TurboError('USAGE', 'The cursor is not one of this list', {
    fix: 'Pass a nextCursor as it came, with the same parameters, or none for the first page.',
  });
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** Postgres takes no NUL and no half of a surrogate pair. */
function isPlain(value: unknown): value is string | number | null {
  if (typeof value === 'string') return value.isWellFormed() && !value.includes('\0');
  return value === null || Number.isSafeInteger(value);
}
