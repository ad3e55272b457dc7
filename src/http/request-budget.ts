interface Bucket {
  tokens: number;
  /** When `tokens` was true, in milliseconds. */
  atMs: number;
}

export interface BudgetState {
  readonly allowed: boolean;
  /** How many calls may be made in a minute, and at once after a quiet one. */
  readonly limit: number;
  readonly remaining: number;
  /** Until there is room for one more call. */
  readonly waitSeconds: number;
}

/** How many callers are kept in mind; one that is forgotten begins anew. */
const MOST_CALLERS = 10_000;

/** How many calls each caller may make: a bucket that holds a minute's worth and refills steadily. */
export class RequestBudget {
  readonly #perMinute: number;
  readonly #now: () => number;
  readonly #buckets = new Map<string, Bucket>();

  constructor(perMinute: number, now: () => number = Date.now) {
    this.#perMinute = perMinute;
    this.#now = now;
  }

  /** Counts a call, when there is room for it. */
  take(caller: string): BudgetState {
    const bucket = this.#fill(caller);
    const allowed = bucket.tokens >= 1;
    if (allowed) bucket.tokens -= 1;
    return this.#stateOf(bucket, allowed);
  }

  #fill(caller: string): Bucket {
    const atMs = this.#now();
    const known = this.#buckets.get(caller);
    const refill = known ? ((atMs - known.atMs) / 60_000) * this.#perMinute : 0;
    const bucket = { tokens: Math.min(this.#perMinute, (known?.tokens ?? this.#perMinute) + refill), atMs };
    // Behind all others, so that the first of the map is the one that was quiet for longest.
    this.#buckets.delete(caller);
    this.#buckets.set(caller, bucket);
    if (this.#buckets.size > MOST_CALLERS) this.#forgetOne();
    return bucket;
  }

  #forgetOne(): void {
    for (const caller of this.#buckets.keys()) {
      this.#buckets.delete(caller);
      return;
    }
  }

  #stateOf({ tokens }: Bucket, allowed: boolean): BudgetState {
    const missing = Math.max(0, 1 - tokens);
    return {
      allowed,
      limit: this.#perMinute,
      remaining: Math.floor(tokens),
      waitSeconds: Math.ceil((missing / this.#perMinute) * 60),
    };
  }
}
