import { isStorable } from '../http/read-json.ts';
import { Problem } from '../problem.ts';
import type { Sort, Table } from './table.ts';

/** Marks a row's place in a list: how the list is sorted, the row's sorted value and its key. */
export function writeCursor(sort: Sort | undefined, values: readonly unknown[]): string {
  const texts = values.map((value) => (value === null ? null : String(value)));
  return Buffer.from(JSON.stringify([sortName(sort), ...texts])).toString('base64url');
}

/** Throws a 400 for anything but a cursor of the same list, sorted the same way. */
export function readCursor(
  table: Table,
  sort: Sort | undefined,
  cursor: string | undefined,
): (string | null)[] | undefined {
  if (cursor === undefined) return undefined;
  const [name, ...values] = decode(cursor);
  const expected = Math.max(1, table.key.length) + (sort ? 1 : 0);
  if (name !== sortName(sort) || values.length !== expected) throw badCursor();
  const [last, ...rest] = values.toReversed();
  if (last === null || rest.slice(0, table.key.length - 1).includes(null)) throw badCursor();
  return values;
}

function decode(cursor: string): (string | null)[] {
  try {
    const parts: unknown = JSON.parse(Buffer.from(cursor, 'base64url').toString('utf8'));
    if (Array.isArray(parts) && parts.every(isPart)) return parts;
  } catch {
    // Falls through: no JSON is no cursor either.
  }
  throw badCursor();
}

function isPart(part: unknown): part is string | null {
  return part === null || (typeof part === 'string' && isStorable(part));
}

function sortName(sort: Sort | undefined): string {
  return sort ? `${sort.descending ? '-' : ''}${sort.field}` : '';
}

function badCursor(): Problem {
  const detail = 'is no nextCursor of this list in this order';
  return new Problem(400, `The parameter cursor ${detail}.`, [{ parameter: 'cursor', detail }]);
}
