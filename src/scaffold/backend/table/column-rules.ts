import type { Column } from './column.ts';

// What may be done with columns: each function takes a column and gives it one more rule.

export const nullable = <Value>(column: Column<Value>): Column<Value | null> => ({ ...column, nullable: true });

/** Postgres has a value for it when a client gives none. */
export const defaulted = <Value>(column: Column<Value>): Column<Value> => ({ ...column, optional: true });

export const nanoId = <Value>(column: Column<Value>): Column<Value> => ({
  ...column,
  optional: true,
  filledWith: 'nano-id',
});

export const randomUuid = <Value>(column: Column<Value>): Column<Value> => ({
  ...column,
  optional: true,
  filledWith: 'uuid',
});

/** Set to the present time when a row is created without one. */
export const stamped = <Value>(column: Column<Value>): Column<Value> => ({
  ...column,
  optional: true,
  filledWith: 'now',
});

/** Set to the present time by every change that does not say otherwise. */
export const touched = <Value>(column: Column<Value>, to: 'now' | 'default' = 'now'): Column<Value> => ({
  ...column,
  touched: to,
});

/** Taken from no client: Postgres or this backend gives it its value. */
export const readOnly = <Value>(column: Column<Value>): Column<Value> => ({
  ...column,
  readOnly: true,
  optional: true,
});

/** Taken, never told: a token of someone else's. */
export const writeOnly = <Value>(column: Column<Value>): Column<Value> => ({
  ...column,
  writeOnly: true,
  opaque: true,
});

/** Taken, never told, and only a salted hash of at most `hashLength` characters is stored. */
export const secret = <Value>(column: Column<Value>, hashLength = 128): Column<Value> => ({
  ...writeOnly(column),
  schema: { type: 'string', minLength: 1, maxLength: 1024 },
  hashLength,
});

/** Cannot be filtered or sorted by. */
export const opaque = <Value>(column: Column<Value>): Column<Value> => ({ ...column, opaque: true });

/** Holds the value that `field` has in a row of `table`. */
export const references = <Value>(table: string, field: string, column: Column<Value>): Column<Value> => ({
  ...column,
  references: { table, field },
});

/** A column that Postgres knows by a name that cannot be used in JSON. */
export const named = <Value>(columnName: string, column: Column<Value>): Column<Value> => ({ ...column, columnName });

export const described = <Value>(description: string, column: Column<Value>): Column<Value> => ({
  ...column,
  schema: { ...column.schema, description },
  ...(column.input ? { input: { ...column.input, description } } : {}),
});
