import { escapeIdentifier, escapeLiteral } from 'pg';
import type { Table } from '../domain/database-schema.ts';
import type { RowComparison, RowsRequest } from '../turbobackend.ts';

type Position = readonly (string | number | null)[];

const OPERATORS: Readonly<Record<Exclude<RowComparison, 'contains'>, string>> = {
  eq: '=',
  ne: '<>',
  lt: '<',
  lte: '<=',
  gt: '>',
  gte: '>=',
};

/**
 * The statement that reads a page of a table and one row more. Behind the table's columns it reads each row's position
 * as text, `positionLength` values: what it is sorted by, then its key. A table without a primary key is read by where
 * its rows lie.
 */
export function rowsQuery(
  table: Table,
  { sort, filters, limit }: RowsRequest,
  readPosition: (length: number) => Position | undefined,
): { readonly sql: string; readonly positionLength: number } {
  const keys = table.primaryKey.length > 0 ? table.primaryKey.map(columnOf) : ['item.ctid'];
  const sorted = sort && { column: columnOf(sort.column), descending: sort.descending };
  const position = [...(sorted ? [sorted.column] : []), ...keys];
  const after = readPosition(position.length);
  const conditions = [
    ...filters.map(({ column, comparison, value }) => filterCondition(columnOf(column), comparison, value)),
    ...(after ? [behind(sorted, keys, after)] : []),
  ];
  const order = [...(sorted ? [`${sorted.column} ${sorted.descending ? 'DESC' : 'ASC'} NULLS LAST`] : []), ...keys];
  return {
    positionLength: position.length,
    sql: [
      `SELECT ${[...table.columns.map(({ name }) => columnOf(name)), ...position.map(asText)].join(', ')}`,
      `  FROM public.${escapeIdentifier(table.name)} AS item`,
      ...(conditions.length > 0 ? [` WHERE ${conditions.join(' AND ')}`] : []),
      ` ORDER BY ${order.join(', ')}`,
      ` LIMIT ${limit + 1}`,
    ].join('\n'),
  };
}

/** Qualified, since a position has the name of the column that it is the text of. */
function columnOf(name: string): string {
  return `item.${escapeIdentifier(name)}`;
}

function filterCondition(column: string, comparison: RowComparison, value: string): string {
  const literal = escapeLiteral(value);
  if (comparison === 'contains') return `position(lower(${literal}) IN lower(${column}::text)) > 0`;
  return `${column} ${OPERATORS[comparison]} ${literal}`;
}

/** Literals carry no type of their own, so Postgres reads each as its column's. */
function behind(
  sorted: { readonly column: string; readonly descending: boolean } | undefined,
  keys: readonly string[],
  after: Position,
): string {
  const literals = after.map((value) => (value === null ? null : escapeLiteral(String(value))));
  const behindKeys = `(${keys.join(', ')}) > (${literals.slice(-keys.length).join(', ')})`;
  if (!sorted) return behindKeys;
  const [value] = literals;
  if (value === null) return `(${sorted.column} IS NULL AND ${behindKeys})`;
  const further = `${sorted.column} ${sorted.descending ? '<' : '>'} ${value}`;
  return `(${further} OR (${sorted.column} = ${value} AND ${behindKeys}) OR ${sorted.column} IS NULL)`;
}

function asText(column: string): string {
  return `${column}::text`;
}
