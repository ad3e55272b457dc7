import { isFilledByPostgres, type Column, type DatabaseSchema, type Table } from '../domain/database-schema.ts';
import { canHoldNow, CHANGED_AT, CREATED_AT, isMadeByBackend, isTimeName } from '../domain/made-by-backend.ts';
import { call, type ColumnCall } from './column-call.ts';
import { columnType, type ColumnType } from '../samples/column-type.ts';
import { proseLine } from './code-text.ts';
import { columnLimits, type ColumnLimits } from '../samples/column-limits.ts';
import { fieldName } from '../domain/field-name.ts';
import { secrecyOf } from './secrecy.ts';
import { textForm } from './text-form.ts';

/** How the backend's source describes the column. */
export function columnCall(
  column: Column,
  table: Table,
  keyColumns: readonly string[],
  schema: DatabaseSchema,
): ColumnCall {
  const type = columnType(column.type, schema);
  let result = valueCall(type, columnLimits(table).get(column.name) ?? {}, column.name);
  if (UNORDERED.has(type.name) && !type.isArray) result = call('opaque', result);
  result = withSecrecy(result, column, table, type);
  const reference = table.foreignKeys.find((key) => key.columns.includes(column.name));
  if (reference) {
    const field = fieldName(reference.referencedColumns[reference.columns.indexOf(column.name)] ?? '');
    result = call('references', reference.referencedTable, field, result);
  }
  if (column.nullable) result = call('nullable', result);
  result = withFilling(result, column, table, keyColumns, type);
  if (fieldName(column.name) !== column.name) result = call('named', column.name, result);
  return column.comment ? call('described', proseLine(column.comment), result) : result;
}

/** Checks say nothing about an array's items that we could read. */
function valueCall(type: ColumnType, limits: ColumnLimits, columnName: string): ColumnCall {
  return type.isArray ? call('array', elementCall(type, {}, '')) : elementCall(type, limits, columnName);
}

function elementCall({ name, modifiers, words }: ColumnType, limits: ColumnLimits, columnName: string): ColumnCall {
  if (words) return call('oneOf', words, name);
  const [length] = modifiers;
  switch (name) {
    case 'text':
    case 'citext':
    case 'name':
      return textCall(limits, columnName);
    case 'character varying':
      return textCall(limits, columnName, length);
    case 'character':
    case 'bpchar':
      return textCall(limits, columnName, length ?? 1);
    case 'smallint':
    case 'integer':
    case 'real':
      return call(name, numberLimits(limits));
    case 'bigint':
      return call(isTimeName(columnName) ? 'unixTime' : 'bigint', numberLimits(limits));
    case 'boolean':
    case 'uuid':
    case 'date':
      return call(name);
    case 'double precision':
      return call('double', numberLimits(limits));
    case 'numeric':
      return call('numeric', modifiers[0], modifiers[1], numberLimits(limits));
    case 'timestamp with time zone':
      return call('moment');
    case 'timestamp without time zone':
      return call('localTime');
    case 'time without time zone':
      return call('timeOfDay');
    case 'json':
    case 'jsonb':
      return call('json', name === 'json' ? 'json' : undefined);
    case 'bytea':
      return call('bytes');
    default:
      return call('written', name);
  }
}

function textCall(limits: ColumnLimits, columnName: string, declaredLength = Infinity): ColumnCall {
  const { words, maxLength = Infinity } = limits;
  if (words?.every((word) => typeof word === 'string')) return call('oneOf', words);
  const length = Math.min(maxLength, declaredLength);
  return call('text', {
    ...(limits.minLength ? { minLength: limits.minLength } : {}),
    ...(length < Infinity ? { maxLength: length } : {}),
    ...(limits.pattern === undefined ? textForm(columnName, length) : {}),
  });
}

function numberLimits({ minimum, maximum, exclusiveMinimum, exclusiveMaximum }: ColumnLimits): object {
  const limits = Object.entries({ minimum, maximum, exclusiveMinimum, exclusiveMaximum });
  return Object.fromEntries(limits.filter(([, limit]) => limit !== undefined));
}

/** Types that Postgres cannot sort or compare with `=`. */
const UNORDERED = new Set([
  'point',
  'line',
  'lseg',
  'box',
  'path',
  'polygon',
  'circle',
  'xml',
  'tsvector',
  'tsquery',
  'hstore',
]);

function withSecrecy(value: ColumnCall, column: Column, table: Table, type: ColumnType): ColumnCall {
  const secrecy = secrecyOf(column, table, type);
  if (secrecy.kind === 'hashed') return call('secret', value, secrecy.hashLength);
  return secrecy.kind === 'hidden' ? call('writeOnly', value) : value;
}

/** What happens when a client gives no value. */
function withFilling(
  value: ColumnCall,
  column: Column,
  table: Table,
  keyColumns: readonly string[],
  type: ColumnType,
): ColumnCall {
  if (isFilledByPostgres(column)) return call('readOnly', value);
  const filled =
    column.default === undefined ? withOurFilling(value, column, table, keyColumns, type) : call('defaulted', value);
  const made = isMadeByBackend(column, table) ? call('readOnly', filled) : filled;
  if (!CHANGED_AT.test(column.name) || !canHoldNow(column.type)) return made;
  // The default counts the time the way the column wants it: in seconds or less, rounded or cut.
  return call('touched', made, PRESENT_TIME.test(column.default ?? '') ? 'default' : undefined);
}

const PRESENT_TIME = /now\(|current_(timestamp|date)|clock_timestamp|statement_timestamp|localtimestamp/i;

function withOurFilling(
  value: ColumnCall,
  column: Column,
  table: Table,
  keyColumns: readonly string[],
  type: ColumnType,
): ColumnCall {
  if (canHoldNow(column.type) && (CREATED_AT.test(column.name) || (CHANGED_AT.test(column.name) && !column.nullable))) {
    return call('stamped', value);
  }
  const isOwnId = keyColumns.length === 1 && keyColumns[0] === column.name && !isReference(column, table);
  if (!isOwnId || type.isArray || !OWN_ID.test(column.name)) return value;
  if (type.name === 'uuid') return call('randomUuid', value);
  return canHoldNanoId(type) ? call('nanoId', value) : value;
}

/** What identifies rows and says nothing else: a book's isbn or a page's slug is for people to choose. */
const OWN_ID = /(^|_|[a-z](?=[IU]))(id|uid|uuid|guid)$/i;

/** Shorter keys are codes that people choose: a country's, a currency's. */
function canHoldNanoId({ name, modifiers, words }: ColumnType): boolean {
  if (words) return false;
  if (['text', 'citext'].includes(name)) return true;
  return (
    ['character varying', 'character', 'bpchar'].includes(name) &&
    (modifiers[0] ?? (name === 'character varying' ? 21 : 1)) >= 12
  );
}

function isReference(column: Column, table: Table): boolean {
  return table.foreignKeys.some((key) => key.columns.includes(column.name));
}
