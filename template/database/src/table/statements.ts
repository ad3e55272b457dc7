import { escapeIdentifier } from 'pg';
import type { Statement } from '../statement.ts';
import type { Column } from './column.ts';
import type { Filter, ListQuery } from './list-query.ts';
import { shownColumns, type Table } from './table.ts';

/** Values of columns by field, ready to be parameters. */
export type Parameters = Readonly<Record<string, unknown>>;

/** Where a row of a table without a key is; comes with each row of its lists and goes into cursors only. */
export const POSITION = '@position';

/** One row more than the limit, to see whether there is a next page. */
export function listStatement(table: Table, query: ListQuery, scope: Parameters = {}): Statement {
  const values: unknown[] = [];
  const parameter = (value: unknown): string => `$${values.push(value)}`;
  const conditions = [
    ...Object.entries(scope).map(([field, value]) => `${nameOf(table, field)} = ${parameter(value)}`),
    ...query.filters.map((filter) => filterCondition(table, filter, parameter)),
    ...afterCondition(table, query, parameter),
  ];
  const text = [
    `SELECT ${selection(table)}${table.key.length > 0 ? '' : `, ctid::text AS "${POSITION}"`}`,
    `FROM ${escapeIdentifier(table.name)}`,
    ...(conditions.length > 0 ? [`WHERE ${conditions.join(' AND ')}`] : []),
    `ORDER BY ${order(table, query)}`,
    `LIMIT ${parameter(query.limit + 1)}`,
  ].join(' ');
  return { text, values };
}

/** Whether indexes lead to the rows of the list and to their order; else Postgres may have to read the whole table. */
export function isIndexed(table: Table, query: ListQuery, scope: Parameters = {}): boolean {
  const fields = [
    query.sort?.field ?? table.key[0],
    ...query.filters.map(({ field }) => field),
    ...Object.keys(scope),
  ];
  return fields.every((field) => field !== undefined && table.indexed.includes(field));
}

export function findStatement(table: Table, key: readonly unknown[]): Statement {
  const text = `SELECT ${selection(table)} FROM ${escapeIdentifier(table.name)} WHERE ${keyCondition(table)}`;
  return { text, values: key };
}

export function insertStatement(table: Table, parameters: Parameters): Statement {
  const given = Object.keys(parameters);
  const stamps = Object.entries(table.columns).filter(
    ([field, column]) => column.filledWith === 'now' && !Object.hasOwn(parameters, field),
  );
  const names = [...given, ...stamps.map(([field]) => field)].map((field) => nameOf(table, field));
  const expressions = [...given.map((_, index) => `$${index + 1}`), ...stamps.map(([, column]) => now(column))];
  const filling = names.length > 0 ? `(${names.join(', ')}) VALUES (${expressions.join(', ')})` : 'DEFAULT VALUES';
  return {
    text: `INSERT INTO ${escapeIdentifier(table.name)} ${filling} RETURNING ${selection(table)}`,
    values: Object.values(parameters),
  };
}

export function updateStatement(table: Table, key: readonly unknown[], parameters: Parameters): Statement {
  const touched = Object.entries(table.columns).filter(
    ([field, column]) => column.touched && !Object.hasOwn(parameters, field),
  );
  const settings = [
    ...Object.keys(parameters).map((field, index) => `${nameOf(table, field)} = $${key.length + index + 1}`),
    ...touched.map(
      ([field, column]) => `${nameOf(table, field)} = ${column.touched === 'default' ? 'DEFAULT' : now(column)}`,
    ),
  ];
  return {
    text: `UPDATE ${escapeIdentifier(table.name)} SET ${settings.join(', ')} WHERE ${keyCondition(table)} RETURNING ${selection(table)}`,
    values: [...key, ...Object.values(parameters)],
  };
}

export function deleteStatement(table: Table, key: readonly unknown[]): Statement {
  const text = `DELETE FROM ${escapeIdentifier(table.name)} WHERE ${keyCondition(table)} RETURNING 1`;
  return { text, values: key };
}

function selection(table: Table): string {
  const expressions = shownColumns(table).map(([field, { readAs, columnName }]) => {
    const value = nameOf(table, field) + (readAs ? `::${readAs}` : '');
    return readAs || columnName ? `${value} AS ${escapeIdentifier(field)}` : value;
  });
  return expressions.length > 0 ? expressions.join(', ') : 'NULL AS nothing';
}

function keyCondition(table: Table): string {
  return table.key.map((field, index) => `${nameOf(table, field)} = $${index + 1}`).join(' AND ');
}

function filterCondition(table: Table, filter: Filter, parameter: (value: unknown) => string): string {
  const name = nameOf(table, filter.field);
  if (filter.operator === 'null') return `${name} IS ${filter.value === true ? '' : 'NOT '}NULL`;
  if (filter.operator === 'in') return `${name} = ANY (${parameter(filter.value)})`;
  return `${name} ${COMPARISONS[filter.operator]} ${parameter(filter.value)}`;
}

const COMPARISONS = { eq: '=', gte: '>=', gt: '>', lte: '<=', lt: '<' } as const;

/** Rows that come after the cursor's. Postgres sorts nulls as if they were larger than every value. */
function afterCondition(table: Table, query: ListQuery, parameter: (value: unknown) => string): string[] {
  if (!query.after) return [];
  const keys = keyNames(table);
  const isAfter = query.sort?.descending ? '<' : '>';
  const rowAfter = (names: readonly string[], values: readonly unknown[]): string =>
    `(${names.join(', ')}) ${isAfter} (${values.map(parameter).join(', ')})`;
  if (!query.sort) return [rowAfter(keys, query.after)];

  const name = nameOf(table, query.sort.field);
  const [value, ...key] = query.after;
  if (value !== null) {
    const condition = rowAfter([name, ...keys], query.after);
    return [
      canBeNull(table, query.sort.field) && !query.sort.descending ? `(${condition} OR ${name} IS NULL)` : condition,
    ];
  }
  const amongNulls = `(${name} IS NULL AND ${rowAfter(keys, key)})`;
  return [query.sort.descending ? `(${amongNulls} OR ${name} IS NOT NULL)` : amongNulls];
}

function order(table: Table, query: ListQuery): string {
  const direction = query.sort?.descending ? ' DESC' : '';
  const names = [...(query.sort ? [nameOf(table, query.sort.field)] : []), ...keyNames(table)];
  return names.map((name) => `${name}${direction}`).join(', ');
}

function keyNames(table: Table): string[] {
  return table.key.length > 0 ? table.key.map((field) => nameOf(table, field)) : ['ctid'];
}

function canBeNull(table: Table, field: string): boolean {
  return table.columns[field]?.nullable ?? false;
}

function nameOf(table: Table, field: string): string {
  return escapeIdentifier(table.columns[field]?.columnName ?? field);
}

/** The present time as the column keeps it: whole numbers count seconds. */
function now(column: Column): string {
  return ['smallint', 'integer', 'bigint', 'numeric', 'real', 'double precision'].includes(column.type)
    ? 'floor(extract(epoch FROM now()))'
    : 'now()';
}
