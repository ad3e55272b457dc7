import type { DatabaseSchema } from '../domain/database-schema.ts';
import { changeableColumns } from './backend/table/table.ts';
import { sampleRows } from './sample-rows.ts';
import type { TableModel } from './table-model.ts';
import { fieldName } from './field-name.ts';

/** What to type to try one table's part of the API, as shell lines; those of earlier tables have run before. */
export interface CurlLines {
  readonly model: TableModel;
  readonly lines: readonly string[];
}

/** The row after those that the seed brings, so that both can be there. */
export function curlLines(schema: DatabaseSchema, models: readonly TableModel[], seededRows: number): readonly CurlLines[] {
  const samples = new Map(sampleRows(schema, seededRows + 1).map(({ table, rows }) => [table, rows]));
  const variables = new Map<string, string>();
  return models.map((model) => {
    const row = samples.get(model.table.name)?.at(-1);
    const lines = row ? linesFor(model, row, variables) : [];
    return { model, lines };
  });
}

type Row = Readonly<Record<string, unknown>>;

function linesFor(
  model: TableModel,
  row: Row,
  variables: Map<string, string>,
): string[] {
  const { collectionPath, keyColumns, api } = model;
  const create = `curl -s "$API${collectionPath}" -H 'content-type: application/json' -d ${shellJson(bodyFields(model, row), model, variables)}`;
  const lines: string[] = [];
  if (keyColumns.length === 1 && keyColumns[0] !== undefined) {
    const [key] = keyColumns;
    const variable = variableName(model);
    lines.push(`${variable}=$(${create} | field ${shellQuoted(fieldName(key))})`);
    variables.set(`${model.table.name}.${key}`, variable);
  } else {
    lines.push(create);
  }
  lines.push(`curl -s "$API${collectionPath}?limit=10"`);
  const [, variable] = [...variables].findLast(([name]) => name === `${model.table.name}.${keyColumns[0]}`) ?? [];
  if (!variable) return lines;
  const item = `"$API${collectionPath}/$${variable}"`;
  lines.push(`curl -s ${item}`);
  const change = changeableColumns(api).find(([field, column]) => !column.references && !column.nullable && row[field] !== undefined);
  if (change) {
    const changes = shellJson({ [change[0]]: row[change[0]] }, model, variables);
    lines.push(`curl -s -X PATCH ${item} -H 'content-type: application/json' -d ${changes}`);
  }
  return lines;
}

/** What the row must have, and what it refers to. */
function bodyFields(model: TableModel, row: Row): Row {
  const wanted = Object.entries(model.api.columns).filter(
    ([field, column]) => !column.optional && !column.readOnly && row[field] !== undefined && row[field] !== null && (!column.nullable || hasRule(model, field)),
  );
  return Object.fromEntries(wanted.map(([field]) => [field, row[field]]));
}

/** Whether a check speaks of the column, which then may not be left out just because it may be null. */
function hasRule(model: TableModel, field: string): boolean {
  return model.table.checks.some((check) => check.expression.includes(field));
}

/** JSON in single quotes, with shell variables in place of the keys that earlier lines have put there. */
function shellJson(fields: Row, model: TableModel, variables: ReadonlyMap<string, string>): string {
  const parts = Object.entries(fields).map(([field, value]) => {
    const reference = model.api.columns[field]?.references;
    const variable = reference && variables.get(`${reference.table}.${reference.field}`);
    const json = variable ? quoteVariable(variable, value) : shellEscaped(JSON.stringify(value));
    return `${shellEscaped(JSON.stringify(field))}:${json}`;
  });
  return `'{${parts.join(',')}}'`;
}

function quoteVariable(variable: string, value: unknown): string {
  return typeof value === 'string' ? `"'"$${variable}"'"` : `'"$${variable}"'`;
}

function variableName(model: TableModel): string {
  return `${model.names.model.replace(/([a-z0-9])([A-Z])/g, '$1_$2').toUpperCase()}_ID`;
}

function shellQuoted(text: string): string {
  return `'${shellEscaped(text)}'`;
}

function shellEscaped(text: string): string {
  return text.replaceAll("'", `'\\''`);
}
