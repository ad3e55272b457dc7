import type { DraftColumn, DraftTable } from '../draft.ts';
import type { TableNotation } from '../notation.ts';
import { junctionTable } from '../draft.ts';
import { inferColumn } from '../infer-column.ts';
import { singularName } from '../names.ts';
import { uniqueColumns } from '../notation.ts';

/** Tables in notation as a design: many-to-many ties become junctions, tables that are only pointed at get a name. */
export function fromNotations(notations: readonly TableNotation[]): DraftTable[] {
  const named = mergeSameNames(notations).map(pointToOthers(notations.map(({ name }) => name)));
  const links = named.flatMap((table) => table.links.map((link) => [table.name, link] as const));
  const known = new Set(named.map(({ name }) => name));
  const targets = [
    ...named.flatMap((table) => table.columns.map((column) => column.references)),
    ...links.map(([, link]) => link),
  ];
  const missing = [...new Set(targets)].filter((target) => target !== undefined && !known.has(target));
  return [
    ...missing.map((name) => plainTable(name ?? '', [{ ...inferColumn('name'), nullable: false }], 0.7)),
    ...named.map(({ name, columns }) => plainTable(name, columns, 1)),
    ...uniquePairs(links).map(([left, right]) => junctionTable(left, right, `${singularName(left)}_${right}`, 1)),
  ];
}

/** `author_id` and `author` point at `authors` when there is such a table. */
function pointToOthers(names: readonly string[]): (table: TableNotation) => TableNotation {
  const bySingular = new Map(names.map((name) => [singularName(name), name]));
  return (table) => ({ ...table, columns: table.columns.map((column) => pointed(column, bySingular)) });
}

function pointed(column: DraftColumn, bySingular: ReadonlyMap<string, string>): DraftColumn {
  const stem = column.name.replace(/_(id|value)$/, '');
  const references = bySingular.get(stem);
  if (column.references !== undefined || references === undefined) return column;
  return { name: `${stem}_id`, type: 'varchar', nullable: column.nullable, unique: column.unique, references };
}

function mergeSameNames(tables: readonly TableNotation[]): TableNotation[] {
  const names = [...new Set(tables.map(({ name }) => name))];
  return names.map((name) => {
    const same = tables.filter((other) => other.name === name);
    return {
      name,
      columns: uniqueColumns(same.flatMap(({ columns }) => columns)),
      links: [...new Set(same.flatMap(({ links }) => links))],
    };
  });
}

function uniquePairs(links: readonly (readonly [string, string])[]): (readonly [string, string])[] {
  return [
    ...new Map(links.map(([left, right]) => [[left, right].toSorted().join(' '), [left, right] as const])).values(),
  ];
}

/** A key to the own table may be empty: the first row could not be made otherwise. */
function plainTable(name: string, columns: readonly DraftColumn[], confidence: number): DraftTable {
  const loosened = columns.map((column) => (column.references === name ? { ...column, nullable: true } : column));
  return { name, columns: loosened, uniques: [], confidence };
}
