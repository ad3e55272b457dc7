import { isFilledByPostgres, type Column, type DatabaseSchema, type Table } from '../domain/database-schema.ts';
import { isBroken, type Row } from './check-evaluation.ts';
import { parseCheck, type Expression } from './check-expression.ts';
import { columnLimits, columnsIn, conditions, type ColumnLimits } from './column-limits.ts';
import { columnType } from './column-type.ts';
import { repairRow } from './repair-row.ts';
import { referenceToItself, referTo } from './sample-references.ts';
import { sampleValue } from './sample-values.ts';
import { nameTables } from '../domain/table-names.ts';
import { fieldName } from '../domain/field-name.ts';
import { plainRecord } from '../domain/plain-record.ts';

export interface SampleTable {
  readonly table: string;
  /** By field, as a request that creates the row has it. Columns that Postgres fills are left out. */
  readonly rows: readonly Record<string, unknown>[];
}

/**
 * Rows for every table, in an order in which they can be inserted, as far as the schema's rules could be understood.
 * Where a table can hold no more (a unique column with two possible values) there are fewer rows than asked for.
 *
 * A reference to a row that Postgres numbers, straight or by way of other references, is that row's place in its
 * table's rows, counted from 1: right as it is for a table that never held a row, else to be replaced by the number that
 * the row was given.
 */
export function sampleRows(schema: DatabaseSchema, rowsPerTable: number): readonly SampleTable[] {
  const done = new Map<string, readonly Row[]>();
  const names = nameTables(schema);
  for (const table of schema.tables) {
    const singular = names.get(table.name)?.singular ?? table.name;
    done.set(table.name, fillTable({ table, singular, schema, done }, rowsPerTable));
  }
  return schema.tables.map((table) => ({
    table: table.name,
    rows: (done.get(table.name) ?? []).map((row) => asRequest(table, row)),
  }));
}

interface Filling {
  readonly table: Table;
  readonly singular: string;
  readonly schema: DatabaseSchema;
  readonly limits: ReadonlyMap<string, ColumnLimits>;
  readonly rules: readonly Expression[];
  readonly done: ReadonlyMap<string, readonly Row[]>;
}

/** Enough to try all pairs of a dozen parents. */
const ATTEMPTS = 150;

function fillTable(wanted: Omit<Filling, 'limits' | 'rules'>, count: number): readonly Row[] {
  const filling = { ...wanted, limits: columnLimits(wanted.table), rules: conditions(wanted.table) };
  const rows: Row[] = [];
  for (let index = 0; index < count; index++) {
    const row = firstFitting(filling, rows, index);
    if (row) rows.push(row);
  }
  return rows;
}

function firstFitting(filling: Filling, rows: readonly Row[], index: number): Row | undefined {
  for (let attempt = 0; attempt < ATTEMPTS; attempt++) {
    const proposed = candidate(filling, rows, index, attempt);
    const row = proposed && repairRow(proposed, filling.rules, filling.table);
    if (row && fits(filling, rows, row)) return row;
  }
  return undefined;
}

/** A row that may still break a rule; undefined when there is nothing to refer to. */
function candidate(filling: Filling, rows: readonly Row[], index: number, attempt: number): Row | undefined {
  const { table, singular, schema, limits } = filling;
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
            singular,
            column,
            type: columnType(column.type, schema),
            limits: limits.get(column.name) ?? {},
            position,
            row: index,
            attempt,
          });
  }
  return Object.assign(row, referenceToItself(table, row));
}

/** What Postgres will number the row, if it counts from 1; undefined for what it computes. */
function numberOf(column: Column, rowsBefore: number): number | undefined {
  return column.generated === undefined && column.type !== 'tsvector' ? rowsBefore + 1 : undefined;
}

/** Later attempts leave out some of what may be left out, for rules like «exactly one of the two». */
function mayLeaveNull(column: Column, position: number, attempt: number): boolean {
  return column.nullable && attempt >= 8 && ((attempt * 2_654_435_761) >>> (position % 24)) % 2 === 1;
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
  return plainRecord(given.map((column) => [fieldName(column.name), row[column.name]] as const));
}
