export interface Answer {
  readonly gold: boolean;
  /** Undefined when there was none: it counts as wrong. */
  readonly answer: boolean | undefined;
}

/** The mean of both classes' recall: 0.5 is what «always yes» gets. */
export function balancedAccuracy(answers: readonly Answer[]): number {
  return (recall(answers, true) + recall(answers, false)) / 2;
}

function recall(answers: readonly Answer[], gold: boolean): number {
  const rows = answers.filter((row) => row.gold === gold);
  return rows.length === 0 ? 1 : rows.filter((row) => row.answer === gold).length / rows.length;
}
