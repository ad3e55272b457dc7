import type { Fact } from '../grammar/facts.ts';
import type { Token } from '../grammar/token.ts';
import type { Candidate, Mention } from './candidates.ts';
import {
  ATTRIBUTE_HEADS,
  EVENT_NOUNS,
  INSTITUTIONS,
  KEEP_VERBS,
  NOT_ENTITIES,
  PRODUCTS,
  ROLE_NOUNS,
} from '../grammar/lexicon.ts';
import { looksLikePerson } from '../grammar/person-noun.ts';
import { findEntity, findOwned, isProductName } from '../library/entity-library.ts';
import { tableName } from '../names.ts';
import { keyOf } from './candidates.ts';
import { clausesSayTable, evidenceOf } from './clause-verdict.ts';
import { isPerson } from './directory.ts';

/** The clauses alone would make a table of it. */
export const SAID = 'the clauses say so';

/** What speaks for or against a table for a candidate, in words that a person can read. */
export function tableFeatures(candidate: Candidate, all: readonly Candidate[], isShort: boolean): string[] {
  const [said, known] = [told(candidate), knowledge(candidate)];
  const own = [
    clausesSayTable(candidate, isShort) ? SAID : 'the clauses do not say so',
    ...said,
    ...known,
    // What is known of a word counts otherwise where the clauses speak of it.
    ...known.map((feature) => `${feature}, ${said[0]}`),
    ...known.map(
      (feature) => `${feature}, ${candidate.mentions.some(({ phrase }) => phrase.plural) ? 'plural' : 'singular'}`,
    ),
    ...(candidate.facts.length === 0 ? known.map((feature) => `${feature}, in no clause`) : []),
    ...written(candidate),
    ...placed(candidate),
    ...beside(candidate, all),
  ];
  const length = isShort ? 'short' : 'long';
  return [...new Set([...own, length, ...own.map((feature) => `${length}: ${feature}`)])];
}

/** What the clauses say of it. */
function told(candidate: Candidate): string[] {
  const { key, facts, attributes } = candidate;
  const roles = facts.map((fact) => roleIn(key, fact));
  const evidence = evidenceOf(candidate);
  const weights = facts.flatMap((fact) => (fact.kind === 'entity' ? [fact.weight] : []));
  return [
    attributes.length > 1 ? 'several columns told' : attributes.length === 1 ? 'one column told' : 'no column told',
    ...new Set(roles),
    ...(new Set(roles).size > 1 ? ['several roles'] : []),
    ...(weights.length > 0 ? [`named as a thing ${Math.max(...weights)}`] : []),
    ...(weights.length > 1 ? ['named as a thing again'] : []),
    ...(facts.length === 0 ? ['in no clause'] : []),
    ...STEPS.filter((step) => evidence >= step).map((step) => `evidence ${step}`),
  ];
}

/** What the clauses say adds up; past the last step there is nothing to doubt. */
const STEPS = [0.3, 0.45, 0.55, 0.65, 0.8, 1, 1.3, 1.6];

function roleIn(key: string, fact: Fact): string {
  switch (fact.kind) {
    case 'attributes':
      return 'has columns';
    case 'entity':
      return 'thing';
    case 'has-many':
      return keyOf(fact.owner) === key ? 'has many' : 'one of many';
    case 'action':
      return keyOf(fact.actor) === key ? 'acts' : 'acted upon';
  }
}

/** What the library and the vocabulary know of the words. */
function knowledge({ key }: Candidate): string[] {
  const lemmas = key.split('_');
  const head = lemmas.at(-1) ?? '';
  const whole = findEntity(key);
  const isLast = lemmas.length > 1 && findEntity(head) !== undefined;
  return [
    whole ? 'in the library' : isLast ? 'last word in the library' : 'not in the library',
    ...(!whole && findOwned(lemmas) ? ['owned in the library'] : []),
    ...(ATTRIBUTE_HEADS.has(head) ? [whole ? 'column word and library' : 'column word'] : []),
    ...(NOT_ENTITIES.has(head) ? ['software word'] : []),
    ...(INSTITUTIONS.has(head) ? ['institution'] : []),
    ...(PRODUCTS.has(head) ? ['product word'] : []),
    ...(isProductName(lemmas) ? ['product name'] : []),
    ...(ROLE_NOUNS.has(head) ? ['role'] : []),
    ...(EVENTS.has(head) ? ['event'] : []),
    ...(isPerson(tableName(key) ?? key) || looksLikePerson(head) ? ['person'] : []),
    lemmas.length === 1 ? 'one word' : lemmas.length === 2 ? 'two words' : 'many words',
    ...(lemmas.includes('of') ? ['of'] : []),
    ...(/(?:ing|tion|ment|ance|ity|ness)$/.test(head) ? ['abstract ending'] : []),
  ];
}

const EVENTS = new Set(Object.values(EVENT_NOUNS));

