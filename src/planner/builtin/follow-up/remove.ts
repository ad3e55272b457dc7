import type { DatabaseSchema } from '../../../domain/database-schema.ts';
import { listOf, q, type ClauseChange, type ClauseParts } from './clause-change.ts';
import { ofEach } from './constrain.ts';
import { findColumn, findTable } from './find-names.ts';

export function removeColumn(schema: DatabaseSchema, parts: ClauseParts): ClauseChange | undefined {
  return ofEach(listOf(parts['column'] ?? ''), (column) => removeOne(schema, { ...parts, column }));
}

function removeOne(schema: DatabaseSchema, { column = '', table: place = '' }: ClauseParts): ClauseChange | undefined {
  const found = findColumn(schema, column, place);
  if (!found) return undefined;
  return {
    sql: `ALTER TABLE ${q(found.table.name)} DROP COLUMN ${q(found.column)} CASCADE`,
    reasoning: `${found.table.name} no longer has ${found.column}; its values are kept for an undo.`,
  };
}

export function removeEither(schema: DatabaseSchema, { what = '' }: ClauseParts): ClauseChange | undefined {
  const table = findTable(schema, what);
  if (table)
    return {
      sql: `DROP TABLE ${q(table.name)} CASCADE`,
      reasoning: `There are no ${table.name} any more; the rows are kept for an undo.`,
    };
  const found = findColumn(schema, what, '');
  // Which of several was meant is not for us to guess.
  return found && found.others.length === 0
    ? removeColumn(schema, { column: found.column, table: found.table.name })
    : undefined;
}
