import type { Token } from './token.ts';
import { INSTITUTIONS, NOT_ENTITIES, WRAPPERS } from './lexicon.ts';

/** A noun with what stands before it: `order items`, `date of birth`, `member's name`. */
export interface NounPhrase {
  /** Lower-case words as they stand, determiners and empty adjectives left out. */
  readonly words: readonly string[];
  /** The same with nouns in the singular. */
  readonly lemmas: readonly string[];
  readonly plural: boolean;
  /** Said to be many: `multiple rooms`, `several books`. */
  readonly many: boolean;
  /** What stands in brackets behind it. */
  readonly inner: readonly Token[];
  /** The index after the phrase. */
  readonly end: number;
  /** How many tokens it spans before `end`, brackets left out. */
  readonly length: number;
}

/** What is done and what comes of it go by one word. */
const NAMES_IN_ING = new Set([
  'book',
  'list',
  'rate',
  'meet',
  'train',
  'build',
  'spend',
  'bid',
  'read',
  'post',
  'ship',
  'record',
  'cast',
  'hold',
  'rank',
]);

/** Heads whose «of …» belongs to the name: `date of birth`, `number of pages`. */
const OF_HEADS = new Set(
  'date time number name type total amount quantity unit place country year status degree count value level cost price month state mode method area point length city percentage duration'.split(
    ' ',
  ),
);

/** Reads the phrase that starts at `start`, skipping what stands before the nouns; undefined when there is no noun. */
export function readPhrase(tokens: readonly Token[], start: number): NounPhrase | undefined {
  let at = start;
  let many = false;
  for (let tag = tokens[at]?.tag; tag !== undefined && isOpening(tokens, at); tag = tokens[++at]?.tag)
    many ||= tag === 'many';
  const taken: Token[] = [];
  while (isPart(tokens, at)) taken.push(tokens[at++] as Token);
  if (taken.length > 0 && tokens[at]?.word === 'of' && OF_HEADS.has(taken.at(-1)?.lemma ?? '')) {
    const tail = readPhrase(tokens, at + 1);
    if (tail && tail.end - at <= 5)
      return {
        ...phrase(taken, tokens, tail.end, many),
        words: [...wordsOf(taken), 'of', ...tail.words],
        lemmas: [...lemmasOf(taken), 'of', ...tail.lemmas],
        plural: false,
      };
  }
  return taken.some((token) => token.tag === 'noun' || token.tag === 'participle')
    ? phrase(taken, tokens, at, many)
    : undefined;
}

/** «Each building is part of a project and records …»: a verb after «and» has the sentence's subject. */
export function leadingSubject(tokens: readonly Token[], verb: number): NounPhrase | undefined {
  const isLed = ['each', 'every'].includes(tokens[0]?.word ?? '') && tokens[1]?.word !== 'time';
  // «Each employee belongs to a department, has a name, …».
  const isTied = tokens[verb - 1]?.tag === 'comma' && tokens.slice(0, verb).some(({ word }) => word === 'belongs');
  return isLed && (isTied || tokens[verb - 1]?.tag === 'conjunction') ? readPhrase(tokens, 1) : undefined;
}

/** The subject of what follows: in «requests of customers, including», the requests; in «data of customers», the customers. */
export function subjectBefore(tokens: readonly Token[], end: number): NounPhrase | undefined {
  const leading = leadingSubject(tokens, end);
  if (leading) return leading;
  const near = phraseBefore(tokens, end);
  if (near === undefined) return undefined;
  let at = near.end - near.length;
  while (at > 0 && ['determiner', 'many', 'adjective'].includes(tokens[at - 1]?.tag ?? '')) at--;
  if (tokens[at - 1]?.tag !== 'preposition' && tokens[at - 1]?.word !== 'to') return near;
  at--;
  if (tokens[at - 1]?.tag === 'participle') at--;
  const nouns = nounsBefore(tokens, at);
  const meant = nouns.filter((noun) => !WRAPPERS.has(noun.lemma));
  const isMeant = meant.some((noun) => noun.tag === 'noun') && meant.every((noun) => !NOT_ENTITIES.has(noun.lemma));
  return isMeant ? phrase(meant, tokens, at, false) : near;
}

