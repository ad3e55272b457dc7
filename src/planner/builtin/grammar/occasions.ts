import type { Lemmas } from './facts.ts';
import type { Token } from './token.ts';
import type { NounPhrase } from './noun-phrase.ts';
import { readPhrase } from './noun-phrase.ts';
import { entityName } from './entity-name.ts';

/** «Each time a member borrows a book»: who does what to what, and the index of the clause's end. */
export interface Occasion {
  readonly actor: Lemmas;
  readonly verb: string;
  readonly object: Lemmas;
  readonly end: number;
}

const OPENINGS = new Set(['when', 'whenever', 'once', 'upon', 'after', 'every', 'each']);

/** Reads the occasion that opens a sentence; undefined when none does. */
export function triggerOf(tokens: readonly Token[]): Occasion | undefined {
  const start = openingAt(tokens);
  if (start === undefined) return undefined;
  const end = tokens.findIndex((token, index) => index >= start && token.tag === 'comma');
  if (end === -1) return undefined;
  const actor = readPhrase(tokens, start);
  const verb =
    actor &&
    tokens
      .slice(actor.end, end)
      .find((token) => token.tag === 'verb' || token.tag === 'participle' || token.tag === 'noun');
  if (actor && !verb) return bareOccasion(tokens, actor, end);
  if (!actor || !verb) return undefined;
  const object = phraseAfter(tokens, tokens.indexOf(verb) + 1, end);
  return { actor: entityName(actor.lemmas), verb: verb.lemma, object: object ?? [], end };
}

/** «Each time a member shops, …»: the last word of what reads as a name is what the member does. */
function bareOccasion(tokens: readonly Token[], actor: NounPhrase, end: number): Occasion | undefined {
  const last = tokens[actor.end - 1];
  if (!actor.plural || actor.lemmas.length < 2 || actor.end !== end || last === undefined) return undefined;
  return { actor: entityName(actor.lemmas.slice(0, -1)), verb: last.lemma, object: [], end };
}

function openingAt(tokens: readonly Token[]): number | undefined {
  const first = tokens[0]?.word ?? '';
  if (!OPENINGS.has(first)) return undefined;
  if (first === 'each' || first === 'every') return tokens[1]?.word === 'time' ? 2 : undefined;
  return 1;
}

function phraseAfter(tokens: readonly Token[], from: number, end: number): Lemmas | undefined {
  for (let at = from; at < end; at++) {
    const phrase = readPhrase(tokens, at);
    if (phrase && phrase.end <= end) return entityName(phrase.lemmas);
  }
  return undefined;
}
