import type { IndexDraft, TableDraft } from '../schema-draft.ts';
import { tableRule } from './house-rule.ts';

/** Every foreign key can be looked up from the other side: lists of children, and deletes, depend on it. */
export const indexedForeignKeys = tableRule((table) => {
  const missing = table.foreignKeys.map(({ columns }) => columns).filter((columns) => !isIndexed(table, columns));
  const distinct = [...new Map(missing.map((columns) => [columns.join(), columns])).values()];
  return {
    table: { ...table, indexes: [...table.indexes, ...distinct.map(plainIndex)] },
    departures: distinct.map((columns) => ({
      code: 'foreign-key-index',
      table: table.name,
      message: `${table.name} (${columns.join(', ')}) is a foreign key without an index`,
      instead: `CREATE INDEX ON ${table.name} (${columns.join(', ')})`,
    })),
  };
});

/** Whether a key or an index starts with these columns, in any order. */
export function isIndexed(table: TableDraft, columns: readonly string[]): boolean {
  const keys = [
    table.primaryKey?.columns ?? [],
    ...table.uniques.map((unique) => unique.columns),
    ...table.indexes.flatMap(leadingColumns),
  ];
  return keys.some((key) => columns.every((column) => key.slice(0, columns.length).includes(column)));
}

function leadingColumns(index: IndexDraft): readonly (readonly string[])[] {
  if (index.predicate || index.method !== 'btree') return [];
  return [index.keys.map(({ on }) => ('column' in on ? on.column : ''))];
}

export function plainIndex(columns: readonly string[]): IndexDraft {
  return {
    name: undefined,
    method: 'btree',
    unique: false,
    nullsNotDistinct: false,
    keys: columns.map((column) => ({
      on: { column },
      operatorClass: undefined,
      descending: false,
      nulls: undefined,
      collateC: false,
    })),
    include: [],
    predicate: undefined,
  };
}
