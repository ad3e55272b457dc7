import type { DraftTable } from '../draft.ts';
import { foreignKeyTo } from '../draft.ts';
import { findEntity, libraryName } from '../library/entity-library.ts';
import { singularName } from '../names.ts';
import { isPerson } from './directory.ts';

/** They bring things and people together: what was named beside them takes part in them. */
const OCCASIONS =
  /(^|_)(rentals|bookings|reservations|appointments|orders|sales|tickets|sessions|visits|loans|repairs|deliveries|inspections|events|matches|lessons|cases|shipments|projects|experiments|listings|exams|camps|policies|moves)$/;

/** Who is there belongs to no single row of another kind. */
const PLACES =
  /(^|_)(farms|fields|wards|shelters|clubs|hospitals|schools|stations|locations|venues|apartments|properties|companies|organizations|rooms|categories|tags|zones|fundraisers|campaigns|plots|shelves|shops|stores|leagues|languages|flats|countries|levels|skills|hotels|restaurants|warehouses)$/;

/** In a list of a few entities none stands alone: those tied to nothing are tied to what the list is about. */
export function tieStrays(tables: readonly DraftTable[]): DraftTable[] {
  const strays = tables.filter((table) => isStray(table, tables));
  if (tables.length < 3) return [...tables];
  return strays.reduce<DraftTable[]>((tied, table) => (isStray(table, tied) ? tieStray(tied, table) : tied), [...tables]);
}

function isStray({ name, columns }: DraftTable, tables: readonly DraftTable[]): boolean {
  const pointsOut = columns.some(({ references }) => references !== undefined && references !== name);
  return !pointsOut && !tables.some((table) => table.columns.some(({ references }) => references === name));
}

function tieStray(tables: DraftTable[], { name }: DraftTable): DraftTable[] {
  const center = centerOf(tables, name);
  if (center === undefined) return tables;
  const position = (table: string) => tables.findIndex((other) => other.name === table);
  if (isPerson(name)) return PLACES.test(center) ? tables : addKey(tables, center, name);
  if (isKnown(name)) return tables;
  if (position(center) < position(name)) return addKey(tables, name, center);
  return OCCASIONS.test(center) ? addKey(tables, center, name) : tables;
}

/** The occasion of the list, else its first thing; of people alone there is no center. */
function centerOf(tables: readonly DraftTable[], stray: string): string | undefined {
  const names = tables.map((table) => table.name).filter((name) => name !== stray && !isPerson(name));
  const ties = (name: string) => tables.find((table) => table.name === name)?.columns.filter((column) => column.references).length ?? 0;
  const occasions = names.filter((name) => OCCASIONS.test(name)).toSorted((a, b) => ties(b) - ties(a));
  return occasions[0] ?? names[0];
}

function isKnown(table: string): boolean {
  return findEntity(libraryName(table)) !== undefined || findEntity(singularName(table).split('_').at(-1) ?? '') !== undefined;
}

/** Nobody said so: the key may be empty. */
function addKey(tables: readonly DraftTable[], from: string, to: string): DraftTable[] {
  return tables.map((table) =>
    table.name === from ? { ...table, columns: [foreignKeyTo(to, undefined, true), ...table.columns] } : table,
  );
}
