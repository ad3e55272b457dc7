import { TurboError } from '../domain/errors.ts';
import { MAYBE_BILLED } from './call-failure.ts';
import type { LanguageModel, ModelAnswer, ModelProvider } from './model-call.ts';
import { requestHash } from './request-hash.ts';

export interface FinishedCall {
  /** Names the call within its run: purpose, hash of the request, and how often the same was asked before. */
  readonly callKey: string;
  readonly purpose: string;
  readonly answer: ModelAnswer;
}

/** A call that may have been billed and brought no answer. */
export interface LostCall {
  readonly callKey: string;
  readonly purpose: string;
  readonly provider: ModelProvider;
  readonly model: string;
  readonly durationMs: number;
  readonly reason: string;
}

/** Where the calls of one run are kept, so that each is told once and none is paid twice. */
export interface CallLedger {
  /** The answer of a call that was finished before the run's process was gone. */
  find(callKey: string): Promise<ModelAnswer | undefined>;

  /** Called as soon as the answer is there, usable or not. Repeating it must change nothing. */
  keep(call: FinishedCall): Promise<void>;

  /** Called for one that ended without an answer and may be billed all the same. */
  lose?(call: LostCall): Promise<void>;
}

/** The model for one run: a call that the ledger holds is not made again. */
export function withLedger(model: LanguageModel, ledger: CallLedger): LanguageModel {
  const asked = new Map<string, number>();
  return {
    ...model,
    async ask(request) {
      const { purpose } = request;
      const hash = requestHash(request);
      const before = asked.get(hash) ?? 0;
      asked.set(hash, before + 1);
      const callKey = `${purpose}:${hash}:${before}`;
      const kept = await ledger.find(callKey);
      if (kept) return kept;
      const startedAt = performance.now();
      const answer = await model.ask(request).catch(async (error: unknown) => {
        const durationMs = Math.round(performance.now() - startedAt);
        const { provider, model: name } = model;
        if (isLost(error)) {
          await ledger.lose?.({ callKey, purpose, provider, model: name, durationMs, reason: error.message });
        }
        throw error;
      });
      await ledger.keep({ callKey, purpose, answer });
      return answer;
    },
  };
}

/** What was sent and not answered: nobody knows whether it is billed. */
function isLost(error: unknown): error is TurboError {
  return error instanceof TurboError && error.cause === MAYBE_BILLED;
}
