import { findEntity } from '../library/entity-library.ts';
import { isPluralWord, singularWord } from '../names.ts';
import {
  AMBIGUOUS,
  ATTRIBUTE_HEADS,
  DETERMINERS,
  EMPTY_ADJECTIVES,
  GERUNDS,
  KEEP_VERBS,
  MANY,
  MODALS,
  NOT_ENTITIES,
  PREPOSITIONS,
  PRONOUNS,
  VERBS,
} from './lexicon.ts';

export type Tag =
  | 'noun'
  | 'verb'
  | 'participle'
  | 'adjective'
  | 'determiner'
  | 'many'
  | 'preposition'
  | 'pronoun'
  | 'modal'
  | 'conjunction'
  | 'adverb'
  | 'comma'
  | 'colon'
  | 'open'
  | 'close'
  | 'stop'
  | 'possessive';

export interface Token {
  /** Lower-case, as it stands. */
  readonly word: string;
  /** Singular of a noun, bare form of a verb. */
  readonly lemma: string;
  readonly plural: boolean;
  readonly tag: Tag;
  readonly capital: boolean;
}

const PUNCTUATION: Readonly<Record<string, Tag>> = {
  ',': 'comma',
  '、': 'comma',
  ':': 'colon',
  '：': 'colon',
  '(': 'open',
  '[': 'open',
  ')': 'close',
  ']': 'close',
  '.': 'stop',
  ';': 'stop',
  '!': 'stop',
  '?': 'stop',
  '—': 'stop',
  '–': 'stop',
};

const CONJUNCTIONS = new Set([
  'and',
  'or',
  '&',
  'y',
  'und',
  'et',
  'e',
  'oder',
  'o',
  'ou',
  'as-well-as',
  'along-with',
  'plus',
]);
const ADVERBS = new Set(
  'then else only just already still always never very too here now when while so because thus therefore however first also later well etc finally upon whenever if once'.split(
    ' ',
  ),
);

