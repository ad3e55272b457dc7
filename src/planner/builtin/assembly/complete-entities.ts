import type { Entity } from './entities.ts';
import { readTokens } from '../grammar/tokens.ts';
import { findBundle, findEntity, libraryName } from '../library/entity-library.ts';
import { entityBeside } from '../library/variants.ts';
import { singularName } from '../names.ts';
import { isVisitor, plural } from './directory.ts';
import { productEntity } from './product-nouns.ts';

/** Evidence of an entity that nobody doubts. */
const SURE = 0.7;

/** What a product's own tables are trusted with, when the prompt names the product and little else. */
const BUNDLED = 0.75;

/** The entities of a prompt with those that it takes for granted. Never empty. */
export function completeEntities(prompt: string, entities: readonly Entity[], isShort: boolean): Entity[] {
  if (!isShort) return entities.length > 0 ? [...entities] : guessEntities(prompt);
  const named = nameProduct(prompt, entities);
  if (namesItsThings(entities)) return withPeople(named);
  const bundle = findBundle(nouns(prompt));
  if (bundle !== undefined && !entities.some(({ key }) => isForeign(key, bundle)))
    return bundle.map((table) => given(table, BUNDLED));
  return named.length > 0 ? withPeople(named) : guessEntities(prompt);
}

/** The prompt names its things itself. */
export function namesItsThings(entities: readonly Entity[]): boolean {
  const sure = entities.filter(({ weight }) => weight >= SURE);
  return entities.some(({ attributes }) => attributes.length > 1) || sure.length > 1 || entities.length > 2;
}

function nameProduct(prompt: string, entities: readonly Entity[]): Entity[] {
  const product = productEntity(readTokens(prompt));
  const keys = entities.map(({ key }) => key);
  return product === undefined || isAmong(product, keys) ? [...entities] : [given(product, SURE), ...entities];
}

/** A thing of its own, which the product's usual tables do not hold. */
function isForeign(key: string, bundle: readonly string[]): boolean {
  return findEntity(key) !== undefined && !isAmong(key, bundle);
}

/** Under this name, a longer one (`gym_classes` for classes) or another name of the same library entity. */
function isAmong(key: string, names: readonly string[]): boolean {
  const table = plural(key) ?? key;
  const all = names.map((name) => plural(name) ?? name);
  return all.some(
    (name) =>
      (isAgreed(name) && isAgreed(table)) ||
      libraryName(name) === libraryName(table) ||
      entityBeside(name, all)?.name === libraryName(table) ||
      name.endsWith(`_${table}`),
  );
}

/** Bookings, reservations and appointments are one thing. */
function isAgreed(table: string): boolean {
  return ['bookings', 'reservations', 'appointments'].includes(libraryName(table));
}

/** Posts have authors and messages senders, though nobody says so. */
function withPeople(entities: readonly Entity[]): Entity[] {
  const tables = entities.map(({ key }) => plural(key) ?? key);
  const known = new Set(tables.map(libraryName));
  const isMissing = (table: string) =>
    !PEOPLE.some((name) => known.has(name)) &&
    !tables.some(isVisitor) &&
    tables.some((name) => needs(name, tables, table));
  const missing = ['users', 'customers'].find(isMissing);
  const isDescribed = entities.some(({ attributes }) => attributes.length > 1);
  return missing === undefined || isDescribed ? [...entities] : [given(missing, 0.65), ...entities];
}

const PEOPLE = [
  'users',
  'members',
  'customers',
  'guests',
  'people',
  'employees',
  'players',
  'students',
  'patients',
  'mentors',
];

function needs(table: string, tables: readonly string[], person: string): boolean {
  const columns = entityBeside(table, tables)?.columns ?? [];
  return columns.some(
    ({ references, nullable }) => references === person && (!nullable || libraryName(table) === 'time_entries'),
  );
}

/** Nouns that the library knows, else the first noun that can name a table. */
function guessEntities(prompt: string): Entity[] {
  const found = readTokens(prompt.slice(0, 2000)).filter((token) => token.tag === 'noun');
  const known = found.filter(({ lemma }) => findEntity(lemma) !== undefined);
  const chosen = known.length > 0 ? known.slice(0, 4) : found.slice(0, 1);
  const keys = [...new Set(chosen.map(({ lemma }) => lemma))].filter((key) => plural(key) !== undefined);
  return (keys.length > 0 ? keys : ['item']).map((key) => given(key, 0.3));
}

function given(name: string, weight: number): Entity {
  return { key: singularName(name), attributes: [], weight };
}

function nouns(prompt: string): string[] {
  return readTokens(prompt)
    .filter(({ tag }) => tag !== 'verb')
    .map(({ lemma, word, tag }) => (tag === 'participle' ? word : lemma));
}
