/** What repeated measurements of one thing came to. */
export interface Spread {
  readonly median: number;
  readonly min: number;
  readonly max: number;
}

/** `samples` holds at least one. */
export function spreadOf(samples: readonly number[]): Spread {
  const sorted = samples.toSorted((a, b) => a - b);
  const middle = (sorted.length - 1) / 2;
  const median = ((sorted[Math.floor(middle)] ?? NaN) + (sorted[Math.ceil(middle)] ?? NaN)) / 2;
  return { median, min: sorted.at(0) ?? NaN, max: sorted.at(-1) ?? NaN };
}

/**
 * How many times the other each sample was, round by round: what one round's two measurements share, such as whatever
 * else the machine was doing, falls out. Both hold one sample of each round.
 */
export function ratioOf(samples: readonly number[], others: readonly number[]): Spread {
  return spreadOf(samples.map((sample, round) => sample / (others[round] ?? NaN)));
}

/** `12.3 (11.0–14.8)` */
export function spreadText({ median, min, max }: Spread, digits = 1): string {
  return `${median.toFixed(digits)} (${min.toFixed(digits)}–${max.toFixed(digits)})`;
}

/** `1.43x (1.38–1.50)` */
export function ratioText({ median, min, max }: Spread): string {
  return `${median.toFixed(2)}x (${min.toFixed(2)}–${max.toFixed(2)})`;
}
