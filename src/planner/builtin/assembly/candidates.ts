import type { Fact, Lemmas } from '../grammar/facts.ts';
import type { NounPhrase } from '../grammar/noun-phrase.ts';
import type { PlacedPhrase } from '../grammar/phrases.ts';
import type { Sentence } from '../grammar/sentences.ts';
import type { Token } from '../grammar/token.ts';
import { entityName } from '../grammar/entity-name.ts';
import { phrasesOf } from '../grammar/phrases.ts';
import { readTokens } from '../grammar/tokens.ts';
import { tableName } from '../names.ts';

/** A thing of which a prompt speaks, with every place where it does: it may become a table. */
export interface Candidate {
  /** Singular snake_case: `order_item`. */
  readonly key: string;
  readonly mentions: readonly Mention[];
  /** What the clauses say with it as subject, object, owner or part. */
  readonly facts: readonly Fact[];
  /** Its columns, as far as they are told. */
  readonly attributes: readonly NounPhrase[];
}

/** One place where a candidate stands. */
export interface Mention {
  readonly phrase: PlacedPhrase;
  readonly tokens: readonly Token[];
  /** Which sentence of the prompt, from 0. */
  readonly sentence: number;
}

/** Every noun phrase of a prompt once, in the order in which they first appear, with what the clauses name besides. */
export function readCandidates(sentences: readonly Sentence[], facts: readonly Fact[]): Candidate[] {
  const mentions = Map.groupBy(
    sentences.flatMap((sentence, at) => mentionsIn(sentence, at, sentences[at - 1]?.label)),
    ({ phrase }) => keyOf(entityName(phrase.lemmas)),
  );
  const keys = new Set([...mentions.keys(), ...facts.flatMap(namesIn).map(keyOf)]);
  const isNamed = (key: string, fact: Fact) => namesIn(fact).some((name) => keyOf(name) === key);
  return [...keys]
    .filter((key) => tableName(key) !== undefined)
    .map((key) => ({
      key,
      mentions: mentions.get(key) ?? [],
      facts: facts.filter((fact) => isNamed(key, fact)),
      attributes: facts.flatMap((fact) => (fact.kind === 'attributes' && keyOf(fact.of) === key ? fact.items : [])),
    }));
}

/** A heading is a mention of what it names, once. */
function mentionsIn({ text, label }: Sentence, sentence: number, labelBefore: string | undefined): Mention[] {
  const texts = label === undefined || label === labelBefore ? [text] : [`${label}:`, text];
  return texts.flatMap((part) => {
    const tokens = readTokens(part);
    return phrasesOf(tokens).map((phrase) => ({ phrase, tokens, sentence }));
  });
}

export function keyOf(lemmas: Lemmas): string {
  return lemmas.join('_').replaceAll(/[^\p{L}\p{N}_]+/gu, '_');
}

function namesIn(fact: Fact): Lemmas[] {
  switch (fact.kind) {
    case 'attributes':
      return [fact.of];
    case 'entity':
      return [fact.name];
    case 'has-many':
      return [fact.owner, fact.part];
    case 'action':
      return [fact.actor, fact.object];
  }
}
