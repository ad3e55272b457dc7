export interface Example {
  readonly features: readonly string[];
  readonly answer: boolean;
}

export type Weights = Readonly<Record<string, number>>;

const ROUNDS = 250;
const RATE = 0.4;

/** What is rarely seen weighs little. */
const DECAY = 8;

/** A feature seen less often teaches nothing that holds elsewhere. */
const MIN_SEEN = 4;

/** Logistic regression over features that are there or not; the same examples always give the same weights. */
export function learn(examples: readonly Example[]): Weights {
  const index = indexOf(examples);
  const names = [...index.keys()];
  const rows = examples.map(({ features, answer }) => ({
    at: [...new Set(['bias', ...features])].map((name) => index.get(name)).filter((at) => at !== undefined),
    answer: answer ? 1 : 0,
  }));
  const weights = new Float64Array(names.length);
  const speeds = new Float64Array(names.length).fill(1e-8);
  for (let round = 0; round < ROUNDS; round++) {
    const slopes = new Float64Array(names.length);
    for (const { at, answer } of rows) {
      const sum = at.reduce((total, feature) => total + (weights[feature] ?? 0), 0);
      const error = answer - 1 / (1 + Math.exp(-sum));
      for (const feature of at) slopes[feature] = (slopes[feature] ?? 0) + error;
    }
    for (const [feature, slope] of slopes.entries()) {
      const pull = names[feature] === 'bias' ? 0 : DECAY * (weights[feature] ?? 0);
      const step = slope - pull;
      speeds[feature] = (speeds[feature] ?? 0) + step * step;
      weights[feature] = (weights[feature] ?? 0) + (RATE * step) / Math.sqrt(speeds[feature]);
    }
  }
  return Object.fromEntries(
    names
      .map((name, at) => [name, Math.round((weights[at] ?? 0) * 100) / 100] as const)
      .filter(([, weight]) => weight !== 0),
  );
}

function indexOf(examples: readonly Example[]): ReadonlyMap<string, number> {
  const counts = new Map<string, number>();
  for (const { features } of examples)
    for (const feature of new Set(features)) counts.set(feature, (counts.get(feature) ?? 0) + 1);
  const kept = [...counts].filter(([, count]) => count >= MIN_SEEN).map(([feature]) => feature);
  return new Map(['bias', ...kept.toSorted()].map((feature, at) => [feature, at]));
}