/** One sentence as tagged words. */
export function readTokens(sentence: string): Token[] {
  const raw = sentence
    .replaceAll(/\bin order (to|that)\b/gi, '$1')
    .replaceAll(/\b(persons?|people) in charge\b/gi, 'person-in-charge')
    .replaceAll(/\bas well as\b/gi, 'as-well-as')
    .replaceAll(/\b(?:along|together) with\b/gi, 'along-with')
    .match(/[\p{L}\p{N}][\p{L}\p{N}_'’/.-]*[\p{L}\p{N}]|[\p{L}\p{N}]|[,、:：()[\].;!?—–&]/gu);
  const tokens: Token[] = [];
  for (const [index, text] of (raw ?? []).entries()) {
    const owner = /^(.+?)(?:['’]s|s['’])$/i.exec(text)?.[1];
    tokens.push(tagWord(owner ?? text, tokens, raw ?? [], index));
    if (owner !== undefined) tokens.push({ word: "'s", lemma: "'s", plural: false, tag: 'possessive', capital: false });
  }
  return tokens;
}

function tagWord(text: string, before: readonly Token[], raw: readonly string[], index: number): Token {
  const word = text.toLowerCase();
  const capital = /^\p{Lu}/u.test(text);
  const punctuation = PUNCTUATION[text];
  if (punctuation) return { word, lemma: word, plural: false, tag: punctuation, capital };
  const tag = simpleTag(word) ?? contentTag(word, before.at(-1), raw[index + 1]?.toLowerCase(), before);
  const lemma = tag === 'verb' || tag === 'participle' ? bareVerb(word) : singularPhrase(word);
  return { word, lemma, plural: tag === 'noun' && isPluralWord(word), tag, capital };
}

function simpleTag(word: string): Tag | undefined {
  if (CONJUNCTIONS.has(word)) return 'conjunction';
  if (MANY.has(word)) return 'many';
  if (DETERMINERS.has(word)) return 'determiner';
  if (PRONOUNS.has(word)) return 'pronoun';
  if (MODALS.has(word)) return 'modal';
  if (ADVERBS.has(word) || (word.endsWith('ly') && word.length > 4 && !NOUNS_IN_LY.has(word))) return 'adverb';
  if (PREPOSITIONS.has(word)) return 'preposition';
  if (EMPTY_ADJECTIVES.has(word)) return 'adjective';
  return undefined;
}

const NOUNS_IN_LY = new Set(['family', 'assembly', 'reply', 'supply', 'anomaly', 'monthly', 'weekly', 'daily']);

/** Nouns, verbs and participles: what a word is depends on its neighbours. */
function contentTag(
  word: string,
  previous: Token | undefined,
  next: string | undefined,
  before: readonly Token[],
): Tag {
  const bare = bareVerb(word);
  if (word === 'has' || word === 'have') return 'verb';
  if (GERUNDS.has(word)) return 'verb';
  if (!VERBS.has(bare)) return 'noun';
  if (word.endsWith('ing') || (word.endsWith('ed') && word !== bare) || PAST.has(word)) return 'participle';
  if (endsList(word, previous, next) || (next !== undefined && findEntity(`${word} ${next}`) !== undefined))
    return 'noun';
  // «hire date», «update time».
  if (word === bare && next !== undefined && ATTRIBUTE_HEADS.has(next) && previous?.tag !== 'modal') return 'noun';
  if (AMBIGUOUS.has(bare)) return isVerbHere(word, previous, next, before) ? 'verb' : 'noun';
  return 'verb';
}

/** «threads and replies»: a word in -s with no object behind it names things. */
function endsList(word: string, previous: Token | undefined, next: string | undefined): boolean {
  const isClosed = next === undefined || /^[,.;:)]$/.test(next) || CONJUNCTIONS.has(next);
  return word.endsWith('s') && isClosed && previous?.tag !== 'pronoun' && previous?.tag !== 'modal';
}

const PAST: ReadonlyMap<string, string> = new Map(
  Object.entries({
    sold: 'sell',
    bought: 'buy',
    held: 'hold',
    made: 'make',
    sent: 'send',
    kept: 'keep',
    taken: 'take',
    written: 'write',
    given: 'give',
    driven: 'drive',
    built: 'build',
    paid: 'pay',
    lent: 'lend',
    taught: 'teach',
    led: 'lead',
    run: 'run',
    chosen: 'choose',
  }),
);

function isVerbHere(
  word: string,
  previous: Token | undefined,
  next: string | undefined,
  before: readonly Token[],
): boolean {
  if (previous === undefined || previous.tag === 'stop' || previous.tag === 'colon') return opensSentence(word, next);
  if (previous.tag === 'modal' || previous.tag === 'pronoun') return true;
  if (keepsSomething(word, previous, next)) return true;
  if (previous.tag === 'adverb') return next !== undefined && opensObject(next);
  if (previous.tag === 'conjunction' && (next === 'them' || next === 'it')) return true;
  if (previous.tag === 'conjunction' || previous.tag === 'comma')
    return before.at(-2)?.tag === 'verb' || followsVerb(before, next);
  if (previous.tag !== 'noun' || next === undefined) return false;
  if (word.endsWith('s')) return !previous.plural && (NOT_ENTITIES.has(previous.lemma) || opensObject(next));
  return previous.plural && (opensObject(next) || VERB_TAILS.has(next));
}

/** «…, stores basic data», «Chat management, records information …». */
function keepsSomething(word: string, previous: Token, next: string | undefined): boolean {
  if (
    next === undefined ||
    !KEEP_VERBS.has(bareVerb(word)) ||
    previous.tag === 'determiner' ||
    previous.tag === 'adjective'
  )
    return false;
  return EMPTY_ADJECTIVES.has(next) || DETERMINERS.has(next) || (previous.tag === 'comma' && opensSentence(word, next));
}

/** «Stores students' data», «Record the …» against «Orders contain …», «Order management». */
function opensSentence(word: string, next: string | undefined): boolean {
  if (next === undefined) return false;
  if (!word.endsWith('s')) return opensObject(next) || (next === 'and' && KEEP_VERBS.has(word));
  return (
    KEEP_VERBS.has(bareVerb(word)) &&
    simpleTag(next) !== 'modal' &&
    simpleTag(next) !== 'preposition' &&
    simpleTag(next) !== 'conjunction' &&
    !VERBS.has(bareVerb(next)) &&
    /^\p{L}/u.test(next)
  );
}

const VERB_TAILS = new Set(['on', 'for', 'to', 'with', 'at', 'in', 'each', 'from']);

/** «can view, edit and book lessons»: the verb before the commas speaks for this one. */
function followsVerb(before: readonly Token[], next: string | undefined): boolean {
  const clause = before.slice(-6);
  return (
    clause.some((token) => token.tag === 'modal' || token.tag === 'verb') &&
    next !== undefined &&
    opensObject(next) &&
    !clause.some((token) => token.tag === 'noun')
  );
}

function opensObject(next: string): boolean {
  return (
    DETERMINERS.has(next) ||
    MANY.has(next) ||
    EMPTY_ADJECTIVES.has(next) ||
    next === 'them' ||
    next === 'it' ||
    (isPluralWord(next) && !VERBS.has(bareVerb(next)))
  );
}

function bareVerb(word: string): string {
  if (VERBS.has(word)) return word;
  const past = PAST.get(word);
  if (past) return past;
  const bases = [
    word.replace(/ies$/, 'y'),
    word.replace(/ied$/, 'y'),
    word.replace(/s$/, ''),
    word.replace(/es$/, ''),
    word.replace(/(ing|ed)$/, ''),
    word.replace(/(ing|ed)$/, 'e'),
    word.replace(/(.)\1(ing|ed)$/, '$1'),
    word.replace(/d$/, ''),
  ];
  return bases.find((base) => VERBS.has(base)) ?? word;
}

function singularPhrase(word: string): string {
  return word.includes('-')
    ? [...word.split('-').slice(0, -1), singularWord(word.split('-').at(-1) ?? '')].join('-')
    : singularWord(word);
}