/** How often and in which form it is written. */
function written({ mentions }: Candidate): string[] {
  const plurals = mentions.filter(({ phrase }) => phrase.plural).length;
  return [
    mentions.length === 0
      ? 'never written so'
      : mentions.length === 1
        ? 'once'
        : mentions.length < 4
          ? 'twice'
          : 'often',
    ...(plurals > 0 ? ['plural'] : ['only singular']),
    ...(plurals > 0 && plurals < mentions.length ? ['both numbers'] : []),
    ...(mentions.some(({ phrase }) => phrase.many) ? ['many of them'] : []),
    ...(new Set(mentions.map(({ sentence }) => sentence)).size > 1 ? ['in several sentences'] : []),
    ...(mentions.every(({ sentence }) => sentence === 0) ? ['in the first sentence alone'] : []),
  ];
}

/** What stands around it. */
function placed({ mentions }: Candidate): string[] {
  return [...new Set(mentions.flatMap(surroundings))];
}

function surroundings({ phrase, tokens, sentence }: Mention): string[] {
  const first = phrase.end - phrase.length - (phrase.inner.length > 0 ? phrase.inner.length + 2 : 0);
  const start = Math.max(0, Math.min(first, phrase.start));
  const determiner = tokens[start]?.tag === 'determiner' ? tokens[start]?.word : tokens[start - 1]?.word;
  const before = wordClass(tokens[start - 1]);
  const after = wordClass(tokens[phrase.end]);
  return [
    `after ${before}`,
    `before ${after}`,
    ...(/^(?:each|every|all|a|an|the|its|their|my|our)$/.test(determiner ?? '') ? [`after «${determiner}»`] : []),
    ...(start === 0 ? ['opens its sentence'] : []),
    ...(sentence === 0 && !phrase.plural && isFirstNoun(tokens, start) ? [`names what is built, before ${after}`] : []),
    ...(phrase.words.some((word) => PRODUCTS.has(word)) ? ['with a product word'] : []),
    ...(phrase.inner.length > 0 ? ['brackets behind it'] : []),
    ...(isInBrackets(tokens, start) ? ['in brackets'] : []),
    ...(tokens.slice(0, start).some(({ tag }) => tag === 'colon') ? ['behind a colon'] : []),
    ...(tokens.slice(0, start).some(({ word }) => INCLUDING.has(word)) ? ['behind «including»'] : []),
    ...(keepsIt(tokens, start) ? ['object of keeping'] : []),
  ];
}

const INCLUDING = new Set(['including', 'includes', 'include', 'contains', 'such', 'recording', 'records']);

function wordClass(token: Token | undefined): string {
  if (token === undefined) return 'the edge';
  if (token.tag === 'preposition') return `«${token.word}»`;
  if (token.tag === 'verb')
    return KEEP_VERBS.has(token.lemma) ? 'a keeping verb' : token.lemma === 'have' ? '«have»' : 'a verb';
  return token.tag;
}

function isFirstNoun(tokens: readonly Token[], start: number): boolean {
  return tokens.slice(0, start).every(({ tag, lemma }) => tag !== 'noun' || NOT_ENTITIES.has(lemma));
}

function isInBrackets(tokens: readonly Token[], at: number): boolean {
  const before = tokens.slice(0, at);
  return before.filter(({ tag }) => tag === 'open').length > before.filter(({ tag }) => tag === 'close').length;
}

function keepsIt(tokens: readonly Token[], start: number): boolean {
  return tokens.slice(Math.max(0, start - 3), start).some(({ lemma, tag }) => tag === 'verb' && KEEP_VERBS.has(lemma));
}

/** What the other candidates say: longer names of it, shorter ones, a list of things in which it stands. */
function beside(candidate: Candidate, all: readonly Candidate[]): string[] {
  const { key, facts } = candidate;
  const longer = all.filter((other) => other.key.endsWith(`_${key}`));
  const shorter = all.find((other) => key.endsWith(`_${other.key}`));
  const first = all.find((other) => key.startsWith(`_${other.key}_`) || key.startsWith(`${other.key}_`));
  const library = findEntity(key)?.name;
  const twin =
    library !== undefined && all.some((other) => other.key !== key && findEntity(other.key)?.name === library);
  return [
    ...(longer.length > 0 ? [facts.length > 0 ? 'a longer name beside it' : 'a longer name, itself in no clause'] : []),
    ...(shorter ? [shorter.attributes.length > 1 ? 'narrower than a described one' : 'narrower than another'] : []),
    ...(first ? ['begins with another'] : []),
    ...(twin ? ['another name of the same beside it'] : []),
    ...(isColumnOf(candidate, all) ? ['told as a column'] : []),
  ];
}

/** It stands among the columns of another. */
function isColumnOf({ key }: Candidate, all: readonly Candidate[]): boolean {
  return all.some((other) => other.key !== key && other.attributes.some(({ lemmas }) => keyOf(lemmas) === key));
}
