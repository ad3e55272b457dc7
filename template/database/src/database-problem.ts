import pg, { escapeIdentifier } from 'pg';
import { DatabaseUnavailable } from './database-unavailable.ts';
import { escapePointer, Problem, type Complaint } from './problem.ts';
import type { Table } from './table/table.ts';

/**
 * What Postgres objected to, as a problem; undefined when the error has nothing to do with Postgres. Its own words are
 * for our log: they tell of SQL, and differ from one server to the next.
 */
export function databaseProblem(error: unknown, method: string, tables: readonly Table[]): Problem | undefined {
  if (error instanceof DatabaseUnavailable || isPoolExhausted(error)) {
    return new Problem(503, 'The database cannot be reached.', [], error);
  }
  if (!(error instanceof pg.DatabaseError)) return undefined;
  const table = tables.find(({ name }) => name === error.table);
  return constraintProblem(error, method, table) ?? classProblem(error);
}

function constraintProblem(error: pg.DatabaseError, method: string, table: Table | undefined): Problem | undefined {
  switch (error.code) {
    case '23505':
      return new Problem(409, 'There already is one with the same value.', complaints(error, table, 'is taken'));
    case '23P01':
      return new Problem(409, 'It overlaps with what is there.', complaints(error, table, 'overlaps with another'));
    case '23001':
      return stillReferenced(error);
    case '23503':
      if (method === 'DELETE' || / is still referenced /.test(error.detail ?? '')) return stillReferenced(error);
      return new Problem(422, 'It refers to something that does not exist.', complaints(error, table, 'refers to nothing'));
    case '23502':
      return new Problem(422, 'A value is missing.', [complaintAbout(error.column ?? '', table, 'must not be null')]);
    case '23514':
      return new Problem(422, `It breaks the rule ${error.constraint ?? 'of the table'}.`);
    case '54000':
      return new Problem(422, 'A value is too large, for an index or for the database.');
    case '57014':
      return new Problem(503, 'The database took too long.', [], error);
    case '53100':
      return new Problem(503, 'The database has no room left on its disk. Try again later.', [], error);
    default:
      return undefined;
  }
}

function classProblem(error: pg.DatabaseError): Problem | undefined {
  const { code = '' } = error;
  // Raised by a rule that somebody wrote for this API to keep.
  if (code === 'P0001') return new Problem(422, error.message);
  if (/^(08|53|57P|40|55P03|25006)/.test(code)) return new Problem(503, 'The database is busy. Try again.', [], error);
  if (/^(23|44|P0004)/.test(code)) return new Problem(422, 'It breaks a rule of the database.', [], error);
  const detail = VALUE_FAULTS.find(([pattern]) => pattern.test(code))?.[1];
  return detail === undefined ? undefined : new Problem(400, `The database cannot take a value: ${detail}.`, [], error);
}

/** What a value can have wrong, by the code. Our statements are fixed: what looks like a fault of syntax is in a value. */
const VALUE_FAULTS: readonly (readonly [RegExp, string])[] = [
  [/^22001$/, 'it is too long'],
  [/^22(003|015)$/, 'it is out of range'],
  [/^22(007|008|009)$/, 'it is no such date or time'],
  [/^22012$/, 'it would divide by zero'],
  [/^22(021|P05)$/, 'it holds a character that the database cannot keep'],
  [/^54/, 'it is too large or too deeply nested'],
  [/^(22|42601|42704|42883|42804|42P02|0A000)/, 'it is not written the way its type is'],
];

function stillReferenced(error: pg.DatabaseError): Problem {
  return new Problem(409, `It is still referred to by ${error.table ?? 'other rows'}.`);
}

function complaints(error: pg.DatabaseError, table: Table | undefined, detail: string): Complaint[] {
  const key = keyIn(error.detail ?? '');
  const columns = table ? columnsIn(key, table) : key.split(', ').filter(Boolean);
  return columns.map((column) => complaintAbout(column, table, detail));
}

/** Postgres tells of a key in all languages as «(a, b)=(1, 2)»: what is in the first parentheses. */
function keyIn(detail: string): string {
  return /\(((?:"(?:[^"]|"")*"|[^"])*?)\)=\(/s.exec(detail)?.[1] ?? /\((.*?)\)=\(/s.exec(detail)?.[1] ?? '';
}

/** The columns of a key: a list of names, quoted where SQL would have it or not at all, or an expression with some in it. */
function columnsIn(key: string, table: Table): string[] {
  const names = Object.entries(table.columns).map(([field, { columnName }]) => columnName ?? field);
  return listedColumns(key, names) ?? names.filter((name) => mentions(key, name));
}

function listedColumns(key: string, names: readonly string[]): string[] | undefined {
  if (key === '') return [];
  for (const name of names) {
    for (const written of [name, escapeIdentifier(name)]) {
      if (key === written) return [name];
      const rest = key.startsWith(`${written}, `) && listedColumns(key.slice(written.length + 2), names);
      if (rest) return [name, ...rest];
    }
  }
  return undefined;
}

function mentions(expression: string, name: string): boolean {
  const words: readonly string[] = expression.match(/"(?:[^"]|"")*"|[\p{L}\p{N}_$]+/gu) ?? [];
  return words.includes(name) || words.includes(escapeIdentifier(name));
}

function complaintAbout(column: string, table: Table | undefined, detail: string): Complaint {
  const [field = column] = Object.entries(table?.columns ?? {}).find(([, { columnName }]) => columnName === column) ?? [];
  return { pointer: `/${escapePointer(field)}`, detail };
}

function isPoolExhausted(error: unknown): boolean {
  return error instanceof Error && error.message === 'timeout exceeded when trying to connect';
}
