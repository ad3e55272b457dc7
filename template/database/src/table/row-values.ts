import { randomUUID } from 'node:crypto';
import { escapePointer, Problem, type Complaint } from '../problem.ts';
import { MAX_PARAMETER_LENGTH } from '../http/new-app.ts';
import type { Column } from './column.ts';
import { hashSecret } from './hash-secret.ts';
import { nanoId } from './nano-id.ts';
import type { Parameters } from './statements.ts';
import type { Table } from './table.ts';

/** Values of columns by field, as they came in a request. */
export type Values = Readonly<Record<string, unknown>>;

/** The values with an id of our making where the client gave none. */
export function withGeneratedIds(table: Table, values: Values): Values {
  const missing = Object.entries(table.columns).filter(([field]) => !Object.hasOwn(values, field));
  return {
    ...values,
    ...Object.fromEntries(
      missing.flatMap(([field, column]) => {
        const id = newId(column);
        return id === undefined ? [] : [[field, id]];
      }),
    ),
  };
}

/** The values as parameters, in the table's order of columns. Throws a 400 for what no schema can rule out. */
export async function toParameters(table: Table, values: Values): Promise<Parameters> {
  const given = Object.entries(table.columns).filter(([field]) => Object.hasOwn(values, field));
  const complaints = given.flatMap(([field, column]) => [
    ...complaintAbout(field, column, values[field]),
    ...(table.key.includes(field) ? unaddressable(field, values[field]) : []),
  ]);
  if (complaints.length > 0) throw new Problem(400, 'The request body is not as documented.', complaints);
  const parameters = given.map(async ([field, column]) => [field, await toParameter(column, values[field])] as const);
  return Object.fromEntries(await Promise.all(parameters));
}

function newId(column: Column): string | undefined {
  if (column.filledWith === 'uuid') return randomUUID();
  if (column.filledWith !== 'nano-id') return undefined;
  const { maxLength } = column.schema;
  return nanoId(typeof maxLength === 'number' ? maxLength : undefined);
}

function complaintAbout(field: string, column: Column, value: unknown): Complaint[] {
  const detail = value === null ? undefined : column.complain?.(value);
  return detail ? [{ pointer: `/${escapePointer(field)}`, detail }] : [];
}

/** A key is a part of its row's path: clients fold dots away, and a path ends where a part is empty. */
function unaddressable(field: string, value: unknown): Complaint[] {
  if (typeof value !== 'string') return [];
  const pointer = `/${escapePointer(field)}`;
  if (/^\.{0,2} *$/.test(value)) return [{ pointer, detail: 'must be more than nothing, one dot or two: it is part of a path' }];
  return value.length > MAX_PARAMETER_LENGTH ? [{ pointer, detail: 'is too long for a part of a path' }] : [];
}

async function toParameter(column: Column, value: unknown): Promise<unknown> {
  if (value === null && column.nullable) return null;
  if (column.hashLength !== undefined) return hashSecret(String(value), column.hashLength);
  return column.encode ? column.encode(value) : value;
}
