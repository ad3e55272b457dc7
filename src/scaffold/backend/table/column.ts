import type { JsonSchema } from '../http/json-schema.ts';

/** One column of a table: what it holds, and what a client may do with it. `Value` is its type in an answer. */
export interface Column<Value = unknown> {
  /** Its type in Postgres, without length or precision. */
  readonly type: string;
  /** What an answer holds; null aside. */
  readonly schema: JsonSchema;
  /** What a request may hold, where that is more than an answer does. */
  readonly input?: JsonSchema;
  readonly nullable?: boolean;
  /** May be left out when a row is created. */
  readonly optional?: boolean;
  /** Taken from no client. */
  readonly readOnly?: boolean;
  /** Told to no client. */
  readonly writeOnly?: boolean;
  /** Cannot be filtered or sorted by. */
  readonly opaque?: boolean;
  /** Its name in Postgres, where the API has another. */
  readonly columnName?: string;
  /** What it points at: a field of another table's rows. */
  readonly references?: { readonly table: string; readonly field: string };
  /** What we put in when a new row comes without a value. */
  readonly filledWith?: 'nano-id' | 'uuid' | 'now';
  /** Set by every change: to the present time, or to the default where that is the present time. */
  readonly touched?: 'now' | 'default';
  /** How many characters a hash may have; the value itself is never stored. */
  readonly hashLength?: number;
  /** Read as an array of texts: the driver knows no array of this type. */
  readonly readAs?: 'text[]';
  /** What is wrong with a value that passed the schema. */
  readonly complain?: (value: unknown) => string | undefined;
  /** A JSON value as a parameter of a statement. */
  readonly encode?: (value: unknown) => unknown;
  /** Whether text from a URL can be such a value; Postgres has the last word. */
  readonly readable?: (text: string) => boolean;
  /** Never there: carries the type. */
  readonly value?: Value;
}

/** What a request may hold for the column; null aside. */
export function inputSchema(column: Column): JsonSchema {
  return column.input ?? column.schema;
}
