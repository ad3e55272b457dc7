import type { GateOutcome } from './gate-runner.ts';
import type { Prober } from './prober.ts';

/** The outcome of a gate made of requests: failed on the first fault, which the summary then tells. */
export function probeOutcome(prober: Prober, otherFaults: readonly string[], evidence: readonly string[]): GateOutcome {
  const lines = [...otherFaults, ...prober.faultLines()];
  const count = otherFaults.length + prober.faultCount;
  if (count === 0) {
    const operations = prober.document.operations.length;
    const summary = `${prober.requestCount} requests to ${operations} operations, every answer as documented`;
    return { status: 'passed', summary, evidence };
  }
  const rest = count === 1 ? '' : ` (and ${count - 1} more)`;
  return { status: 'failed', summary: `${lines[0]}${rest}`, evidence: [...lines, ...evidence] };
}
