import type { Lemmas } from './facts.ts';
import type { NounPhrase } from './noun-phrase.ts';
import { findEntity, findOwned } from '../library/entity-library.ts';
import { ATTRIBUTE_HEADS, NOT_ENTITIES, WRAPPERS } from './lexicon.ts';

const ENUM_HEADS = new Set([
  'type',
  'status',
  'state',
  'level',
  'role',
  'category',
  'priority',
  'gender',
  'sex',
  'kind',
  'method',
  'severity',
  'size',
  'grade',
  'rank',
  'mode',
  'class',
  'stage',
  'result',
  'condition',
]);

/** Words that mostly wrap others, but name tables when they stand alone in a list of such. */
const TABLES_TOO = new Set([
  'tables',
  'lists',
  'groups',
  'collections',
  'sets',
  'modules',
  'series',
  'sections',
  'parts',
  'batches',
]);

/** «name», «order date», «phone number»: a column rather than a table. */
export function looksLikeAttribute(item: NounPhrase): boolean {
  if (item.many) return false;
  const head = item.lemmas.at(-1) ?? '';
  if (item.lemmas.includes('of') || ATTRIBUTE_HEADS.has(item.words.at(-1) ?? '')) return true;
  return ATTRIBUTE_HEADS.has(head) && (!item.plural || findEntity(item.lemmas.join(' ')) === undefined);
}

/** «users», «order items», «multiple rooms»: a table rather than a column. */
export function looksLikeEntity(item: NounPhrase): boolean {
  if ((item.plural || item.words[0] === 'series') && item.words.length === 1 && TABLES_TOO.has(item.words[0] ?? ''))
    return true;
  const isWhole = item.plural && item.lemmas.length > 1;
  // «borrowed tools» are tools.
  if (
    isWhole &&
    item.lemmas.length === 2 &&
    item.lemmas[0]?.endsWith('ed') &&
    findEntity(item.lemmas[1] ?? '') !== undefined
  )
    return true;
  if (isWhole && (findEntity(item.lemmas.join(' ')) ?? findOwned(item.lemmas)) !== undefined) return true;
  const lemmas = item.lemmas.filter((lemma) => !WRAPPERS.has(lemma));
  const head = lemmas.at(-1);
  if (item.plural && lemmas.length === item.lemmas.length && findEntity(lemmas.join(' ')) !== undefined) return true;
  if (head === undefined || NOT_ENTITIES.has(head)) return false;
  if (item.many) return !ATTRIBUTE_HEADS.has(head) || findEntity(lemmas.join(' ')) !== undefined;
  if (lemmas.length < item.lemmas.length && item.words.at(-1) === 'management') return true;
  const known = findEntity(lemmas.join(' ')) !== undefined;
  return item.plural && (known || !ATTRIBUTE_HEADS.has(head));
}

/** «order ID, order date, …»: a list that opens with a key is about what the key is of. */
export function keyOwner(first: NounPhrase | undefined): Lemmas | undefined {
  const isKey =
    first !== undefined && first.lemmas.length > 1 && ['id', 'number', 'code'].includes(first.lemmas.at(-1) ?? '');
  const owner = isKey ? first.lemmas.slice(0, -1) : undefined;
  return owner &&
    !/^(phone|contact|account|serial|license|card|identity|fax|mobile|telephone|batch|house|room|postal)$/.test(
      owner.at(-1) ?? '',
    )
    ? owner
    : undefined;
}

/** «type (A, B)»: what the brackets hold are values. */
export function looksLikeEnum(lemmas: Lemmas): boolean {
  return ENUM_HEADS.has(lemmas.at(-1) ?? '');
}
