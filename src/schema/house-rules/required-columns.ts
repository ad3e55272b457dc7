import type { ColumnDraft, TableDraft } from '../schema-draft.ts';
import { changeColumns, tableRule } from './house-rule.ts';
import { unixNow } from './unix-times.ts';

const KEPT_BY_US: ReadonlySet<string> = new Set(['created_at', 'updated_at']);

/** A column that fills itself is never empty; when a row was made and changed is always known. */
export const requiredColumns = tableRule((table) => {
  const changes = table.columns.flatMap((column) => {
    const required = requireColumn(table, column);
    return required === column ? [] : [required];
  });
  const byName = new Map(changes.map((column) => [column.name, column]));
  return {
    table: changeColumns(table, (column) => byName.get(column.name) ?? column),
    departures: changes.map(({ name }) => ({
      code: 'not-null',
      table: table.name,
      message: `${table.name}.${name} may be empty, though it has a value to start with`,
      instead: `${name} NOT NULL${KEPT_BY_US.has(name) ? ' with the current time as default' : ''}`,
    })),
  };
});

function requireColumn(table: TableDraft, column: ColumnDraft): ColumnDraft {
  if (column.generated || column.identity || isForeignKey(table, column)) return column;
  const isKept = KEPT_BY_US.has(column.name) && column.type.name === 'int8' && column.type.arrayDimensions === 0;
  const filled = column.default ?? (isKept ? unixNow() : undefined);
  const isDone = filled === undefined || (!column.nullable && filled === column.default);
  return isDone ? column : { ...column, default: filled, nullable: false };
}

function isForeignKey(table: TableDraft, column: ColumnDraft): boolean {
  return table.foreignKeys.some(({ columns }) => columns.includes(column.name));
}
