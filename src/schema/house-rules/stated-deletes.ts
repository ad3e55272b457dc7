import type { ReferentialAction } from '../../domain/database-schema.ts';
import { columnOf } from '../check-references.ts';
import type { ForeignKeyDraft, TableDraft } from '../schema-draft.ts';
import { tableRule, type Departure } from './house-rule.ts';

/**
 * What happens to a row when the one it references is deleted is said: a junction goes with either side, what may be
 * empty is emptied, and anything else keeps what it needs from being deleted.
 */
export const statedDeletes = tableRule((table) => {
  const departures: Departure[] = [];
  const foreignKeys = table.foreignKeys.map((key) => {
    const onDelete = fittingAction(table, key);
    if (onDelete === key.onDelete) return key;
    departures.push(departureOf(table, key, onDelete));
    return { ...key, onDelete };
  });
  return { table: { ...table, foreignKeys }, departures };
});

function fittingAction(table: TableDraft, key: ForeignKeyDraft): ReferentialAction {
  const canBeEmptied = key.columns.every((name) => columnOf(table, name)?.nullable) && !touchesKey(table, key);
  if (key.onDelete === 'set null') return canBeEmptied ? 'set null' : 'restrict';
  if (key.onDelete !== 'no action') return key.onDelete;
  if (touchesKey(table, key)) return 'cascade';
  return canBeEmptied ? 'set null' : 'restrict';
}

function touchesKey(table: TableDraft, key: ForeignKeyDraft): boolean {
  return key.columns.some((column) => table.primaryKey?.columns.includes(column));
}

function departureOf(table: TableDraft, key: ForeignKeyDraft, onDelete: ReferentialAction): Departure {
  const place = `${table.name} (${key.columns.join(', ')})`;
  const message =
    key.onDelete === 'set null'
      ? `${place} would be set to NULL when its ${key.referencedTable} goes, and cannot be NULL`
      : `${place} does not say what happens when its ${key.referencedTable} goes`;
  return { code: 'on-delete', table: table.name, message, instead: `ON DELETE ${onDelete.toUpperCase()}` };
}
