import type { GateResult } from '../../domain/receipt.ts';

export interface BothWays {
  /** What was done on the copy. */
  readonly summary: string;
  readonly durationMs: number;
  /** What taking it back did not give back, a sentence each. */
  readonly losses: readonly string[];
  /** What the plan said before anybody agreed to it. */
  readonly told: readonly string[];
}

/** Passes when taking the change back gave back everything, or all but what the plan told before. */
export function bothWaysGate({ summary, durationMs, losses, told }: BothWays): GateResult {
  const untold = losses.filter((loss) => !told.includes(loss));
  const gate = { gate: 'both-ways', durationMs } as const;
  if (untold.length > 0) {
    return {
      ...gate,
      status: 'failed',
      summary: `${untold.length} differences that the plan did not tell: the rows are others than when it was made`,
      evidence: untold,
    };
  }
  const came = losses.length === 0 ? 'every row as it was' : `but for what the plan told before: ${losses.length}`;
  return { ...gate, status: 'passed', summary: `${summary}, ${came}`, evidence: losses };
}
