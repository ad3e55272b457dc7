import type { DatabaseSchema, Table } from '../../../domain/database-schema.ts';
import { singularName, snakeCase } from '../names.ts';
import { listOf, q, type ClauseChange, type ClauseParts } from './clause-change.ts';
import { findColumn, findTable, type FoundColumn } from './find-names.ts';

/** A value more for a column that takes some only: of an enum, or of a check that lists them. */
export function addValue(
  schema: DatabaseSchema,
  { column = '', table: place = '', values = '' }: ClauseParts,
): ClauseChange | undefined {
  const found = findColumn(schema, column, place);
  const known = found && knownValues(schema, found);
  const added = listOf(values)
    .map(valueName)
    .filter((value) => value !== '' && !known?.values.includes(value));
  if (!found || !known || added.length === 0) return undefined;
  return {
    sql: known.add(added),
    reasoning: `${found.table.name}.${found.column} may be ${added.join(', ')} as well.`,
    warnings: found.others,
  };
}

/** «orders can also be cancelled»: the table's one column of values. */
export function addState(
  schema: DatabaseSchema,
  { table: place = '', values = '' }: ClauseParts,
): ClauseChange | undefined {
  const table = findTable(schema, place);
  const listing = table?.columns.filter(
    ({ name }) => knownValues(schema, { table, column: name, others: [] }) !== undefined,
  );
  const [only] = listing ?? [];
  return table && only && listing?.length === 1
    ? addValue(schema, { column: only.name, table: table.name, values })
    : undefined;
}

function valueName(words: string): string {
  return snakeCase(words.replaceAll(/^["'«]|["'»]$/g, ''));
}

interface KnownValues {
  readonly values: readonly string[];
  readonly add: (added: readonly string[]) => string;
}

function knownValues({ enums }: DatabaseSchema, { table, column }: FoundColumn): KnownValues | undefined {
  const type = table.columns.find(({ name }) => name === column)?.type.replaceAll('"', '');
  const found = enums.find(({ name }) => name === type);
  if (found)
    return {
      values: found.values,
      add: (added) => added.map((value) => `ALTER TYPE ${q(found.name)} ADD VALUE ${text(value)}`).join(';\n'),
    };
  const check = listingCheck(table, column);
  if (!check) return undefined;
  return {
    values: check.values,
    add: (added) =>
      [
        `ALTER TABLE ${q(table.name)} DROP CONSTRAINT ${q(check.name)}`,
        `ALTER TABLE ${q(table.name)} ADD CONSTRAINT ${q(check.name)} CHECK (${q(column)} IN (${[...check.values, ...added].map(text).join(', ')}))`,
      ].join(';\n'),
  };
}

/** `status IN ('a', 'b')`, which the catalog words as `(status)::text = ANY ((ARRAY['a'::character varying, …])::text[])`. */
function listingCheck(
  table: Table,
  column: string,
): { readonly name: string; readonly values: readonly string[] } | undefined {
  const bare = column.replaceAll(/[^\w]/g, '');
  const listing = new RegExp(
    String.raw`^\(*"?${bare}"?\)*(?:::[\w ]+)?\s*(?:IN\s*\(|=\s*ANY\s*\(+ARRAY\[)(?:\s*\(*'(?:[^']|'')*'\)*(?:::[\w ]+)?\)*(?:::[\w ]+)?\s*,?)+[\])]`,
    'i',
  );
  const check = table.checks.find(({ expression }) => listing.test(expression));
  const values = check?.expression.match(/'(?:[^']|'')*'/g)?.map((each) => each.slice(1, -1).replaceAll("''", "'"));
  return check && values && { name: check.name, values };
}

/** What a column has when nothing is given. */
export function setDefault(
  schema: DatabaseSchema,
  { column = '', table: place = '', value = '' }: ClauseParts,
): ClauseChange | undefined {
  const found = findColumn(schema, column, place);
  const given = found && constantFor(found, value);
  if (!found || given === undefined) return undefined;
  const { table, column: name } = found;
  return {
    sql: `ALTER TABLE ${q(table.name)} ALTER COLUMN ${q(name)} SET DEFAULT ${given}`,
    reasoning: `${table.name}.${name} is ${given} where it is left out; rows there are stay as they are.`,
    warnings: found.others,
  };
}

export function dropDefault(
  schema: DatabaseSchema,
  { column = '', table: place = '' }: ClauseParts,
): ClauseChange | undefined {
  const found = findColumn(schema, column, place);
  return (
    found && {
      sql: `ALTER TABLE ${q(found.table.name)} ALTER COLUMN ${q(found.column)} DROP DEFAULT`,
      reasoning: `${found.table.name}.${found.column} has no default any more.`,
      warnings: found.others,
    }
  );
}

/** The words as a constant of the column's type; undefined where they are none. */
function constantFor({ table, column }: FoundColumn, words: string): string | undefined {
  const type = table.columns.find(({ name }) => name === column)?.type ?? '';
  const value = words.trim().replaceAll(/^["'«]|["'»]$/g, '');
  if (/^(?:smallint|integer|bigint|numeric|real|double)/.test(type)) {
    const number = value.toLowerCase() === 'zero' ? '0' : value;
    return /^-?\d+(?:\.\d+)?$/.test(number) ? number : undefined;
  }
  if (type === 'boolean') {
    if (/^(?:true|yes|on)$/i.test(value)) return 'true';
    return /^(?:false|no|off)$/i.test(value) ? 'false' : undefined;
  }
  return /^(?:character|text|varchar)/.test(type) || !type.includes(' ') ? text(value) : undefined;
}

/** Rows that are marked as gone instead of being deleted. */
export function softDelete(schema: DatabaseSchema, { table: place = '' }: ClauseParts): ClauseChange | undefined {
  const table = findTable(schema, place);
  if (!table || table.columns.some(({ name }) => name === 'deleted_at')) return undefined;
  return {
    sql: `ALTER TABLE ${q(table.name)} ADD COLUMN deleted_at bigint`,
    reasoning: `${table.name} get deleted_at, the unix seconds when a ${singularName(table.name)} was deleted, empty while it is not.`,
    warnings: [
      `Only the column is made: DELETE still removes ${table.name}, and lists show those with deleted_at. That takes code.`,
    ],
  };
}

function text(value: string): string {
  return `'${value.replaceAll("'", "''")}'`;
}
