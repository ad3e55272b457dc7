const RESAMPLES = 400;

/** In which a measure lies for 95 of 100 resamples of the rows; the same rows always give the same interval. */
export function intervalOf<Row>(
  rows: readonly Row[],
  measure: (some: readonly Row[]) => number,
): { readonly low: number; readonly high: number } {
  const draw = drawing(14);
  const values = Array.from({ length: RESAMPLES }, () => {
    const some = rows.flatMap(() => rows[Math.floor(draw() * rows.length)] ?? []);
    return measure(some);
  }).toSorted((a, b) => a - b);
  return { low: values[Math.floor(RESAMPLES * 0.025)] ?? 0, high: values[Math.floor(RESAMPLES * 0.975)] ?? 0 };
}

/** Numbers from 0 to 1 that look random (a linear congruence). */
function drawing(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state * 1_664_525 + 1_013_904_223) % 4_294_967_296;
    return state / 4_294_967_296;
  };
}
