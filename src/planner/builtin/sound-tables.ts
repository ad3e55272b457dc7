import type { DraftColumn, DraftTable } from './draft.ts';
import { uniqueColumns } from './notation.ts';

const MAX_TABLES = 60;
const MAX_COLUMNS = 80;

/** The tables without what Postgres would refuse, each after those it references. */
export function soundTables(tables: readonly DraftTable[]): DraftTable[] {
  const unique = [...new Map(tables.map((table) => [table.name, table])).values()].slice(0, MAX_TABLES);
  const names = new Set(unique.map(({ name }) => name));
  return inOrder(unique.map((table) => soundTable(table, names)));
}

/** A key to a table that is not there becomes a plain column; one to itself may be empty. */
function soundTable(table: DraftTable, names: ReadonlySet<string>): DraftTable {
  const columns = uniqueColumns(table.columns)
    .slice(0, MAX_COLUMNS)
    .map((column) => soundColumn(column, table.name, names));
  const kept = new Set(columns.map(({ name }) => name));
  return { ...table, columns, uniques: table.uniques.filter((set) => set.every((name) => kept.has(name))) };
}

function soundColumn(column: DraftColumn, table: string, names: ReadonlySet<string>): DraftColumn {
  if (column.references === undefined) return column;
  if (!names.has(column.references)) return { ...column, references: undefined, type: 'varchar(255)' };
  return column.references === table ? { ...column, nullable: true } : column;
}

/** Where tables reference each other in a circle, one key of it may be empty, so that rows can be made at all. */
function inOrder(tables: readonly DraftTable[]): DraftTable[] {
  const sorted: DraftTable[] = [];
  let rest = [...tables];
  while (rest.length > 0) {
    const done = new Set(sorted.map(({ name }) => name));
    const free = rest.filter((table) => needs(table).every((name) => done.has(name)));
    const next = free.length > 0 ? free : [loosen(leastTied(rest, done), done)];
    sorted.push(...next);
    rest = rest.filter((table) => !next.some(({ name }) => name === table.name));
  }
  return sorted;
}

function needs(table: DraftTable): string[] {
  return table.columns
    .map(({ references }) => references)
    .filter((name) => name !== undefined && name !== table.name) as string[];
}

function leastTied(tables: readonly DraftTable[], done: ReadonlySet<string>): DraftTable {
  const open = (table: DraftTable) => needs(table).filter((name) => !done.has(name)).length;
  return tables.toSorted((a, b) => open(a) - open(b))[0] as DraftTable;
}

function loosen(table: DraftTable, done: ReadonlySet<string>): DraftTable {
  const columns = table.columns.map((column) =>
    column.references === undefined || done.has(column.references) ? column : { ...column, nullable: true },
  );
  return { ...table, columns };
}
