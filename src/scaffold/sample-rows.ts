import type { Column, DatabaseSchema, ForeignKey, Table } from '../domain/database-schema.ts';
import { isBroken, type Row } from './check-evaluation.ts';
import { parseCheck, type Expression } from './check-expression.ts';
import { columnLimits, columnsIn, conditions, type ColumnLimits } from './column-limits.ts';
import { columnType } from './column-type.ts';
import { isFilledByPostgres } from './column-model.ts';
import { sampleValue } from './sample-values.ts';
import { fieldName } from './field-name.ts';

export interface SampleTable {
  readonly table: string;
  /** By field, as a request that creates the row has it. Columns that Postgres fills are left out. */
  readonly rows: readonly Record<string, unknown>[];
}

/**
 * Rows for every table, in an order in which they can be inserted, as far as the schema's rules could be understood.
 * Where a table can hold no more (a unique column with two possible values) there are fewer rows than asked for.
 *
 * A reference to a row that Postgres numbers is that row's place in its table's rows, counted from 1: right as it is
 * for a table that never held a row, else to be replaced by the key that the row was given.
 */
export function sampleRows(schema: DatabaseSchema, rowsPerTable: number): readonly SampleTable[] {
  const done = new Map<string, readonly Row[]>();
  for (const table of schema.tables) done.set(table.name, fillTable(table, schema, rowsPerTable, done));
  return schema.tables.map((table) => ({
    table: table.name,
    rows: (done.get(table.name) ?? []).map((row) => asRequest(table, row)),
  }));
}

interface Filling {
  readonly table: Table;
  readonly schema: DatabaseSchema;
  readonly limits: ReadonlyMap<string, ColumnLimits>;
  readonly rules: readonly Expression[];
  readonly done: ReadonlyMap<string, readonly Row[]>;
}

/** Enough to try all pairs of a dozen parents. */
const ATTEMPTS = 150;

function fillTable(
  table: Table,
  schema: DatabaseSchema,
  count: number,
  done: ReadonlyMap<string, readonly Row[]>,
): readonly Row[] {
  const filling = { table, schema, limits: columnLimits(table), rules: conditions(table), done };
  const rows: Row[] = [];
  for (let index = 0; index < count; index++) {
    const row = firstFitting(filling, rows, index);
    if (row) rows.push(row);
  }
  return rows;
}

function firstFitting(filling: Filling, rows: readonly Row[], index: number): Row | undefined {
  for (let attempt = 0; attempt < ATTEMPTS; attempt++) {
    const row = repaired(filling, candidate(filling, rows, index, attempt));
    if (row && fits(filling, rows, row)) return row;
  }
  return undefined;
}

/** A row that may still break a rule; undefined when there is nothing to refer to. */
function candidate(filling: Filling, rows: readonly Row[], index: number, attempt: number): Row | undefined {
  const { table, schema, limits } = filling;
  const row: Record<string, unknown> = Object.create(null) as Record<string, unknown>;
  for (const [position, foreignKey] of table.foreignKeys.entries()) {
    const reference = referTo(filling, foreignKey, row, rows, { index, attempt, position });
    if (!reference) return undefined;
    Object.assign(row, reference);
  }
  for (const [position, column] of table.columns.entries()) {
    if (Object.hasOwn(row, column.name)) continue;
    row[column.name] = isFilledByPostgres(column)
      ? numberOf(column, rows.length)
      : mayLeaveNull(column, position, attempt)
        ? null
        : sampleValue({
            column,
            type: columnType(column.type, schema),
            limits: limits.get(column.name) ?? {},
            position,
            row: index,
            attempt,
          });
  }
  return { ...row, ...referenceToItself(table, row) };
}

/** The first row of a table whose rows must all refer to one of them. */
function referenceToItself(table: Table, row: Row): Row {
  const missing = table.foreignKeys.filter(
    (key) => key.referencedTable === table.name && key.columns.some((name) => row[name] === OWN_KEY),
  );
  return Object.fromEntries(
    missing.flatMap((key) => key.columns.map((name, at) => [name, row[key.referencedColumns[at] ?? '']])),
  );
}

const OWN_KEY = Symbol('own key');

/** What Postgres will number the row, if it counts from 1; undefined for what it computes. */
function numberOf(column: Column, rowsBefore: number): number | undefined {
  return column.generated === undefined && column.type !== 'tsvector' ? rowsBefore + 1 : undefined;
}

/** Later attempts leave out some of what may be left out, for rules like «exactly one of the two». */
function mayLeaveNull(column: Column, position: number, attempt: number): boolean {
  return column.nullable && attempt >= 8 && ((attempt * 2_654_435_761) >>> (position % 24)) % 2 === 1;
}

interface Choice {
  readonly index: number;
  readonly attempt: number;
  /** The foreign key's position among the table's. */
  readonly position: number;
}

/** Values for the columns of a foreign key that point at a row which is there. */
function referTo(
  filling: Filling,
  foreignKey: ForeignKey,
  soFar: Row,
  rows: readonly Row[],
  choice: Choice,
): Row | undefined {
  const { table, done } = filling;
  const isSelf = foreignKey.referencedTable === table.name;
  const parents = (isSelf ? rows : (done.get(foreignKey.referencedTable) ?? [])).filter((parent) =>
    foreignKey.columns.every((name, at) => {
      const value = parent[foreignKey.referencedColumns[at] ?? ''];
      return value !== null && value !== undefined && (!Object.hasOwn(soFar, name) || soFar[name] === value);
    }),
  );
  const isOptional = foreignKey.columns.some((name) => isNullable(table, name) && !Object.hasOwn(soFar, name));
  if (isOptional && (parents.length === 0 || leavesOut(choice, isSelf)))
    return withoutReference(foreignKey, table, soFar);
  const parent = parents[pick(choice, parents.length)];
  if (!parent) return isSelf ? Object.fromEntries(foreignKey.columns.map((name) => [name, OWN_KEY])) : undefined;
  return Object.fromEntries(
    foreignKey.columns.map((name, at) => [name, parent[foreignKey.referencedColumns[at] ?? '']]),
  );
}

