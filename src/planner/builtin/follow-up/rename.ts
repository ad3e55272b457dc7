import type { DatabaseSchema } from '../../../domain/database-schema.ts';
import { columnName, tableName } from '../names.ts';
import { q, type ClauseChange, type ClauseParts } from './clause-change.ts';
import { findColumn, findTable } from './find-names.ts';

export function rename(
  schema: DatabaseSchema,
  { from: named = '', to = '', table: place = '' }: ClauseParts,
): ClauseChange | undefined {
  const from = named.replace(/\s+(?:table|column|field)$/i, '');
  const column = columnName(to);
  const whole = place === '' ? findTable(schema, from) : undefined;
  const table = tableName(to);
  if (whole && table)
    return {
      sql: `ALTER TABLE ${q(whole.name)} RENAME TO ${q(table)}`,
      reasoning: `The table ${whole.name} is called ${table}.`,
    };
  const found = findColumn(schema, from, place);
  if (!found || !column) return undefined;
  return {
    sql: `ALTER TABLE ${q(found.table.name)} RENAME COLUMN ${q(found.column)} TO ${q(column)}`,
    reasoning: `${found.table.name}.${found.column} is called ${column}.`,
    warnings: found.others,
  };
}
