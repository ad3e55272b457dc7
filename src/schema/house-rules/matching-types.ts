import { columnOf } from '../check-references.ts';
import { SERIAL_TYPES } from '../column-types.ts';
import { formatType } from '../format-type.ts';
import type { ColumnDraft, ColumnType, SchemaDraft, TableDraft } from '../schema-draft.ts';
import { expressionUses } from './expression-uses.ts';
import { changeColumns, tableRule } from './house-rule.ts';

/** A foreign key has the type of what it references. */
export const matchingTypes = tableRule((table, draft) => {
  const { asValues, compared } = expressionUses(table);
  const fixed = new Set([...asValues, ...compared.flat()]);
  const changes = table.columns.flatMap((column) => {
    const type = referencedType(draft, table, column);
    const differs = type && formatType(type) !== formatType(column.type) && !fixed.has(column.name);
    return differs ? [{ column, type }] : [];
  });
  const types = new Map(changes.map(({ column, type }) => [column.name, type]));
  return {
    table: changeColumns(table, (column) => {
      const type = types.get(column.name);
      return type ? { ...column, type, default: undefined, identity: undefined } : column;
    }),
    departures: changes.map(({ column, type }) => ({
      code: 'type-mismatch',
      table: table.name,
      message: `${table.name}.${column.name} is ${formatType(column.type)}; what it references is ${formatType(type)}`,
      instead: `${column.name} ${formatType(type)}`,
    })),
  };
});

/** The type on the other side of the column's foreign key; undefined when it has none, or is filled by a sequence. */
function referencedType(draft: SchemaDraft, table: TableDraft, column: ColumnDraft): ColumnType | undefined {
  const key = table.foreignKeys.find(({ columns }) => columns.includes(column.name));
  const referenced = key && draft.tables.find(({ name }) => name === key.referencedTable);
  const other = referenced && columnOf(referenced, key.referencedColumns[key.columns.indexOf(column.name)] ?? '');
  return other && { ...other.type, name: SERIAL_TYPES.get(other.type.name) ?? other.type.name };
}
