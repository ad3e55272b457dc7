import type { DraftTable } from './draft.ts';
import { INSTITUTIONS, NOT_ENTITIES, PRODUCTS, ROLE_NOUNS, WRAPPERS } from './grammar/lexicon.ts';
import { phrasesOf, type PlacedPhrase } from './grammar/phrases.ts';
import { readSentences } from './grammar/sentences.ts';
import type { Token } from './grammar/token.ts';
import { readTokens } from './grammar/tokens.ts';
import { findBrand, findEntity, isProductName, libraryName } from './library/entity-library.ts';
import { singularName, tableName } from './names.ts';

/** What became of a prompt's nouns. */
export interface Coverage {
  /** From 0 (none of them is in the design) to 1 (all are). */
  readonly share: number;
  /** Those that are nowhere in the design, as they stand in the prompt. */
  readonly dropped: readonly string[];
}

/** Every noun of a prompt is a table, a column, a value, the product's own name or a word about software; or it was dropped. */
export function coverageOf(prompt: string, tables: readonly DraftTable[]): Coverage {
  const words = wordsOf(tables);
  const fates = readSentences(prompt).flatMap(({ text }) => {
    const tokens = readTokens(text);
    return phrasesOf(tokens).map((phrase) => ({ phrase, isUsed: isUsed(phrase, tokens, tables, words) }));
  });
  const settled = settledIn(prompt);
  const dropped = fates.filter(
    ({ phrase, isUsed: used }) => !used && !phrase.lemmas.some((lemma) => settled.has(lemma)),
  );
  const used = fates.length - dropped.length;
  return {
    share: fates.length === 0 ? 0 : used / fates.length,
    dropped: [...new Set(dropped.map(({ phrase }) => phrase.words.join(' ')))],
  };
}

/** «Teeth are only a word»: what somebody has said to be nothing that is kept. */
function settledIn(prompt: string): ReadonlySet<string> {
  const sentences = readSentences(prompt).filter(({ text }) =>
    /\b(?:only (?:a )?words?|not kept|no tables?|without tables?)\b/i.test(text),
  );
  return new Set(sentences.flatMap(({ text }) => readTokens(text).map(({ lemma }) => lemma)));
}

/** The nouns of all names and values of a design, in the singular. */
function wordsOf(tables: readonly DraftTable[]): ReadonlySet<string> {
  const names = tables.flatMap((table) => [
    table.name,
    ...table.columns.flatMap(({ name, values }) => [name, ...(values ?? [])]),
  ]);
  return new Set(names.flatMap((name) => name.split('_')).map((word) => singularName(word.toLowerCase())));
}

function isUsed(
  phrase: PlacedPhrase,
  tokens: readonly Token[],
  tables: readonly DraftTable[],
  words: ReadonlySet<string>,
): boolean {
  const heads = phrase.lemmas.filter((lemma) => !WRAPPERS.has(lemma));
  const head = heads.at(-1) ?? '';
  // «tools» and «each tool» are things, unlike «a tool».
  const isMany = phrase.plural || tokens[phrase.start - 1]?.word === 'each';
  const isThing = isMany && heads.length === 1 && findEntity(head) !== undefined && !REPORTS.has(head);
  if (!isThing && heads.every((lemma) => isAboutSoftware(lemma) || findBrand(lemma) !== undefined)) return true;
  if (isProduct(phrase, tokens)) return true;
  if (words.has(head) || words.has(singularName(head)) || head.split('-').some((part) => words.has(part))) return true;
  if (isMeasured(head, words)) return true;
  if (ROLE_NOUNS.has(head) && tables.some(({ columns }) => columns.some(({ name }) => name === `${head}_id`)))
    return true;
  return isKept(heads, tables);
}

/** Stars are a rating, a picture is an image. */
function isMeasured(head: string, words: ReadonlySet<string>): boolean {
  return SAME.some((names) => names.includes(head) && names.some((name) => words.has(name)));
}

const SAME = [
  ['star', 'rating', 'score', 'grade', 'mark'],
  ['picture', 'photo', 'image', 'avatar', 'cover'],
  ['cost', 'price', 'fee', 'amount', 'money', 'payment', 'total'],
  ['mail', 'email'],
  ['date', 'time', 'deadline', 'day', 'at', 'due'],
  ['text', 'body', 'content', 'description', 'note'],
  ['name', 'title'],
  ['place', 'location', 'address', 'venue'],
  ['state', 'status'],
  ['type', 'kind', 'category'],
];

function isAboutSoftware(lemma: string): boolean {
  return NOT_ENTITIES.has(lemma) || PRODUCTS.has(lemma) || REPORTS.has(lemma) || lemma.length < 2;
}

/** They are asked of what is kept, and kept nowhere. */
const REPORTS = new Set(
  'statistic stat analytics report overview summary clone chart graph metric insight today everything people person'.split(
    ' ',
  ),
);

/** By another of its names: clients are customers. */
function isKept(lemmas: readonly string[], tables: readonly DraftTable[]): boolean {
  const names = lemmas.map((_, from) => lemmas.slice(from).join(' ')).filter((name) => findEntity(name) !== undefined);
  const known = new Set(names.map((name) => libraryName(tableName(name) ?? name)));
  return tables.some(({ name }) => known.has(libraryName(name)));
}

/** «a bike rental with …», «an app for my bakery»: what is built and who runs it, told in the singular and no row of it. */
function isProduct({ plural, lemmas, start, length }: PlacedPhrase, tokens: readonly Token[]): boolean {
  if (plural) return tokens[start - 1]?.word === 'for' && INSTITUTIONS.has(lemmas.at(-1) ?? '');
  const before = tokens.slice(Math.max(0, start - 3), start).map(({ word }) => word);
  if (tokens[start + length]?.tag === 'colon') return true;
  const isNamed =
    before.some((word) => /^(?:an?|my|our|the|un|una|une|ein|eine|um|uma|for|like)$/.test(word)) || start === 0;
  return (
    isNamed && (isProductName(lemmas) || INSTITUTIONS.has(lemmas.at(-1) ?? '') || PRODUCTS.has(lemmas.at(-1) ?? ''))
  );
}
