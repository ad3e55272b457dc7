import { isStorable } from '../http/read-json.ts';
import { LIST_PARAMETERS, OPERATORS } from '../http/operations.ts';
import { Problem } from '../problem.ts';
import type { Column } from './column.ts';
import { readCursor } from './cursor.ts';
import { comparableColumns, type Sort, type Table } from './table.ts';

export type Operator = 'eq' | (typeof OPERATORS)[number];

export interface Filter {
  readonly field: string;
  readonly operator: Operator;
  /** For `in` a list, for `null` whether it must be null. */
  readonly value: string | readonly string[] | boolean;
}

export interface ListQuery {
  readonly limit: number;
  /** Undefined: by key. */
  readonly sort: Sort | undefined;
  readonly filters: readonly Filter[];
  /** The last row of the page before: its sorted value, if sorted, and its key. */
  readonly after: readonly (string | null)[] | undefined;
}

/** The query string of a list. Throws a 400 that names the parameter. */
export function readListQuery(table: Table, query: unknown): ListQuery {
  const given = Object.entries(query as Record<string, string | string[]>);
  const plain = new Map(given.map(([name, value]) => [name, single(name, value)]));
  const sort = readSort(table, plain.get('sort')) ?? table.order;
  return {
    limit: readLimit(plain.get('limit')),
    sort,
    filters: [...plain]
      .filter(([name]) => !LIST_PARAMETERS.includes(name))
      .map(([name, text]) => readFilter(table, name, text)),
    after: readCursor(table, sort, plain.get('cursor')),
  };
}

/** Text from a path or a query as the column's value, still as text: Postgres reads it. Throws a 400. */
export function readText(parameter: string, text: string, column: Column): string {
  if (isStorable(text) && (column.readable?.(text) ?? true)) return text;
  throw badParameter(parameter, `is no ${column.type} value that the field can have`);
}

function single(name: string, value: string | string[]): string {
  if (Array.isArray(value)) throw badParameter(name, 'is given more than once');
  return value;
}

function readLimit(text: string | undefined): number {
  if (text === undefined) return 20;
  const limit = /^\d{1,3}$/.test(text) ? Number(text) : 0;
  if (limit < 1 || limit > 100) throw badParameter('limit', 'must be a whole number from 1 to 100');
  return limit;
}

function readSort(table: Table, text: string | undefined): Sort | undefined {
  if (text === undefined) return undefined;
  const descending = text.startsWith('-');
  const field = descending ? text.slice(1) : text;
  const fields = comparableColumns(table).map(([name]) => name);
  if (!fields.includes(field))
    throw badParameter('sort', `must be one of ${fields.join(', ')}, or one with a minus in front`);
  return { field, descending };
}

function readFilter(table: Table, name: string, text: string): Filter {
  const columns = new Map(comparableColumns(table));
  const { field, operator } = splitFilter(name, columns);
  const column = columns.get(field);
  if (!column)
    throw badParameter(name, `is no parameter of this list; it can be filtered by ${[...columns.keys()].join(', ')}`);
  if (operator === 'null') return { field, operator, value: readText(name, text, YES_OR_NO) === 'true' };
  if (operator !== 'in') return { field, operator, value: readText(name, text, column) };
  return { field, operator, value: splitList(name, text).map((item) => readText(name, item, column)) };
}

/** `a,b` as two values; `"a, b",c` as well: in double quotes a value may hold commas, and `\"` and `\\` for those two. */
function splitList(name: string, text: string): string[] {
  const item = /(?:"((?:[^"\\]|\\.)*)"|([^",][^,]*|))(,|$)/sy;
  const items: string[] = [];
  for (let found = item.exec(text); found; found = item.exec(text)) {
    const [, quoted, plain = '', comma] = found;
    items.push(quoted?.replace(/\\(.)/gs, '$1') ?? plain);
    if (comma === '') return items;
  }
  throw badParameter(name, 'has a double quote that is not closed, or text behind one that is');
}

const YES_OR_NO: Column = { type: 'boolean', schema: {}, readable: (text) => text === 'true' || text === 'false' };

/** `price[gte]` is the field price with the operator gte, unless a field is called that. */
function splitFilter(name: string, columns: ReadonlyMap<string, Column>): { field: string; operator: Operator } {
  const [, field = '', bracket = ''] = /^(.+)\[(\w+)\]$/s.exec(name) ?? [];
  const operator = (['eq', ...OPERATORS] as const).find((known) => known === bracket);
  if (columns.has(name) || !operator) return { field: name, operator: 'eq' };
  return { field, operator };
}

function badParameter(parameter: string, detail: string): Problem {
  return new Problem(400, `The parameter ${parameter.toWellFormed()} ${detail}.`, [
    { parameter: parameter.toWellFormed(), detail },
  ]);
}
