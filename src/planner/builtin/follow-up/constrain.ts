import type { DatabaseSchema } from '../../../domain/database-schema.ts';
import { singularName, snakeCase } from '../names.ts';
import { listOf, q, type ClauseChange, type ClauseParts } from './clause-change.ts';
import { findColumn, findTable } from './find-names.ts';

export function makeHow(schema: DatabaseSchema, parts: ClauseParts): ClauseChange | undefined {
  return ofEach(listOf(parts['column'] ?? ''), (column) => makeOne(schema, { ...parts, column }));
}

/** One change of several; undefined unless each was understood. */
export function ofEach(
  columns: readonly string[],
  change: (column: string) => ClauseChange | undefined,
): ClauseChange | undefined {
  const changes = columns.flatMap((column) => change(column) ?? []);
  if (changes.length === 0 || changes.length < columns.length) return undefined;
  return {
    sql: changes.map(({ sql }) => sql).join(';\n'),
    reasoning: changes.map(({ reasoning }) => reasoning).join(' '),
    warnings: changes.flatMap(({ warnings = [] }) => warnings),
  };
}

function makeOne(
  schema: DatabaseSchema,
  { column = '', how = '', table: place = '' }: ClauseParts,
): ClauseChange | undefined {
  const found = findColumn(schema, column, place);
  if (!found) return undefined;
  const { table, column: name, others } = found;
  const at = `${table.name}.${name}`;
  if (/unique/i.test(how))
    return {
      sql: `ALTER TABLE ${q(table.name)} ADD UNIQUE (${q(name)})`,
      reasoning: `No two rows of ${table.name} have the same ${name}.`,
      warnings: others,
    };
  const optional = /optional|nullable|not\s+required/i.test(how);
  return {
    sql: `ALTER TABLE ${q(table.name)} ALTER COLUMN ${q(name)} ${optional ? 'DROP' : 'SET'} NOT NULL`,
    reasoning: optional ? `${at} may be left out.` : `${at} has to be given.`,
    warnings: others,
  };
}

export function onePer(schema: DatabaseSchema, { row = '', columns = '' }: ClauseParts): ClauseChange | undefined {
  const table = findTable(schema, row);
  const names = listOf(columns).map(
    (part) =>
      table &&
      (
        findColumn({ ...schema, tables: [table] }, part, table.name) ??
        findColumn({ ...schema, tables: [table] }, `${part} id`, table.name)
      )?.column,
  );
  if (!table || names.length === 0 || names.some((name) => name === undefined)) return undefined;
  const keys = names.flatMap((name) => name ?? []);
  return {
    sql: `ALTER TABLE ${q(table.name)} ADD UNIQUE (${keys.map(q).join(', ')})`,
    reasoning: `At most one row of ${table.name} for each ${keys.join(' and ')}.`,
  };
}

/** «users may vote only once per request»: one row of what they do for each pair. */
export function oncePer(
  schema: DatabaseSchema,
  { who = '', verb = '', what = '' }: ClauseParts,
): ClauseChange | undefined {
  return onePer(schema, {
    row: verb,
    columns: `${singularName(snakeCase(who))} and ${singularName(snakeCase(what))}`,
  });
}

/** «the name of a project must be unique per organization». */
export function uniquePer(
  schema: DatabaseSchema,
  { column = '', per = '', table: place = '' }: ClauseParts,
): ClauseChange | undefined {
  const found = findColumn(schema, column, place);
  return found && onePer(schema, { row: found.table.name, columns: `${per} and ${found.column}` });
}
