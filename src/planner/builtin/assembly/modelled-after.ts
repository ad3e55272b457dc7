import type { Fact } from '../grammar/facts.ts';
import { findBrand, findEntity, libraryName } from '../library/entity-library.ts';
import { singularName, tableName } from '../names.ts';
import { isPerson } from './directory.ts';
import type { Entity } from './entities.ts';

/** «like Trello but for wedding planners», «a Duolingo clone for kids», «Airbnb for boats». */
const MODEL =
  /(?:\b(?:like|similar to|inspired by|clone of|version of)\s+|^\s*(?:an?\s+|the\s+)?)(\p{L}+(?: overflow)?)(?:\s+(?:clone|app|alternative|style app))?(?:\s*,?\s*(?:but|only|just))?(?:\s+for\s+((?:[\p{L}-]+\s+){0,2}?[\p{L}-]+?))?(?=\s*(?:$|[.,;:(–-]|\bwhere\b|\bwith\b|\bthat\b|\bwho\b|\bin\b))/iu;

/** What a prompt takes from a product that everybody knows, its main thing or its people replaced by those of the prompt. */
export interface Model {
  readonly entities: readonly Entity[];
  readonly facts: readonly Fact[];
}

export function modelledAfter(prompt: string): Model | undefined {
  const [, brand = '', audience] = MODEL.exec(prompt) ?? [];
  const tables = findBrand(brand);
  if (tables === undefined) return undefined;
  const own = audience === undefined ? undefined : tableName(audience);
  const replaced = own === undefined ? undefined : replacedBy(own, tables);
  const names = tables.map((table) => (table === replaced && own !== undefined ? own : table));
  return {
    entities: names.map((name) => ({ key: singularName(name), attributes: [], weight: 0.75 })),
    facts: replaced === undefined || own === undefined ? [] : partsOf(replaced, own, tables),
  };
}

/** People take the place of the users, things that of what the product is about. */
function replacedBy(own: string, tables: readonly string[]): string | undefined {
  if (isWho(own)) return tables.find((table) => libraryName(table) === 'users') ?? tables.find(isPerson);
  return tables.find((table) => !isPerson(table));
}

/** A product is for planners of weddings as it is for people. */
function isWho(own: string): boolean {
  return isPerson(own) || (own.includes('_') && /(?:ers|ors|ists|ants)$/.test(own));
}

/** What hung on the replaced thing hangs on the new one. */
function partsOf(replaced: string, own: string, tables: readonly string[]): Fact[] {
  const parts = tables.filter((table) => findEntity(table)?.columns.some(({ references }) => references === replaced));
  return isWho(own) ? [] : parts.map((part) => ({ kind: 'has-many', owner: lemmas(own), part: lemmas(part) }));
}

function lemmas(table: string): string[] {
  return singularName(table).split('_');
}
