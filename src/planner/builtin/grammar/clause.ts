import type { Lemmas } from './facts.ts';
import type { Token } from './token.ts';

/** What a sentence is read against. */
export interface Clause {
  readonly tokens: readonly Token[];
  /** What the sentence is about when it does not say so itself. */
  readonly topic?: Lemmas | undefined;
}
