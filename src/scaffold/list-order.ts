import { isFilledByPostgres, type Table } from '../domain/database-schema.ts';
import { fieldName } from '../domain/field-name.ts';
import { isCreationTime } from '../domain/made-by-backend.ts';
import type { Sort } from './backend/table/table.ts';

/** The newest first: by the time of creation, or by a number that counts up; undefined where neither tells. */
export function listOrder(table: Table, keyColumns: readonly string[]): Sort | undefined {
  const created = table.columns.find((column) => isCreationTime(column));
  const number = table.columns.find((column) => column.name === keyColumns[0] && isFilledByPostgres(column));
  const numberServes = number !== undefined && keyColumns.length === 1;
  const isCreatedIndexed = created !== undefined && indexedColumns(table).includes(created.name);
  const column = isCreatedIndexed || !numberServes ? created : number;
  return column && { field: fieldName(column.name), descending: true };
}

/** The columns that a key or a whole index starts with. */
export function indexedColumns(table: Table): readonly string[] {
  const keys = [table.primaryKey, ...table.uniques.map((unique) => unique.columns)];
  const indexes = table.indexes.filter((index) => index.method === 'btree' && index.predicate === undefined);
  const first = [...keys, ...indexes.map((index) => index.keys)].map(([name]) => name);
  return table.columns.map(({ name }) => name).filter((name) => first.includes(name));
}
