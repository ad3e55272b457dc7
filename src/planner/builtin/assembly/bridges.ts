import type { DraftTable } from '../draft.ts';

/** A third table points at both. */
export function isBridged(tables: readonly DraftTable[], left: string, right: string): boolean {
  return tables.some((table) =>
    [left, right].every((end) => table.columns.some((column) => column.references === end)),
  );
}

export function isTied(tables: readonly DraftTable[], left: string, right: string): boolean {
  return pointsAt(tables, left, right) || pointsAt(tables, right, left);
}

export function pointsAt(tables: readonly DraftTable[], from: string, to: string): boolean {
  return tables.some((table) => table.name === from && table.columns.some((column) => column.references === to));
}
