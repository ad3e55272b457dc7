import type { NounPhrase } from './noun-phrase.ts';
import { readPhrase } from './noun-phrase.ts';
import type { Token } from './token.ts';

/** A noun phrase and the index of its first token, determiners and adjectives included. */
export interface PlacedPhrase extends NounPhrase {
  readonly start: number;
}

/** Every noun phrase of a sentence, in order; what stands in brackets behind one is read as well. */
export function phrasesOf(tokens: readonly Token[]): PlacedPhrase[] {
  const phrases: PlacedPhrase[] = [];
  let at = 0;
  while (at < tokens.length) {
    const phrase = STARTS.has(tokens[at]?.tag ?? '') ? readPhrase(tokens, at) : undefined;
    if (phrase !== undefined) phrases.push({ ...phrase, start: at });
    at = phrase === undefined ? at + 1 : Math.max(endWithoutBrackets(phrase), at + 1);
  }
  return phrases;
}

const STARTS: ReadonlySet<string> = new Set(['noun', 'participle', 'adjective']);

function endWithoutBrackets({ end, inner }: NounPhrase): number {
  return end - (inner.length > 0 ? inner.length + 2 : 0);
}
