import type { ColumnDraft, TableDraft } from '../schema-draft.ts';
import { isTime } from './unix-times.ts';
import { tableRule } from './house-rule.ts';

const ID: ColumnDraft = {
  name: 'id',
  type: { name: 'varchar', modifiers: [], arrayDimensions: 0 },
  nullable: false,
  default: undefined,
  identity: undefined,
  generated: undefined,
  collateC: false,
  comment: undefined,
};

/** Every table has a primary key: its `id`, the two sides of a junction, or an `id` that is added. */
export const primaryKeys = tableRule((table) => {
  if (table.primaryKey || table.columns.length === 0) return { table, departures: [] };
  const columns = keyOf(table);
  const hasColumns = columns.every((name) => table.columns.some((column) => column.name === name));
  const departure = {
    code: 'primary-key',
    table: table.name,
    message: `${table.name} has no primary key`,
    instead: hasColumns ? `PRIMARY KEY (${columns.join(', ')})` : 'id varchar PRIMARY KEY',
  };
  const keyed = {
    ...table,
    columns: hasColumns ? table.columns : [ID, ...table.columns],
    primaryKey: { name: undefined, columns, deferral: undefined },
  };
  return { table: keyed, departures: [departure] };
});

function keyOf(table: TableDraft): readonly string[] {
  if (table.columns.some(({ name }) => name === 'id')) return ['id'];
  const sides = table.foreignKeys.flatMap(({ columns }) => (columns.length === 1 ? columns : []));
  const others = table.columns.filter((column) => !sides.includes(column.name) && !isTime(column));
  const isJunction = new Set(sides).size === 2 && others.length === 0;
  return isJunction ? [...new Set(sides)] : ['id'];
}
