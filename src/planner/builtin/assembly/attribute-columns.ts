import type { DraftColumn } from '../draft.ts';
import type { Directory } from './directory.ts';
import type { NounPhrase } from '../grammar/noun-phrase.ts';
import type { Token } from '../grammar/token.ts';
import { looksLikeEnum } from '../grammar/judge.ts';
import { ATTRIBUTE_HEADS } from '../grammar/lexicon.ts';
import { inferColumn } from '../infer-column.ts';
import { columnName, singularName, snakeCase } from '../names.ts';
import { enumColumn, isHouseColumn } from '../notation.ts';

/** Heads that only identify what stands before them: «member ID», «book number». */
const KEYS = new Set(['id', 'ids', 'identifier', 'number', 'no', 'code', 'num', 'key']);

/** Heads that tell about another entity what its own table knows. */
const BORROWED = new Set([
  'name',
  'information',
  'info',
  'detail',
  'details',
  'phone',
  'email',
  'contact',
  'title',
  'account',
  'username',
]);

/** Numbers people know a thing by, and which are worth a column beside the key. */
const NUMBERED = new Set(
  'room flight order invoice table seat house bus track account ticket apartment license licence plate serial phone passport contract tracking policy bed floor'.split(
    ' ',
  ),
);

/** «customer information» of customers is nothing new. */
const EMPTY = new Set(['information', 'info', 'data', 'detail', 'details', 'record', 'records', 'table', 'list']);

/** The column for what was said of a table; undefined when the table has it already (its key, its times). */
export function attributeColumn(table: string, item: NounPhrase, directory: Directory): DraftColumn | undefined {
  const lemmas = withoutOwner(table, item.lemmas);
  const reference = referenceOf(table, lemmas, item.plural, directory);
  if (reference) return reference;
  const words = ownWords(
    table,
    withoutOwner(table, inSingular(item)).flatMap((word) => snakeCase(word).split('_')),
  );
  if (words.length === 0 || isOwnKey(table, words) || words.every((word) => EMPTY.has(word))) return undefined;
  const name = columnName(words.join(' '));
  if (name === undefined || isHouseColumn(name) || isHouseTime(name)) return undefined;
  const values = valuesOf(item.inner);
  const column = inferColumn(name);
  return values.length > 1 && looksLikeEnum(lemmas) ? enumColumn(column.name, values) : named(column);
}

function named(column: DraftColumn): DraftColumn {
  return column.name === 'name' || column.name === 'title' ? { ...column, nullable: false } : column;
}

function referenceOf(
  table: string,
  lemmas: readonly string[],
  isPlural: boolean,
  directory: Directory,
): DraftColumn | undefined {
  const stem = stemOf(lemmas);
  if (stem.length === 0) return undefined;
  const target = directory.find(stem);
  const isBare = stem.length === lemmas.length;
  if (isBare && isPlural) return undefined;
  if (target && !(isBare && !endsWithTable(stem, target)) && !isSelf(table, target, stem))
    return keyColumn(stem, target, table);
  const actor = directory.actor(stem.at(-1) ?? '');
  if (actor && !isSelfRole(table, stem)) return keyColumn(stem, actor, table);
  return undefined;
}

/** What a key is of: «customer ID» and «ID of the customer». */
function stemOf(lemmas: readonly string[]): readonly string[] {
  const of = lemmas.indexOf('of');
  if (of > 0) return isPointer(lemmas[of - 1]) ? lemmas.slice(of + 1) : [];
  return isPointer(lemmas.at(-1)) ? lemmas.slice(0, -1) : lemmas;
}

function isPointer(lemma = ''): boolean {
  return KEYS.has(lemma) || BORROWED.has(lemma);
}

function endsWithTable(stem: readonly string[], target: string): boolean {
  return stem.join('_').endsWith(singularName(target)) || singularName(target).endsWith(stem.join('_'));
}

/** «customer name» of customers is a name; «parent category» of categories points at another row. */
function isSelf(table: string, target: string, stem: readonly string[]): boolean {
  return table === target && `_${singularName(table)}`.endsWith(`_${stem.join('_')}`);
}

function isSelfRole(table: string, stem: readonly string[]): boolean {
  return singularName(table).endsWith(stem.join('_'));
}

function keyColumn(stem: readonly string[], target: string, table: string): DraftColumn | undefined {
  const name = columnName(`${stem.join('_')}_id`);
  return name === undefined ? undefined : { name, type: 'varchar', nullable: target === table, references: target };
}

/** «usernames, passwords and registration times»: a column holds one of each. */
function inSingular(item: NounPhrase): readonly string[] {
  const last = item.lemmas.at(-1) ?? '';
  return item.plural && ATTRIBUTE_HEADS.has(last) && !COUNTED.has(last)
    ? [...item.words.slice(0, -1), last]
    : item.words;
}

/** Their plural is a number or a text of many: points, credits, ingredients. */
const COUNTED = new Set([
  'point',
  'credit',
  'mark',
  'seat',
  'page',
  'note',
  'comment',
  'detail',
  'remark',
  'symptom',
  'result',
  'specification',
  'responsibility',
  'condition',
  'qualification',
  'skill',
  'coordinate',
  'instruction',
  'term',
  'option',
  'floor',
]);

/** «status of each item» of items is a status. */
function withoutOwner(table: string, words: readonly string[]): readonly string[] {
  const at = words.indexOf('of');
  const tail = words
    .slice(at + 1)
    .map((word) => singularName(word))
    .join('_');
  return at > 0 && singularName(table).endsWith(tail) ? words.slice(0, at) : words;
}

/** «book title» of books is a title. */
function ownWords(table: string, words: readonly string[]): readonly string[] {
  const own = singularName(table).split('_');
  const singular = words.map((word) => singularName(word));
  const last = own.at(-1);
  if (singular.length > own.length && own.every((word, index) => singular[index] === word))
    return words.slice(own.length);
  return singular.length > 1 && singular[0] === last ? words.slice(1) : words;
}

function isOwnKey(table: string, words: readonly string[]): boolean {
  const own = singularName(table).split('_');
  if (
    words.length > 1 &&
    words.slice(0, -1).every((word) => own.includes(word)) &&
    ['id', 'identifier'].includes(words.at(-1) ?? '')
  )
    return true;
  if (words.length > 1 || !KEYS.has(words[0] ?? '')) return false;
  return !(
    words[0] === 'number' &&
    singularName(table)
      .split('_')
      .some((word) => NUMBERED.has(word))
  );
}

function isHouseTime(name: string): boolean {
  return /^(created|creation|create|updated|update|modified|modification|record)_(at|time|date|timestamp)$/.test(name);
}

/** What stands in the brackets of «status (open, closed)», in snake_case. */
function valuesOf(inner: readonly Token[]): string[] {
  const text = inner
    .map((token) => token.word)
    .join(' ')
    .replace(/^(such as|e\.g\.?|i\.e\.?|like|for example)\s*,?/, '');
  return [
    ...new Set(
      text
        .split(/,|\bor\b|\band\b|\/|\||&/)
        .map((value) => snakeCase(value))
        .filter((value) => value && value !== 'etc'),
    ),
  ];
}
