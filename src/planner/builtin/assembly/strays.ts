import type { DraftTable } from '../draft.ts';
import { foreignKeyTo } from '../draft.ts';
import { findEntity } from '../library/entity-library.ts';
import { nounRole } from '../library/noun-roles.ts';
import { singularName } from '../names.ts';
import { isPerson } from './directory.ts';

/** They bring things and people together: what was named beside them takes part in them. */
const OCCASIONS = new Set(
  'rentals bookings reservations appointments orders sales tickets sessions visits loans repairs deliveries inspections events matches lessons cases shipments projects experiments listings exams camps policies moves'.split(
    ' ',
  ),
);

/** In a list of a few entities none stands alone: those tied to nothing are tied to what the list is about. */
export function tieStrays(tables: readonly DraftTable[]): DraftTable[] {
  const all = [...tables];
  if (tables.length < 3) return all;
  return tables.reduce((tied, table) => (isStray(table, tied) ? tieStray(tied, table) : tied), all);
}

function isStray({ name }: DraftTable, tables: readonly DraftTable[]): boolean {
  const columns = tables.find((table) => table.name === name)?.columns ?? [];
  const pointsOut = columns.some(({ references }) => references !== undefined && references !== name);
  return !pointsOut && !tables.some((table) => table.columns.some(({ references }) => references === name));
}

function tieStray(tables: DraftTable[], { name }: DraftTable): DraftTable[] {
  const center = centerOf(tables, name);
  if (center === undefined) return tables;
  const position = (table: string) => tables.findIndex((other) => other.name === table);
  if (isPerson(name)) return takesPeople(center) ? addKey(tables, center, name) : tables;
  if (isKnown(name)) return tables;
  if (position(center) < position(name)) return addKey(tables, name, center);
  return isOne(center, OCCASIONS) ? addKey(tables, center, name) : tables;
}

/** An occasion, or what the library does not know and somebody does, writes, keeps or sees to. */
function takesPeople(center: string): boolean {
  const role = nounRole(center);
  return isOne(center, OCCASIONS) || (!isKnown(center) && role !== undefined && !['place', 'machine'].includes(role));
}

/** The occasion of the list, else its first thing; of people alone there is no center. */
function centerOf(tables: readonly DraftTable[], stray: string): string | undefined {
  const names = tables.map((table) => table.name).filter((name) => name !== stray && !isPerson(name));
  const ties = (name: string) =>
    tables.find((table) => table.name === name)?.columns.filter((column) => column.references).length ?? 0;
  const occasions = names.filter((name) => isOne(name, OCCASIONS)).toSorted((a, b) => ties(b) - ties(a));
  return occasions[0] ?? names[0];
}

function isOne(table: string, nouns: ReadonlySet<string>): boolean {
  return nouns.has(table.split('_').at(-1) ?? '');
}

function isKnown(table: string): boolean {
  return findEntity(table) !== undefined || findEntity(singularName(table).split('_').at(-1) ?? '') !== undefined;
}

/** Nobody said so: the key may be empty. */
function addKey(tables: readonly DraftTable[], from: string, to: string): DraftTable[] {
  return tables.map((table) =>
    table.name === from ? { ...table, columns: [foreignKeyTo(to, undefined, true), ...table.columns] } : table,
  );
}
