import type { NounPhrase } from './noun-phrase.ts';

/** What one clause says about the data. Entities are named by their lemmas: `['order', 'item']`. */
export type Fact =
  /** The columns of an entity. */
  | { readonly kind: 'attributes'; readonly of: Lemmas; readonly items: readonly NounPhrase[] }
  /** An entity, with how much speaks for it being one (0 to 1). */
  | { readonly kind: 'entity'; readonly name: Lemmas; readonly weight: number }
  /** One owner, many parts. */
  | { readonly kind: 'has-many'; readonly owner: Lemmas; readonly part: Lemmas }
  /** Something somebody does to something, as often as one likes: `members` `borrow` `books`. */
  | {
      readonly kind: 'action';
      readonly actor: Lemmas;
      readonly verb: string;
      readonly object: Lemmas;
      readonly items: readonly NounPhrase[];
      /** The prompt asks who did it, or to what: each time is worth a row. */
      readonly isAsked?: boolean | undefined;
    };

export type Lemmas = readonly string[];
