import { plainRecord } from '../../domain/plain-record.ts';
import type { DatabaseSchema, ForeignKey, Table } from '../../domain/database-schema.ts';
import type { ResourceApi } from '../../scaffold/scaffold.ts';
import type { ApiDocument, Operation } from '../api-document.ts';
import { propertiesOf, isObject, type JsonSchema } from '../json-schema.ts';
import { dereference } from './hostile-input.ts';

export type Row = Readonly<Record<string, unknown>>;

/** A row that the backend took: what was sent for which sample, and what it answered. */
export interface StoredRow {
  readonly sample: Row;
  readonly sent: Row;
  readonly body: Row;
}

/** A table of the backend with the operations that the document has for it, and the rows that were made so far. */
export interface Resource {
  readonly table: Table;
  readonly api: ResourceApi;
  readonly list: Operation | undefined;
  readonly create: Operation | undefined;
  readonly read: Operation | undefined;
  readonly update: Operation | undefined;
  readonly remove: Operation | undefined;
  readonly nested: readonly NestedList[];
  readonly stored: StoredRow[];
}

interface NestedList {
  readonly operation: Operation;
  /** Whose rows it lists, and the column of theirs that names the parent. */
  readonly table: string;
  readonly column: string;
}

/** One resource a table, in the schema's order; `missing` names the operations that the document lacks. */
export function resourcesOf(
  schema: DatabaseSchema,
  apis: readonly ResourceApi[],
  document: ApiDocument,
): { readonly resources: readonly Resource[]; readonly missing: readonly string[] } {
  const missing: string[] = [];
  const resources = schema.tables.flatMap((table) => {
    const api = apis.find((one) => one.table === table.name);
    return api ? [resourceOf(table, api, document, missing)] : [];
  });
  return { resources, missing };
}

function resourceOf(table: Table, api: ResourceApi, document: ApiDocument, missing: string[]): Resource {
  const find = (methods: readonly string[], path: string) => {
    const found = document.operations.find((one) => one.path === path && methods.includes(one.method));
    if (!found) missing.push(`${methods.join(' or ')} ${path}`);
    return found;
  };
  const operation = (name: ResourceApi['operations'][number], methods: readonly string[], path: string | undefined) =>
    api.operations.includes(name) && path !== undefined ? find(methods, path) : undefined;
  return {
    table,
    api,
    list: operation('list', ['GET'], api.collectionPath),
    create: operation('create', ['POST'], api.collectionPath),
    read: operation('read', ['GET'], api.itemPath),
    update: operation('update', ['PATCH', 'PUT'], api.itemPath),
    remove: operation('delete', ['DELETE'], api.itemPath),
    nested: api.nested.flatMap(({ path, table: child, column }) => {
      const nested = find(['GET'], path);
      return nested ? [{ operation: nested, table: child, column }] : [];
    }),
    stored: [],
  };
}

/** The values for an operation's placeholders: the row's key, column by column in the order of the path. */
export function keyOf(resource: Resource, operation: Operation, row: Row): Record<string, string> {
  const names = operation.parameters.filter((parameter) => parameter.in === 'path').map(({ name }) => name);
  const inPath = [...operation.path.matchAll(/\{([^}]+)\}/g)].map(([, name]) => name ?? '');
  return Object.fromEntries(
    inPath
      .filter((name) => names.includes(name))
      .map((name, index) => [name, String(row[resource.api.keyColumns[index] ?? name])]),
  );
}

/** The body that makes the sample a row: what the operation takes of it, with keys of parents as they came to be. */
export function bodyFor(
  sample: Row,
  resource: Resource,
  resources: readonly Resource[],
  properties: readonly string[],
): Row {
  const known = parentValues(sample, resource, resources);
  return plainRecord(
    Object.entries(sample)
      .filter(([name, value]) => properties.includes(name) && value !== undefined)
      .map(([name, value]) => [name, known.get(name) ?? value]),
  );
}

/** For each column of a foreign key, the parent's value as the backend answered it. */
function parentValues(sample: Row, resource: Resource, resources: readonly Resource[]): Map<string, unknown> {
  const values = new Map<string, unknown>();
  for (const key of resource.table.foreignKeys) {
    const parent = parentOf(key, sample, resources);
    key.columns.forEach((column, index) => {
      const value = parent?.body[key.referencedColumns[index] ?? ''];
      if (value !== undefined && sample[column] !== null) values.set(column, value);
    });
  }
  return values;
}

function parentOf(key: ForeignKey, sample: Row, resources: readonly Resource[]): StoredRow | undefined {
  const parents = resources.find((one) => one.table.name === key.referencedTable)?.stored ?? [];
  return parents.find((parent) =>
    key.columns.every((column, index) => parent.sample[key.referencedColumns[index] ?? ''] === sample[column]),
  );
}

export function bodySchema(operation: Operation, document: ApiDocument): JsonSchema {
  return dereference(operation.body?.schema ?? true, (reference) => document.resolve(reference));
}

export function bodyProperties(operation: Operation, document: ApiDocument): Readonly<Record<string, JsonSchema>> {
  return propertiesOf(bodySchema(operation, document));
}

/** A row as the backend answers it, with its own members alone: a field may have any name. */
export function rowOf(json: unknown): Row {
  return plainRecord(isObject(json) ? Object.entries(json) : []);
}

/** A page of a list: its rows and where the next page starts. */
export function readPage(json: unknown): { readonly rows: readonly Row[]; readonly next: string | undefined } {
  if (!isObject(json) || !Array.isArray(json['data'])) return { rows: [], next: undefined };
  const next = Object.entries(json).find(([name]) => /cursor$/i.test(name))?.[1];
  return { rows: json['data'].filter(isObject).map(rowOf), next: typeof next === 'string' ? next : undefined };
}

/** The same rows, in whatever order. */
export function sameRows(found: readonly Row[], expected: readonly Row[]): boolean {
  return inOneOrder(found) === inOneOrder(expected);
}

function inOneOrder(rows: readonly Row[]): string {
  return JSON.stringify(rows.map((row) => JSON.stringify(row)).toSorted());
}

/** Equal as the same value of a column: JSON has several spellings for numbers and times. */
export function sameValue(sent: unknown, found: unknown): boolean {
  if (JSON.stringify(sorted(sent)) === JSON.stringify(sorted(found))) return true;
  if (!isScalar(sent) || !isScalar(found)) return false;
  const [a, b] = [String(sent), String(found)];
  const bothNumbers = [a, b].every((text) => /^-?\d+(\.\d+)?$/.test(text));
  if (bothNumbers) return canonicalNumber(a) === canonicalNumber(b);
  const bothTimes = [a, b].every((text) => /^\d{4}-\d\d-\d\d[T ]\d\d:\d\d/.test(text));
  return bothTimes ? Date.parse(a) === Date.parse(b) : a.trimEnd() === b.trimEnd();
}

export function isScalar(value: unknown): value is string | number | boolean {
  return ['string', 'number', 'boolean'].includes(typeof value);
}

function canonicalNumber(text: string): string {
  const [whole = '', fraction = ''] = text.split('.');
  const rest = fraction.replace(/0+$/, '');
  return `${whole.replace(/^(-?)0+(?=\d)/, '$1')}${rest === '' ? '' : `.${rest}`}`;
}

/** With the keys of objects in one order: jsonb keeps none. */
function sorted(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(sorted);
  if (!isObject(value)) return value;
  return Object.fromEntries(
    Object.keys(value)
      .toSorted()
      .map((key) => [key, sorted(value[key])]),
  );
}
