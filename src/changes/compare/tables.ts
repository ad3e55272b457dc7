import type { SchemaDraft, TableDraft } from '../../schema/drafts.ts';
import { valueType } from '../counted-type.ts';
import type { Difference } from './difference.ts';

export const dropTables: Difference = (now, target, keep) =>
  now.tables
    .filter(({ name }) => !target.tables.some((each) => each.name === name))
    .map((table) => ({ kind: 'drop-table', table, kept: keep().schema }));

/** Each after those that it refers to. A foreign key to what is made later, or changed before, is added at the end. */
export const createTables: Difference = (now, target) => {
  const made = new Map(now.tables.map((table) => [table.name, table]));
  let waiting = target.tables.filter(({ name }) => !made.has(name));
  const ordered: TableDraft[] = [];
  while (waiting.length > 0) {
    const next = waiting.find((table) => refersOnlyTo(table, made)) ?? waiting[0]!;
    const table = { ...next, foreignKeys: next.foreignKeys.filter((key) => hasKey(next, made, key)) };
    ordered.push(table);
    made.set(table.name, table);
    waiting = waiting.filter((each) => each !== next);
  }
  return ordered.map((table) => ({ kind: 'create-table', table }));
};

function refersOnlyTo(table: TableDraft, made: ReadonlyMap<string, TableDraft>): boolean {
  return table.foreignKeys.every(({ referencedTable }) => referencedTable === table.name || made.has(referencedTable));
}

type ForeignKey = SchemaDraft['tables'][number]['foreignKeys'][number];

/** Whether what the foreign key rests on is there already, of the type that it will have. */
function hasKey(
  table: TableDraft,
  made: ReadonlyMap<string, TableDraft>,
  { columns, referencedTable, referencedColumns }: ForeignKey,
): boolean {
  const other = referencedTable === table.name ? table : made.get(referencedTable);
  if (!other) return false;
  const wanted = referencedColumns.join('\0');
  const isKey = [other.primaryKey, ...other.uniques].some((key) => key?.columns.join('\0') === wanted);
  return isKey && columns.every((name, index) => sameType(table, name, other, referencedColumns[index] ?? ''));
}

function sameType(table: TableDraft, name: string, other: TableDraft, referenced: string): boolean {
  return typeOf(table, name) === typeOf(other, referenced);
}

function typeOf(table: TableDraft, name: string): string | undefined {
  const column = table.columns.find((each) => each.name === name);
  return column && valueType(column.type).name;
}
