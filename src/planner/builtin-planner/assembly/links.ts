import type { DraftColumn, DraftTable } from '../draft.ts';
import type { Directory } from './directory.ts';
import { foreignKeyTo, junctionTable } from '../draft.ts';
import { libraryName } from '../library/entity-library.ts';
import { entityBeside } from '../library/variants.ts';
import { singularName } from '../names.ts';
import { uniqueColumns } from '../notation.ts';
import { makeDirectory } from './directory.ts';
import { libraryColumns } from './library-columns.ts';
import { isBridged } from './relations.ts';

/** Pairs of which everybody expects a table between them: `left right = table`, by their names in the library. */
const BETWEEN: readonly (readonly [string, string, string])[] = [
  ['orders', 'products', 'order_items'],
  ['orders', 'menu_items', 'order_items'],
  ['orders', 'books', 'order_items'],
  ['carts', 'products', 'cart_items'],
  ['invoices', 'products', 'invoice_items'],
  ['purchase_orders', 'products', 'purchase_order_items'],
  ['students', 'courses', 'enrollments'],
  ['members', 'books', 'loans'],
  ['customers', 'vehicles', 'rentals'],
  ['patients', 'doctors', 'appointments'],
  ['candidates', 'jobs', 'applications'],
  ['playlists', 'songs', 'playlist_songs'],
  ['recipes', 'ingredients', 'recipe_ingredients'],
  ['workouts', 'exercises', 'workout_exercises'],
  ['work_orders', 'parts', 'work_order_parts'],
  ['polls', 'users', 'votes'],
  ['teams', 'users', 'team_members'],
  ['responses', 'questions', 'answers'],
  ['members', 'gym_classes', 'class_bookings'],
  ['pets', 'adopters', 'adoptions'],
  ['candidates', 'voters', 'election_votes'],
];

/** What a table is made of, and nothing without: `whole = part`. */
const MADE_OF: readonly (readonly [string, string])[] = [
  ['menus', 'menu_items'],
  ['polls', 'poll_options'],
  ['carts', 'cart_items'],
];

/** The first of them hold in any text; the others only where the text leaves room. */
const SURE_PAIRS = 7;

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
  const directory = makeDirectory([...tables.map(({ name }) => name), between]);
  return [...tables, betweenTable(between, [from, to], directory)];
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

function isTied(tables: readonly DraftTable[], left: string, right: string): boolean {
  const points = (from: string, to: string) =>
    tables.some(({ name, columns }) => name === from && columns.some(({ references }) => references === to));
  return points(left, right) || points(right, left);
}
