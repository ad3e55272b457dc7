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
      ...Object.fromEntries(
        fields.map(([field, column]) => [
          LIST_PARAMETERS.includes(field) ? `${field}[eq]` : field,
          {
            ...column.schema,
            description: `Only rows with this ${field}; also ${OPERATORS.map((name) => `\`${field}[${name}]\``).join(', ')}.`,
          },
        ]),
      ),
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
