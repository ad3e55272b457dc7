import type { DraftColumn, DraftTable } from '../draft.ts';
import type { Directory } from './directory.ts';
import { foreignKeyTo, junctionTable } from '../draft.ts';
import { libraryName } from '../library/entity-library.ts';
import { entityBeside } from '../library/variants.ts';
import { singularName } from '../names.ts';
import { uniqueColumns } from '../notation.ts';
import { makeDirectory } from './directory.ts';
import { libraryColumns } from './library-columns.ts';
import { BETWEEN, SURE_PAIRS } from './between.ts';
import { isBridged, isTied } from './bridges.ts';

/** What a table is made of, and nothing without: `whole = part`. */
const MADE_OF: readonly (readonly [string, string])[] = [
  ['menus', 'menu_items'],
  ['polls', 'poll_options'],
  ['carts', 'cart_items'],
];

/** Tables between others: those that everybody expects, and junctions the library knows of. */
export function linkTables(tables: readonly DraftTable[], isPrecise: boolean): DraftTable[] {
  const expected = isPrecise ? BETWEEN.slice(0, SURE_PAIRS) : BETWEEN;
  const linked = junctions(expected.reduce(addBetween, [...tables]));
  return isPrecise ? linked : MADE_OF.reduce(addParts, linked);
}

function addBetween(tables: DraftTable[], [left, right, between]: readonly [string, string, string]): DraftTable[] {
  const names = tables.map(({ name }) => name);
  const named = (library: string) => names.find((name) => entityBeside(name, names)?.name === library);
  const [from, to] = [named(left), named(right)];
  const isThere = tables.some(({ name }) => name === between || libraryName(name) === between);
  if (!from || !to || isThere || isBridged(tables, from, to) || isTied(tables, from, to)) return tables;
  const directory = makeDirectory([from, to, between]);
  const name = betweenName(between, left, from);
  return [...tables, { ...betweenTable(between, [from, to], directory), name }];
}

/** Parts of `repair_orders` are `repair_order_parts`. */
function betweenName(between: string, left: string, from: string): string {
  const whole = `${singularName(left)}_`;
  return between.startsWith(whole) ? `${singularName(from)}_${between.slice(whole.length)}` : between;
}

function betweenTable(name: string, ends: readonly string[], directory: Directory): DraftTable {
  const known = libraryColumns(name, directory, 'full');
  const missing = ends
    .filter((end) => !known.some(({ references }) => references === end))
    .map((end) => foreignKeyTo(end));
  const tied = known.map((column) =>
    ends.includes(column.references ?? '') ? { ...column, nullable: false } : column,
  );
  const others = tied.filter(
    (column: DraftColumn) => column.references === undefined || ends.includes(column.references),
  );
  return { name, columns: uniqueColumns([...missing, ...others]), uniques: [], confidence: 0.7 };
}

function addParts(tables: DraftTable[], [whole, part]: readonly [string, string]): DraftTable[] {
  const owner = tables.find(({ name }) => libraryName(name) === whole)?.name;
  const isThere = tables.some(({ name }) => libraryName(name) === part || name.endsWith('_items'));
  if (owner === undefined || isThere) return tables;
  const directory = makeDirectory([...tables.map(({ name }) => name), part]);
  return [...tables, { name: part, columns: libraryColumns(part, directory, 'full'), uniques: [], confidence: 0.7 }];
}

function junctions(tables: readonly DraftTable[]): DraftTable[] {
  const names = tables.map(({ name }) => name);
  return tables.reduce<DraftTable[]>(
    (linked, { name }) => {
      const links = (entityBeside(name, names)?.links ?? []).filter((link) => names.includes(link));
      const missing = links.filter((link) => !isBridged(linked, name, link) && !isTied(linked, name, link));
      return [...linked, ...missing.map((link) => junctionTable(name, link, `${singularName(name)}_${link}`, 0.75))];
    },
    [...tables],
  );
}
