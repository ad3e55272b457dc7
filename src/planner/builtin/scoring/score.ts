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
