import { byteLength, MAX_NAME_BYTES } from './identifiers.ts';
import { refuse, type Reading } from './reading.ts';

/** Columns that Postgres gives every table. */
const SYSTEM_COLUMNS: ReadonlySet<string> = new Set(['tableoid', 'xmin', 'cmin', 'xmax', 'cmax', 'ctid']);

/** A name of the proposal's own. What it may hold goes into SQL, code, paths and addresses: letters, digits, `_ $ -` and space. */
export function readName(reading: Reading, what: string, name: string | undefined): string | undefined {
  if (!name) return refuse(reading, 'name-refused', `A ${what} has no name`, 'Give it one.');
  const problem = problemWith(what, name);
  if (!problem) return name;
  return refuse(
    reading,
    'name-refused',
    `The ${what} ${JSON.stringify(name.slice(0, 80))} ${problem}`,
    'Choose a short name in snake_case.',
  );
}

function problemWith(what: string, name: string): string | undefined {
  if (byteLength(name) > MAX_NAME_BYTES) return `is longer than ${MAX_NAME_BYTES} bytes`;
  if (!/^[\p{L}\p{N}_][\p{L}\p{M}\p{N}_$ -]*$/u.test(name)) return 'holds characters that a name cannot have';
  if (name.endsWith(' ')) return 'ends in a space';
  if (name.startsWith('pg_')) return 'starts with pg_, which belongs to Postgres';
  if (name === '__proto__') return 'means something else in JavaScript';
  return what === 'column' && SYSTEM_COLUMNS.has(name)
    ? 'is the name of a column that Postgres itself adds'
    : undefined;
}
