import type { Column } from '../table/column.ts';
import { comparableColumns, changesSchema, newRowSchema, rowSchema, type Table } from '../table/table.ts';
import type { JsonSchema } from './json-schema.ts';
import type { Operation } from './openapi.ts';

/** Rows of the table, page by page. `parent` for those that belong to one row of another. */
export function listOperation(of: Table, parent?: { readonly table: Table; readonly via: string }): Operation {
  const scope = parent ? ` of one ${parent.table.singular}, by ${parent.via}` : '';
  return {
    tags: [of.plural],
    summary: `List the ${of.plural}${scope}`,
    operationId: parent ? `list${of.model}By${parent.table.model}_${parent.via}` : `list${of.model}`,
    ...(parent ? { params: keySchema(parent.table) } : {}),
    ...(parent ? {} : { table: of.name }),
    querystring: listQuerySchema(of),
    response: { 200: pageSchema(of) },
    problems: parent ? [400, 404, 414, 503] : [400, 503],
  };
}

export function createOperation(of: Table): Operation {
  return {
    tags: [of.plural],
    summary: `Create one ${of.singular}`,
    operationId: `create${of.model}`,
    body: newRowSchema(of),
    response: { 201: rowSchema(of) },
    problems: [400, 409, 413, 415, 422, 503],
  };
}

export function readOperation(of: Table): Operation {
  return {
    tags: [of.plural],
    summary: `Read one ${of.singular}`,
    operationId: `read${of.model}`,
    params: keySchema(of),
    response: { 200: rowSchema(of) },
    problems: [400, 404, 414, 503],
  };
}

export function updateOperation(of: Table): Operation {
  return {
    tags: [of.plural],
    summary: `Change one ${of.singular}`,
    operationId: `update${of.model}`,
    params: keySchema(of),
    body: changesSchema(of),
    bodyTypes: ['application/json', 'application/merge-patch+json'],
    response: { 200: rowSchema(of) },
    problems: [400, 404, 409, 413, 414, 415, 422, 503],
  };
}

export function deleteOperation(of: Table): Operation {
  return {
    tags: [of.plural],
    summary: `Delete one ${of.singular}`,
    operationId: `delete${of.model}`,
    params: keySchema(of),
    response: { 204: undefined },
    problems: [400, 404, 409, 414, 503],
  };
}

/** `:id` of a path for the field `id`; a field with other letters gets a plain name. */
export function keyParameters(of: Table): readonly string[] {
  return of.key.map((field, index) => (/^[A-Za-z_]\w*$/.test(field) ? field : `key${index + 1}`));
}

function keySchema(of: Table): JsonSchema {
  const parameters = keyParameters(of);
  return {
    type: 'object',
    required: parameters,
    properties: Object.fromEntries(
      parameters.map((parameter, index) => [parameter, of.columns[of.key[index] ?? '']?.schema ?? {}]),
    ),
  };
}

function listQuerySchema(of: Table): JsonSchema {
  const fields = comparableColumns(of);
  const names = fields.map(([field]) => field);
  return {
    type: 'object',
    properties: {
      ...Object.assign({}, ...fields.map(([field, column]) => filterParameters(field, column))),
      limit: { type: 'integer', minimum: 1, maximum: 100, default: 20, description: 'How many rows at most.' },
      cursor: { type: 'string', description: 'The nextCursor of the page before.' },
      ...(names.length > 0
        ? {
            sort: {
              type: 'string',
              enum: names.flatMap((name) => [name, `-${name}`]),
              description: `The field to sort by; a minus in front turns the order round. ${sortNote(of)}`,
            },
          }
        : {}),
    },
  };
}

/** One parameter for each thing that a field can be asked for. */
function filterParameters(field: string, column: Column): Readonly<Record<string, JsonSchema>> {
  const { description: _, ...value } = column.schema;
  const ranges = hasRanges(column) ? RANGES.map(([operator, words]) => [operator, value, words] as const) : [];
  const list = column.type === 'boolean' ? [] : ([['in', TEXT, LIST_WORDS]] as const);
  const nothing = column.nullable ? ([['null', YES_OR_NO, 'no value, or with one: false']] as const) : [];
  const plain = LIST_PARAMETERS.includes(field) ? `${field}[eq]` : field;
  return Object.fromEntries([
    [plain, { ...value, description: `Only rows with this ${field}.` }],
    ...[...ranges, ...list, ...nothing].map(([operator, schema, words]) => [
      `${field}[${operator}]`,
      { ...schema, description: `Only rows with ${words}.` },
    ]),
  ]) as Record<string, JsonSchema>;
}

/** Texts can be compared as well; only few ask for it, so the document does not. */
function hasRanges({ type, schema }: Column): boolean {
  return !['text', 'boolean', 'uuid'].includes(type) && schema['enum'] === undefined;
}

const RANGES = [
  ['gte', 'at least this'],
  ['gt', 'more than this'],
  ['lte', 'at most this'],
  ['lt', 'less than this'],
] as const;
const LIST_WORDS = 'one of these, separated by commas; in double quotes a value may hold commas';
const TEXT = { type: 'string' };
const YES_OR_NO = { type: 'boolean' };

function sortNote({ order, key }: Table): string {
  if (!order) return key.length > 0 ? `By ${key.join(', ')} unless said.` : 'In no order unless said.';
  return `By ${order.descending ? '-' : ''}${order.field} unless said: the newest first.`;
}

/** Query parameters that are no field's filter; a field of the same name is filtered by `limit[eq]`. */
export const LIST_PARAMETERS: readonly string[] = ['limit', 'cursor', 'sort'];

/** What can stand in a filter's brackets. */
export const OPERATORS = ['gte', 'gt', 'lte', 'lt', 'in', 'null'] as const;

function pageSchema(of: Table): JsonSchema {
  return {
    title: `${of.model}Page`,
    type: 'object',
    required: ['data', 'nextCursor'],
    properties: {
      data: { type: 'array', items: rowSchema(of) },
      nextCursor: {
        type: ['string', 'null'],
        description: 'Where the next page starts; null on the last page.',
      },
    },
  };
}