/** The phrase that ends before `end`; «information about the passenger» gives the passenger. */
export function phraseBefore(tokens: readonly Token[], end: number): NounPhrase | undefined {
  let at = end;
  // Verbs, pronouns and wrappers between the noun and the list: «students need to record their basic information, including».
  for (let steps = 0; at > 0 && steps < 14; steps++) {
    const token = tokens[at - 1];
    if (token === undefined || token.tag === 'stop' || token.tag === 'colon') return undefined;
    if (token.tag === 'close') {
      at = openingOf(tokens, at - 1);
      continue;
    }
    const nouns = nounsBefore(tokens, at);
    const meant = withoutTail(nouns).filter((noun) => !WRAPPERS.has(noun.lemma));
    const isAboutSystem = meant.every((noun) => NOT_ENTITIES.has(noun.lemma));
    if (meant.some((noun) => noun.tag === 'noun') && !isAboutSystem) return phrase(meant, tokens, at, false);
    at -= Math.max(nouns.length, 1);
  }
  return undefined;
}

export function isSystemLike(lemmas: readonly string[]): boolean {
  const head = lemmas.at(-1);
  if (head === 'record' && lemmas.length > 1) return isSystemLike(lemmas.slice(0, -1));
  return head === undefined || NOT_ENTITIES.has(head);
}

/** «the language school has teachers»: who runs the software, and no row in it. */
export function runsIt(tokens: readonly Token[], { lemmas, plural, end, length }: NounPhrase): boolean {
  // «the cultural and art company».
  const article = tokens
    .slice(0, end - length)
    .findLast(({ tag }) => !['noun', 'adjective', 'conjunction'].includes(tag));
  return !plural && INSTITUTIONS.has(lemmas.at(-1) ?? '') && /^(an?|the|my|our|this)$/.test(article?.word ?? '');
}

function nounsBefore(tokens: readonly Token[], end: number): Token[] {
  let start = end;
  while (start > 0 && ['noun', 'participle', 'possessive', 'adjective'].includes(tokens[start - 1]?.tag ?? '')) start--;
  return tokens.slice(start, end).filter((token) => token.tag === 'noun' || token.tag === 'participle');
}

/** «products sold»: what was done with them is no part of the name. */
function withoutTail(nouns: readonly Token[]): readonly Token[] {
  const end = nouns.findLastIndex((noun) => noun.tag === 'noun' || noun.word.endsWith('ing'));
  return nouns.slice(0, end + 1);
}

function openingOf(tokens: readonly Token[], close: number): number {
  let depth = 0;
  for (let at = close; at >= 0; at--) {
    if (tokens[at]?.tag === 'close') depth++;
    if (tokens[at]?.tag === 'open' && --depth === 0) return at;
  }
  return 0;
}

function isOpening(tokens: readonly Token[], at: number): boolean {
  const token = tokens[at];
  if (token === undefined) return false;
  if (token.word === 'number' && tokens[at + 1]?.word === 'of' && tokens[at - 1]?.word === 'a') return true;
  if (token.word === 'of' && tokens[at - 1]?.word === 'number' && tokens[at - 2]?.word === 'a') return true;
  return (
    ['determiner', 'many', 'adjective', 'adverb'].includes(token.tag) || ['their', 'its', 'whose'].includes(token.word)
  );
}

function isPart(tokens: readonly Token[], at: number): boolean {
  const token = tokens[at];
  if (token === undefined) return false;
  if (token.tag === 'noun' || token.tag === 'possessive') return true;
  // «shipping date», «assigned person», but not «courses taught by».
  if (token.tag === 'participle' || token.tag === 'adjective')
    return (
      ['noun', 'participle', 'adjective'].includes(tokens[at + 1]?.tag ?? '') ||
      (token.tag === 'participle' && NAMES_IN_ING.has(token.lemma))
    );
  return false;
}

function phrase(taken: readonly Token[], tokens: readonly Token[], at: number, many: boolean): NounPhrase {
  const inner = innerOf(tokens, at);
  return {
    words: wordsOf(taken),
    lemmas: lemmasOf(taken),
    plural: taken.at(-1)?.plural ?? false,
    many,
    inner,
    end: inner.length > 0 ? at + inner.length + 2 : at,
    length: taken.length,
  };
}

function innerOf(tokens: readonly Token[], at: number): readonly Token[] {
  if (tokens[at]?.tag !== 'open') return [];
  const close = tokens.findIndex((token, index) => index > at && token.tag === 'close');
  return close === -1 ? [] : tokens.slice(at + 1, close);
}

function wordsOf(tokens: readonly Token[]): string[] {
  return tokens.filter((token) => token.tag !== 'possessive' && token.tag !== 'adjective').map((token) => token.word);
}

function lemmasOf(tokens: readonly Token[]): string[] {
  return tokens
    .filter((token) => token.tag !== 'possessive' && token.tag !== 'adjective')
    .map((token) => (token.tag === 'participle' ? token.word : token.lemma));
}
