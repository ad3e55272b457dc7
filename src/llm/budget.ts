import { TurboError } from '../domain/errors.ts';
import type { ModelUsage } from './model-call.ts';
import type { PriceList } from './prices.ts';

export interface BudgetLimits {
  /** US dollars; no cap when undefined. */
  readonly capUsd?: number | undefined;
  /** What the run's earlier calls cost, when another process made them. */
  readonly spentUsd?: number | undefined;
  /** How many calls whose price is not known may be made, and how many tokens they may take together. */
  readonly unpricedCalls?: number | undefined;
  readonly unpricedTokens?: number | undefined;
}

/** A call that is about to be made. */
export interface PlannedCall {
  readonly purpose: string;
  readonly tokensIn: number;
  readonly maxOutputTokens: number;
}

/** What is set aside for a call until its bill is there. */
export interface Hold {
  /** What the call may write at most: less than it asked for when the budget has no room for more. */
  readonly maxOutputTokens: number;
  readonly usd: number;
}

/** An answer of less than this share of what was asked for is not worth its price: it will be cut off. */
const LEAST_SHARE = 0.25;

/** What one run may spend on models. Calls under way at the same time count with the most that they can cost. */
export class Budget {
  readonly #capUsd: number;
  readonly #unpriced: { calls: number; tokens: number };
  #spentUsd: number;
  #heldUsd = 0;
  /** The bills of this process whose cost was told. */
  readonly #billed = { usd: 0, tokens: 0 };

  constructor(limits: BudgetLimits = {}) {
    this.#capUsd = limits.capUsd ?? Number.POSITIVE_INFINITY;
    this.#spentUsd = limits.spentUsd ?? 0;
    this.#unpriced = { calls: limits.unpricedCalls ?? 200, tokens: limits.unpricedTokens ?? 5_000_000 };
  }

  /** US dollars that are known to be spent, this process's calls and the earlier ones. */
  get spentUsd(): number {
    return this.#spentUsd;
  }

  /**
   * Sets aside the most that the call can cost, lowering its output limit if that makes it fit.
   * Throws `BUDGET_EXCEEDED` when it does not fit.
   */
  reserve(call: PlannedCall, price: PriceList): Hold {
    const cost = (tokensOut: number): number | undefined =>
      price({ tokensIn: call.tokensIn, tokensOut, tokensCached: 0 }) ?? this.#fromExperience(call.tokensIn + tokensOut);
    const wanted = cost(call.maxOutputTokens);
    if (wanted === undefined) return this.#reserveUnpriced(call);

    const maxOutputTokens = this.#affordable(call.maxOutputTokens, cost);
    if (maxOutputTokens < LEAST_SHARE * call.maxOutputTokens) throw this.#exceeded(call, wanted);
    const usd = cost(maxOutputTokens) ?? wanted;
    this.#heldUsd += usd;
    return { maxOutputTokens, usd };
  }

  /** `bill`: the call's usage; `uncertain` when it may have been billed without our having an answer; else `none`. */
  settle(hold: Hold, bill: ModelUsage | 'uncertain' | 'none'): void {
    // What may have been billed stays set aside for good: the cap holds, and nothing is told that is not known.
    if (bill === 'uncertain') return;
    this.#heldUsd -= hold.usd;
    if (bill === 'none') return;
    const tokens = bill.tokensIn + bill.tokensOut;
    if (bill.costUsd === undefined) {
      this.#unpriced.tokens -= tokens;
      return;
    }
    this.#spentUsd += bill.costUsd;
    this.#billed.usd += bill.costUsd;
    this.#billed.tokens += tokens;
  }

  #left(): number {
    return this.#capUsd - this.#spentUsd - this.#heldUsd;
  }

  /** The most output tokens that the money left pays for, up to `wanted`; a price need not be linear in them. */
  #affordable(wanted: number, cost: (tokensOut: number) => number | undefined): number {
    const fits = (tokensOut: number): boolean => (cost(tokensOut) ?? 0) <= this.#left();
    if (fits(wanted)) return wanted;
    let [low, high] = [0, wanted];
    while (high - low > 1) {
      const middle = Math.floor((low + high) / 2);
      if (fits(middle)) low = middle;
      else high = middle;
    }
    return low;
  }

  /** Where no price is published but bills have come: what tokens cost until now. */
  #fromExperience(tokens: number): number | undefined {
    return this.#billed.usd > 0 ? (this.#billed.usd / Math.max(1, this.#billed.tokens)) * tokens : undefined;
  }

  #reserveUnpriced(call: PlannedCall): Hold {
    if (this.#left() <= 0) throw this.#exceeded(call, undefined);
    const { calls, tokens } = this.#unpriced;
    if (calls < 1 || tokens < call.tokensIn) {
      throw new TurboError(
        'BUDGET_EXCEEDED',
        `The ${call.purpose} call was not made: the run's calls whose price is not known have reached their limit`,
        {
          fix: 'Choose a model whose price is known, or ask for less at once.',
        },
      );
    }
    this.#unpriced.calls -= 1;
    return { maxOutputTokens: call.maxOutputTokens, usd: 0 };
  }

  #exceeded(call: PlannedCall, wanted: number | undefined): TurboError {
    const needs = wanted === undefined ? '' : `: it may cost up to $${dollars(wanted)}`;
    const left = `$${dollars(Math.max(0, this.#left()))} of $${dollars(this.#capUsd)} are left`;
    return new TurboError('BUDGET_EXCEEDED', `The ${call.purpose} call was not made${needs}; ${left}`, {
      fix: 'Raise it with --budget or TURBOBACKEND_BUDGET_USD.',
    });
  }
}

function dollars(usd: number): string {
  return usd.toFixed(usd < 1 ? 4 : 2);
}