function leavesOut({ attempt, position }: Choice, isSelf: boolean): boolean {
  return attempt >= 8 && ((attempt >> 3) + position + (isSelf ? 1 : 0)) % 2 === 1;
}

function withoutReference(foreignKey: ForeignKey, table: Table, soFar: Row): Row {
  const optional = foreignKey.columns.filter((name) => isNullable(table, name) && !Object.hasOwn(soFar, name));
  return Object.fromEntries(optional.map((name) => [name, null]));
}

/** The first attempt pairs rows one to one; further ones walk through all combinations. */
function pick({ index, attempt, position }: Choice, count: number): number {
  if (count === 0) return 0;
  return (
    (index +
      Math.floor(attempt / count ** Math.max(0, position - 1)) * (position === 0 ? 0 : 1) +
      (position === 0 ? Math.floor(attempt / count) : 0)) %
    count
  );
}

function isNullable(table: Table, name: string): boolean {
  return table.columns.some((column) => column.name === name && column.nullable);
}

/** Moves values that must lie above another column's to just above it. */
function repaired({ rules, table }: Filling, row: Row | undefined): Row | undefined {
  if (!row) return undefined;
  const changed: Record<string, unknown> = Object.assign(Object.create(null), row) as Record<string, unknown>;
  for (const rule of rules) {
    if (!isBroken(rule, changed) || rule.kind !== 'operation') continue;
    const [left, right] = rule.operands;
    if (left?.kind !== 'column' || right?.kind !== 'column') continue;
    const [high, low] = rule.operator.startsWith('>') ? [left.name, right.name] : [right.name, left.name];
    if (!rule.operator.startsWith('>') && !rule.operator.startsWith('<')) continue;
    if (isReferenceOrFilled(table, high)) continue;
    changed[high] = justAbove(changed[low]);
  }
  return changed;
}

function isReferenceOrFilled(table: Table, name: string): boolean {
  const column = table.columns.find((candidateColumn) => candidateColumn.name === name);
  return !column || isFilledByPostgres(column) || table.foreignKeys.some((key) => key.columns.includes(name));
}

function justAbove(value: unknown): unknown {
  if (typeof value === 'number') return value + 1;
  if (typeof value !== 'string') return value;
  if (/^-?\d+(\.\d+)?$/.test(value)) return (Number(value) + 1).toFixed(value.split('.')[1]?.length ?? 0);
  if (/^\d{2}:\d{2}/.test(value))
    return `${String(Math.min(23, Number(value.slice(0, 2)) + 1)).padStart(2, '0')}${value.slice(2)}`;
  const isDay = /^\d{4}-\d{2}-\d{2}$/.test(value);
  const time = Date.parse(isDay || value.endsWith('Z') ? value : `${value}Z`);
  if (Number.isNaN(time)) return value;
  return new Date(time + 86_400_000).toISOString().slice(0, isDay ? 10 : 19) + (value.endsWith('Z') ? 'Z' : '');
}

function fits({ table, rules }: Filling, rows: readonly Row[], row: Row): boolean {
  if (rules.some((rule) => isBroken(rule, row))) return false;
  const isComplete = table.columns.every(
    (column) => column.nullable || isFilledByPostgres(column) || (row[column.name] ?? undefined) !== undefined,
  );
  return isComplete && uniqueKeys(table).every((key) => isUnique(key, rows, row));
}

interface UniqueColumns {
  readonly columns: readonly string[];
  /** Rows that break it need not be unique. */
  readonly predicate?: Expression | undefined;
}

function uniqueKeys(table: Table): readonly UniqueColumns[] {
  const constraints = [table.primaryKey, ...table.uniques.map((unique) => unique.columns)];
  const indexes = table.indexes
    .filter((index) => index.unique)
    .map((index) => ({
      columns: index.keys.flatMap((key) => columnsOfKey(table, key)),
      predicate: index.predicate === undefined ? undefined : parseCheck(index.predicate),
    }));
  return [...constraints.map((columns) => ({ columns })), ...indexes].filter(({ columns }) => columns.length > 0);
}

/** An index's key is a column or an expression of some. */
function columnsOfKey(table: Table, key: string): readonly string[] {
  if (table.columns.some((column) => column.name === key)) return [key];
  const expression = parseCheck(key);
  return expression ? [...columnsIn(expression)] : [];
}

/** Nulls count as alike here, which is never too lax. */
function isUnique({ columns, predicate }: UniqueColumns, rows: readonly Row[], row: Row): boolean {
  const isExempt = (of: Row): boolean => predicate !== undefined && isBroken(predicate, of);
  if (isExempt(row) || columns.some((name) => row[name] === undefined)) return true;
  const keyOf = (of: Row): string => JSON.stringify(columns.map((name) => of[name] ?? null));
  return !rows.some((other) => !isExempt(other) && keyOf(other) === keyOf(row));
}

function asRequest(table: Table, row: Row): Record<string, unknown> {
  const given = table.columns.filter((column) => !isFilledByPostgres(column));
  return Object.fromEntries(given.map((column) => [fieldName(column.name), row[column.name]]));
}
