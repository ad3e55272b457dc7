import { TurboError } from '../domain/errors.ts';
import type { GateName, GateResult } from '../domain/receipt.ts';
import type { Redactor } from '../domain/redactor.ts';

/** What a gate found, before it is timed and cleaned of secrets. */
export interface GateOutcome {
  readonly status: 'passed' | 'failed' | 'skipped';
  readonly summary: string;
  readonly evidence: readonly string[];
}

/** Runs gates, several at a time if need be, and keeps their results. */
export class GateRunner {
  readonly results: GateResult[] = [];
  readonly #redactor: Redactor;
  readonly #signal: AbortSignal;
  readonly #onGate: (result: GateResult) => Promise<void>;

  constructor(redactor: Redactor, signal: AbortSignal, onGate: (result: GateResult) => Promise<void>) {
    this.#redactor = redactor;
    this.#signal = signal;
    this.#onGate = onGate;
  }

  /** Resolves to what the gate found, passed or not. Rejects when the gate could not be carried out. */
  async run<Outcome extends GateOutcome>(gate: GateName, check: () => Promise<Outcome>): Promise<Outcome> {
    this.#signal.throwIfAborted();
    const startedAtMs = performance.now();
    const outcome = await check().catch((cause: unknown) => this.#brokeOff(gate, cause));
    this.#signal.throwIfAborted();
    await this.#keep(gate, outcome, Math.round(performance.now() - startedAtMs));
    return outcome;
  }

  #brokeOff(gate: GateName, cause: unknown): never {
    if (this.#signal.aborted || cause instanceof TurboError) throw cause;
    throw brokenOff(`The gate «${gate}»`, this.#redactor.redact(reasonOf(cause)), cause);
  }

  async skip(gates: readonly GateName[], reason: string): Promise<void> {
    for (const gate of gates) await this.#keep(gate, { status: 'skipped', summary: reason, evidence: [] }, 0);
  }

  async #keep(gate: GateName, outcome: GateOutcome, durationMs: number): Promise<void> {
    const result: GateResult = {
      gate,
      status: outcome.status,
      durationMs,
      summary: this.#redactor.redact(outcome.summary),
      evidence: outcome.evidence.map((line) => this.#redactor.redact(line)),
    };
    this.results.push(result);
    await this.#onGate(result);
  }
}

/** What broke while gates were run, as the error that a run ends with; an abort stays what it is. */
export function verificationError(cause: unknown, signal: AbortSignal): unknown {
  if (signal.aborted || cause instanceof TurboError) return cause;
  return brokenOff('The verification', reasonOf(cause), cause);
}

function brokenOff(what: string, reason: string, cause: unknown): TurboError {
  return new TurboError('VERIFICATION_FAILED', `${what} broke off: ${reason}`, {
    cause,
    phase: 'verify',
    fix: 'Run it again; if it breaks off the same way, report it together with the prompt or the schema.',
  });
}

/** In one line: `TypeError: x is not a function`. */
function reasonOf(cause: unknown): string {
  if (!(cause instanceof Error)) return String(cause);
  const [first = ''] = cause.message.split('\n');
  return cause.name === 'Error' ? first : `${cause.name}: ${first}`;
}
