import type { JsonSchema } from '../http/json-schema.ts';
import { inputSchema, type Column } from './column.ts';

export interface Table<Columns extends ColumnsByField = ColumnsByField> {
  /** Its name in Postgres. */
  readonly name: string;
  /** What the API's documents call one row: `BlogPost`. */
  readonly model: string;
  /** The same for a sentence: `blog post`. */
  readonly singular: string;
  readonly plural: string;
  /** The fields that tell its rows apart, in order; empty when nothing does. */
  readonly key: readonly string[];
  /** How its lists are ordered when nobody asks: the newest first. Undefined: by key. */
  readonly order?: Sort;
  /** The fields that an index starts with: what goes by others reads the whole table. */
  readonly indexed: readonly string[];
  readonly columns: Columns;
}

export interface Sort {
  readonly field: string;
  readonly descending: boolean;
}

export type ColumnsByField = { readonly [field: string]: Column };

/** A row of the table as an answer holds it. */
export type RowOf<T extends Table> = {
  readonly [Field in keyof T['columns']]: T['columns'][Field] extends Column<infer Value> ? Value : never;
};

export function table<Columns extends ColumnsByField>(definition: Table<Columns>): Table<Columns> {
  return definition;
}

/** The columns that an answer shows, by field. */
export function shownColumns(of: Table): [string, Column][] {
  return Object.entries(of.columns).filter(([, column]) => !column.writeOnly);
}

/** The columns that a list can be filtered and sorted by, by field. */
export function comparableColumns(of: Table): [string, Column][] {
  return Object.entries(of.columns).filter(([, column]) => !column.opaque && !column.writeOnly);
}

/** The columns that a change may set, by field: a row keeps its key. */
export function changeableColumns(of: Table): [string, Column][] {
  return Object.entries(of.columns).filter(([field, column]) => !column.readOnly && !of.key.includes(field));
}

/** A row in an answer. */
export function rowSchema(of: Table): JsonSchema {
  const shown = shownColumns(of);
  return {
    title: of.model,
    type: 'object',
    required: shown.map(([field]) => field),
    properties: Object.fromEntries(
      shown.map(([field, column]) => [field, withNotes(orNull(column.schema, column), column)]),
    ),
  };
}

/** The body of a request that creates a row. */
export function newRowSchema(of: Table): JsonSchema {
  const taken = Object.entries(of.columns).filter(([, column]) => !column.readOnly);
  return {
    title: `New${of.model}`,
    type: 'object',
    additionalProperties: false,
    required: taken.filter(([, column]) => !column.optional && !column.nullable).map(([field]) => field),
    properties: inputProperties(taken),
  };
}

/** The body of a request that changes a row: any part of it. */
export function changesSchema(of: Table): JsonSchema {
  return {
    title: `${of.model}Changes`,
    type: 'object',
    additionalProperties: false,
    minProperties: 1,
    properties: inputProperties(changeableColumns(of)),
  };
}

function inputProperties(columns: readonly [string, Column][]): JsonSchema {
  return Object.fromEntries(
    columns.map(([field, column]) => [field, withNotes(orNull(inputSchema(column), column), column)]),
  );
}

function orNull(schema: JsonSchema, column: Column): JsonSchema {
  if (!column.nullable || schema['type'] === undefined) return schema;
  const types = [schema['type']].flat();
  return {
    ...schema,
    type: [...types, 'null'],
    ...(Array.isArray(schema['enum']) ? { enum: [...schema['enum'], null] } : {}),
  };
}

function withNotes(schema: JsonSchema, column: Column): JsonSchema {
  const notes = [
    schema['description'],
    column.references && `Refers to ${column.references.table}.${column.references.field}.`,
    secretNote(column),
  ].filter(Boolean);
  return {
    ...schema,
    ...(notes.length > 0 ? { description: notes.join(' ') } : {}),
    ...(column.readOnly ? { readOnly: true } : {}),
    ...(column.writeOnly ? { writeOnly: true } : {}),
    ...(column.references ? { 'x-references': column.references } : {}),
  };
}

function secretNote({ writeOnly, hashLength }: Column): string | undefined {
  if (hashLength !== undefined) return 'Give it as it is: only a salted hash is kept, and it is never told.';
  return writeOnly ? 'Kept as given, never told.' : undefined;
}
