import type { DraftTable } from '../draft.ts';
import { foreignKeyTo } from '../draft.ts';
import { likelihood } from '../scoring/score.ts';
import type { TieView } from './tie-features.ts';
import { BRIDGED, TIED, tieFeatures } from './tie-features.ts';

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
