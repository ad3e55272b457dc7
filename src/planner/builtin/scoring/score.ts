import { plainRecord } from '../../../domain/plain-record.ts';
import weights from './weights.json' with { type: 'json' };

/** What is decided by a learned score; each has weights of its own. */
export type Decision = keyof typeof weights;

const learned: Readonly<Record<string, Readonly<Record<string, number>>>> = plainRecord(
  Object.entries(weights).map(([decision, own]) => [decision, plainRecord<number>(Object.entries(own))] as const),
);

/**
 * How likely the answer is yes (0 to 1), by the features that are there; those that were never seen say nothing.
 * `odds` is what was believed before the score: 9 is nine to one for yes.
 */
export function likelihood(decision: Decision, features: readonly string[], odds = 1): number {
  const own = learned[decision] ?? {};
  const sum = features.reduce((total, feature) => total + (own[feature] ?? 0), own['bias'] ?? 0);
  return 1 / (1 + Math.exp(-sum) / odds);
}

/** The features that speak most for yes, in the words of a person; those that only combine others are left out. */
export function strongest(decision: Decision, features: readonly string[], most = 3): string[] {
  const own = learned[decision] ?? {};
  return features
    .filter((feature) => !COMBINED.test(feature) && (own[feature] ?? 0) > WORTH_TELLING)
    .toSorted((a, b) => (own[b] ?? 0) - (own[a] ?? 0))
    .slice(0, most);
}

const COMBINED =
  /^(?:short|long|tied|open|evidence)\b|, (?:plural|singular|in no clause|no column told|one column told|several columns told)$/;

const WORTH_TELLING = 0.1;
