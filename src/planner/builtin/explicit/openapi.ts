import type { DraftColumn, DraftTable } from '../draft.ts';
import type { TableNotation } from '../notation.ts';
import { columnName, snakeCase, tableName } from '../names.ts';
import { enumColumn, isHouseColumn, parseColumn, uniqueColumns } from '../notation.ts';
import { inferColumn } from '../infer-column.ts';
import { fromNotations } from './from-notations.ts';
import { readYamlTree, type Tree } from './yaml-tree.ts';

/** Schemas that wrap what is stored, or say what went wrong. */
const NOT_STORED =
  /(error|problem|response|request|input|create|update|patch|list|page|query|params?|result|payload|body|login|token|dto|pagination|meta|envelope)$/i;

/** The tables behind an OpenAPI or Swagger document in the prompt: one per stored component schema, else per path. */
export function readOpenApi(prompt: string): DraftTable[] {
  if (!/["']?(openapi|swagger)["']?\s*:/i.test(prompt)) return [];
  const document = readDocument(prompt);
  if (document === undefined) return [];
  const schemas = branch(branch(document, 'components'), 'schemas') ?? branch(document, 'definitions') ?? {};
  const stored = Object.entries(schemas).filter(([name, schema]) => !NOT_STORED.test(name) && isObject(schema));
  const names = new Map(stored.map(([name]) => [name, tableName(name)]));
  const tables = stored.map(([name, schema]) => schemaTable(name, schema as Tree, names));
  return fromNotations(tables.length > 0 ? tables.filter((table) => table !== undefined) : pathTables(document));
}

function readDocument(prompt: string): Tree | undefined {
  const start = prompt.indexOf('{');
  if (start !== -1 && /^\s*\{\s*"/.test(prompt.slice(start))) {
    try {
      const parsed: unknown = JSON.parse(prompt.slice(start, prompt.lastIndexOf('}') + 1));
      return isTree(parsed) ? parsed : undefined;
    } catch {
      return undefined;
    }
  }
  const from = prompt.search(/^\s*["']?(openapi|swagger)["']?\s*:/im);
  return from === -1 ? undefined : readYamlTree(prompt.slice(from));
}

function schemaTable(
  name: string,
  schema: Tree,
  names: ReadonlyMap<string, string | undefined>,
): TableNotation | undefined {
  const table = names.get(name);
  if (table === undefined) return undefined;
  const required = new Set(Array.isArray(schema['required']) ? schema['required'].map(String) : []);
  const properties = Object.entries(branch(schema, 'properties') ?? {}).filter(
    ([key]) => !isHouseColumn(snakeCase(key)),
  );
  const columns = properties.map(([key, property]) =>
    propertyColumn(key, isTree(property) ? property : {}, required.has(key), names),
  );
  return { name: table, columns: uniqueColumns(columns.filter((column) => column !== undefined)), links: [] };
}

function propertyColumn(
  key: string,
  property: Tree,
  isRequired: boolean,
  names: ReadonlyMap<string, string | undefined>,
): DraftColumn | undefined {
  const name = columnName(key);
  // A list of other objects is the other table's key to this one, and no column here.
  if (name === undefined || (property['type'] === 'array' && referenced(property['items'], names))) return undefined;
  const target = referenced(property, names);
  if (target)
    return { name: `${name.replace(/_id$/, '')}_id`, type: 'varchar', nullable: !isRequired, references: target };
  if (Array.isArray(property['enum']))
    return { ...enumColumn(name, property['enum'].map(String)), nullable: !isRequired };
  return { ...typedColumn(name, property), nullable: !isRequired };
}

function typedColumn(name: string, property: Tree): DraftColumn {
  const type = textOf(property['type']);
  const format = textOf(property['format']);
  const inferred = inferColumn(name);
  if (['date', 'date-time'].includes(format)) return { ...inferred, type: 'bigint' };
  const isGuessRight =
    type === 'string'
      ? /char|text/.test(inferred.type)
      : /^(integer|numeric|bigint|double|boolean)/.test(inferred.type);
  return isGuessRight ? inferred : (parseColumn(`${name}:${type || 'string'}`) ?? inferred);
}

function textOf(value: unknown): string {
  return typeof value === 'string' ? value : '';
}

/** Paths such as `/posts/{id}/comments` name their tables. */
function pathTables(document: Tree): TableNotation[] {
  const parts = Object.keys(branch(document, 'paths') ?? {}).flatMap((path) =>
    path.split('/').filter((part) => /^[a-z][a-z0-9_-]*s$/i.test(part)),
  );
  const names = [...new Set(parts.map((part) => tableName(part)))].filter((name) => name !== undefined);
  return names.map((name) => ({ name, columns: [{ ...inferColumn('name'), nullable: false }], links: [] }));
}

function referenced(value: unknown, names: ReadonlyMap<string, string | undefined>): string | undefined {
  const reference = isTree(value) ? value['$ref'] : undefined;
  return typeof reference === 'string' ? names.get(reference.split('/').at(-1) ?? '') : undefined;
}

function isObject(schema: unknown): boolean {
  return isTree(schema) && isTree(schema['properties']);
}

function branch(tree: Tree | undefined, key: string): Tree | undefined {
  const value = tree?.[key];
  return isTree(value) ? value : undefined;
}

function isTree(value: unknown): value is Tree {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
