import { setTimeout as delay } from 'node:timers/promises';
import { TurboError } from '../domain/errors.ts';
import { Redactor } from '../domain/redactor.ts';
import { Budget } from './budget.ts';
import { explainFailure, MAYBE_BILLED, type CalledModel, type CallFailure } from './call-failure.ts';
import { loadProvider, type ProviderModel } from './load-provider.ts';
import type { LanguageModel, ModelAnswer, ModelRequest } from './model-call.ts';
import type { LanguageModelSettings } from './model-settings.ts';
import { priceList, saidPrice, type PriceList } from './prices.ts';
import { finishOf, partsOf, reportedCostOf, tokensOf } from './provider-answer.ts';
import { toProviderCall } from './provider-call.ts';
import { estimateTokens } from './token-estimate.ts';

const CALL_TIMEOUT_MS = 120_000;
const FIRST_WAIT_MS = 500;
const LONGEST_WAIT_MS = 20_000;

export interface ModelTerms {
  readonly budget?: Budget | undefined;
  /** Said by the user, US dollars per million tokens; the price lists' when undefined. */
  readonly price?: { readonly inputUsd: number; readonly outputUsd: number } | undefined;
  /** Somebody counts on the budget. */
  readonly needsPrice?: boolean | undefined;
}

/**
 * A model of the chosen provider. Nothing is sent before the first call. With a budget, every try is held to it; rejects
 * with `BUDGET_EXCEEDED` where that is counted on and nobody knows the price.
 */
export async function openLanguageModel(
  settings: LanguageModelSettings,
  { budget = new Budget(), price: said, needsPrice = false }: ModelTerms = {},
): Promise<LanguageModel> {
  const price = said ? saidPrice(said) : priceList(settings.provider, settings.model, settings.baseUrl);
  if (needsPrice && price(ANY_CALL) === undefined) throw priceUnknown(settings);
  const redactor = new Redactor();
  if (settings.apiKey) redactor.add(settings.apiKey);
  const caller: Caller = {
    provider: settings.provider,
    model: settings.model,
    sdk: await loadProvider(settings),
    price,
    budget,
    redact: (text) => redactor.redact(text),
  };
  let withShape = true;
  return {
    provider: settings.provider,
    model: settings.model,
    async ask(request) {
      const limitMs = Math.min(request.timeoutMs ?? CALL_TIMEOUT_MS, settings.timeoutMs ?? Number.POSITIVE_INFINITY);
      const deadline = performance.now() + limitMs;
      for (let tries = 1; ; tries += 1) {
        const outcome = await attempt(caller, request, { deadline, limitMs, withShape });
        if ('answer' in outcome) return outcome.answer;
        if (withShape && outcome.failure.refusesShape) withShape = false;
        else await waitToRetry(outcome.failure, tries, deadline, request.signal);
      }
    },
  };
}

const ANY_CALL = { tokensIn: 1000, tokensOut: 1000, tokensCached: 0 };

function priceUnknown({ model }: LanguageModelSettings): TurboError {
  return new TurboError('BUDGET_EXCEEDED', `Nobody knows the price of ${model}, so it cannot be held to the budget`, {
    fix: 'Say it with --price in,out (US dollars per million tokens) or TURBOBACKEND_LLM_PRICE, or leave the budget out.',
  });
}

interface Caller extends CalledModel {
  readonly sdk: ProviderModel;
  readonly price: PriceList;
  readonly budget: Budget;
  redact(text: string): string;
}

interface Terms {
  /** On the clock of `performance.now()`. */
  readonly deadline: number;
  readonly limitMs: number;
  readonly withShape: boolean;
}

type Outcome = { readonly answer: ModelAnswer } | { readonly failure: CallFailure };

/** One request, paid from the budget. Rejects only when it does not fit there or the caller's signal is aborted. */
async function attempt(caller: Caller, request: ModelRequest, terms: Terms): Promise<Outcome> {
  request.signal.throwIfAborted();
  const { purpose, maxOutputTokens } = request;
  const hold = caller.budget.reserve({ purpose, tokensIn: estimateTokens(request), maxOutputTokens }, caller.price);
  const timeout = AbortSignal.timeout(Math.max(1, Math.ceil(terms.deadline - performance.now())));
  const signal = AbortSignal.any([request.signal, timeout]);
  const options = { maxOutputTokens: hold.maxOutputTokens, withShape: terms.withShape, signal };
  try {
    const answer = await send(caller, toProviderCall(caller.provider, request, options));
    caller.budget.settle(hold, answer.usage);
    return { answer };
  } catch (thrown) {
    const failure = timeout.aborted ? timedOut(caller, terms.limitMs) : failureOf(caller, thrown, request);
    caller.budget.settle(hold, failure.maybeBilled || request.signal.aborted ? 'uncertain' : 'none');
    request.signal.throwIfAborted();
    return { failure };
  }
}

async function send(
  { provider, model, sdk, price }: Caller,
  call: Parameters<ProviderModel['doGenerate']>[0],
): Promise<ModelAnswer> {
  const startedAt = performance.now();
  const answer = await sdk.doGenerate(call);
  const tokens = tokensOf(answer);
  const durationMs = Math.round(performance.now() - startedAt);
  const costUsd = reportedCostOf(answer) ?? price(tokens);
  return {
    parts: partsOf(answer),
    finish: finishOf(answer),
    usage: { provider, model, ...tokens, durationMs, ...(costUsd !== undefined && { costUsd }) },
  };
}

/** The failure in our words, without the key should the provider have said it back. */
function failureOf(caller: Caller, thrown: unknown, request: ModelRequest): CallFailure {
  const failure = explainFailure(thrown, request, caller);
  const { code, message, fix } = failure.error;
  const cause = failure.maybeBilled ? MAYBE_BILLED : undefined;
  return { ...failure, error: new TurboError(code, caller.redact(message), { fix, cause }) };
}

function timedOut({ provider }: CalledModel, limitMs: number): CallFailure {
  const error = new TurboError(
    'MODEL_UNAVAILABLE',
    `${provider} did not answer within ${Math.round(limitMs / 100) / 10} s`,
    {
      fix: 'Try again in a while, or use a faster model.',
      cause: MAYBE_BILLED,
    },
  );
  return { error, tries: 1, maybeBilled: true, refusesShape: false };
}

/** Rejects with the failure when there is no use in another try, or no time for it. */
async function waitToRetry(failure: CallFailure, tries: number, deadline: number, signal: AbortSignal): Promise<void> {
  const backoffMs = Math.min(LONGEST_WAIT_MS, FIRST_WAIT_MS * 2 ** (tries - 1)) * (0.5 + Math.random() / 2);
  const waitMs = failure.retryAfterMs ?? backoffMs;
  if (tries >= failure.tries) throw failure.error;
  if (performance.now() + waitMs >= deadline) throw outOfTime(failure);
  await delay(waitMs, undefined, { signal }).catch(() => signal.throwIfAborted());
}

function outOfTime({ error, retryAfterMs }: CallFailure): TurboError {
  if (retryAfterMs === undefined) return error;
  const message = `${error.message}; it wants to be asked again in ${Math.ceil(retryAfterMs / 1000)} s`;
  return new TurboError(error.code, message, { fix: error.fix });
}
