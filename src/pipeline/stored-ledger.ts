import { setTimeout as delay } from 'node:timers/promises';
import type { Pool } from 'pg';
import type { RunId } from '../domain/ids.ts';
import { PHASES, type Phase } from '../domain/run.ts';
import type { CallLedger, FinishedCall, LostCall, ModelAnswer } from '../llm/language-model.ts';
import { findLlmCall, keepLlmCall } from '../store/llm-calls.ts';
import { recordMessageCost } from '../store/message-costs.ts';
import { appendEvent } from '../store/run-events.ts';

/** What is paid for is kept, whatever the database is doing at the moment: so often it is tried, at growing distances. */
const TRIES = 8;
const FIRST_WAIT_MS = 200;

/** The model calls of a run in the control database: each is told, counted, and never paid twice. */
export function storedLedger(pool: Pool, runId: RunId): CallLedger {
  return {
    find: async (callKey) => (await findLlmCall(pool, runId, callKey)) as ModelAnswer | undefined,
    keep: (call) => insistently(() => keepCall(pool, runId, call)),
    lose: (call) => insistently(() => tellLost(pool, runId, call)),
  };
}

async function keepCall(pool: Pool, runId: RunId, { callKey, purpose, answer }: FinishedCall): Promise<void> {
  const { usage } = answer;
  await recordMessageCost(pool, { ...usage, runId, callKey, purpose, costUsd: usage.costUsd });
  await keepLlmCall(pool, runId, callKey, answer);
  const price = usage.costUsd === undefined ? 'price unknown' : `$${usage.costUsd.toFixed(4)}`;
  const message = `${usage.model}: ${usage.tokensIn} tokens in, ${usage.tokensOut} out, ${price}`;
  const event = { type: 'phase-progress', phase: phaseOf(purpose), message } as const;
  await appendEvent(pool, runId, `call:${callKey}`, event, 0, Date.now());
}

/** Its row has no tokens and no price, as nobody has told them: what the run cost is then not known. */
async function tellLost(pool: Pool, runId: RunId, { reason, ...call }: LostCall): Promise<void> {
  const callKey = `${call.callKey}:lost`;
  const tokens = { tokensIn: 0, tokensOut: 0, tokensCached: 0 };
  await recordMessageCost(pool, { ...call, ...tokens, runId, callKey, costUsd: undefined });
  const event = { type: 'phase-progress', phase: phaseOf(call.purpose), message: `${call.model}: ${reason}` } as const;
  await appendEvent(pool, runId, `call:${callKey}`, event, 0, Date.now());
}

/** Purposes are named after the phase that asks: `design`, `code:3`. */
function phaseOf(purpose: string): Phase {
  return PHASES.find((phase) => purpose === phase || purpose.startsWith(`${phase}:`)) ?? 'code';
}

async function insistently(work: () => Promise<void>): Promise<void> {
  for (let attempt = 1; ; attempt += 1) {
    try {
      return await work();
    } catch (error) {
      if (attempt === TRIES) throw error;
      await delay(FIRST_WAIT_MS * 2 ** (attempt - 1));
    }
  }
}
