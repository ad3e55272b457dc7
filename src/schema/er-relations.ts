import type { ForeignKey, Table } from '../domain/database-schema.ts';

/** Whether a row need not reference another: one of the key's columns may be NULL. */
export function isOptional(table: Table, key: ForeignKey): boolean {
  return table.columns.some(({ name, nullable }) => nullable && key.columns.includes(name));
}

/** Whether at most one row references another: the key's columns are unique by themselves. */
export function isSingle(table: Table, key: ForeignKey): boolean {
  const whole = table.indexes
    .filter(({ unique, predicate }) => unique && predicate === undefined)
    .map(({ keys }) => keys);
  const uniques = [table.primaryKey, ...table.uniques.map(({ columns }) => columns), ...whole];
  return uniques.some((columns) => columns.length > 0 && columns.every((column) => key.columns.includes(column)));
}
