import type { DraftTable } from '../draft.ts';
import { foreignKeyTo, junctionTable } from '../draft.ts';
import { singularName } from '../names.ts';
import { isBridged } from './bridges.ts';
import { likelihood } from '../scoring/score.ts';
import type { TieView } from './tie-features.ts';
import { BRIDGED, plainFeatures, TIED, tieFeatures } from './tie-features.ts';

/** A key that may stand in one table and point at another, and how likely it is meant. */
export interface ScoredTie {
  readonly from: string;
  readonly to: string;
  readonly features: readonly string[];
  readonly weight: number;
}

/** A key that was told or is known stays unless the score is surer of the opposite. */
const TRUST = 9;

/** Every pair of tables, once for each direction. */
export function scoreTies(view: TieView): ScoredTie[] {
  return view.tables.flatMap((from) =>
    view.tables
      .filter((to) => to !== from)
      .map((to) => {
        const features = tieFeatures(from, to, view);
        const odds = features.includes(TIED) ? TRUST : 1;
        return { from: from.name, to: to.name, features, weight: likelihood('tie', features, odds) };
      }),
  );
}

/** The tables with the keys that the score is sure of, and without those that it is sure to be wrong. */
export function judgeTies(view: TieView): DraftTable[] {
  const ties = scoreTies(view);
  return view.tables.map((table) => {
    const own = ties.filter(({ from }) => from === table.name);
    const isWrong = (target: string | undefined) => own.some(({ to, weight }) => to === target && weight < 0.5);
    const kept = table.columns.filter(({ references }) => references === undefined || !isWrong(references));
    const missing = own.filter(
      ({ weight, features }) => weight >= 0.5 && !features.includes(TIED) && !features.includes(BRIDGED),
    );
    return { ...table, columns: [...missing.map(({ to }) => foreignKeyTo(to, undefined, true)), ...kept] };
  });
}

/** From it on, a table that nobody named is made. */
const SURE = 0.75;

/** Two tables of which each row may have to do with many of the other, and how likely a table between them is meant. */
export interface ScoredBetween {
  readonly left: string;
  readonly right: string;
  readonly features: readonly string[];
  readonly weight: number;
}

/** Every two tables that no third ties to each other. */
export function scoreBetween(view: TieView): ScoredBetween[] {
  return view.tables.flatMap((left, at) =>
    view.tables
      .slice(at + 1)
      .filter((right) => !isBridged(view.tables, left.name, right.name))
      .map((right) => {
        const forth = plainFeatures(left, right, view);
        const features = [...forth, ...plainFeatures(right, left, view).map((back) => `back: ${back}`)];
        return { left: left.name, right: right.name, features, weight: likelihood('between', features) };
      }),
  );
}

/** The tables with those between others of which the score is sure; a key straight to the other is not needed then. */
export function judgeBetween(view: TieView): DraftTable[] {
  const wanted = scoreBetween(view).filter(({ weight }) => weight >= SURE);
  const isReplaced = (from: string, to: string | undefined) =>
    wanted.some(({ left, right }) => (left === from && right === to) || (left === to && right === from));
  const kept = view.tables.map((table) => ({
    ...table,
    columns: table.columns.filter(({ references }) => !isReplaced(table.name, references)),
  }));
  const names = new Set(kept.map(({ name }) => name));
  const added = wanted
    .map(({ left, right, weight }) => junctionTable(left, right, `${singularName(left)}_${right}`, weight))
    .filter(({ name }) => !names.has(name));
  return [...kept, ...added];
}
