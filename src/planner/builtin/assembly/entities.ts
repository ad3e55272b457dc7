import type { Fact, Lemmas } from '../grammar/facts.ts';
import type { NounPhrase } from '../grammar/noun-phrase.ts';
import { isSystemLike } from '../grammar/noun-phrase.ts';
import { ATTRIBUTE_HEADS, INSTITUTIONS } from '../grammar/lexicon.ts';
import { findEntity, findOwned } from '../library/entity-library.ts';
import { tableName } from '../names.ts';

/** Something that may become a table, with all that was said about it. */
export interface Entity {
  /** Singular snake_case: `order_item`. */
  readonly key: string;
  readonly attributes: readonly NounPhrase[];
  /** Evidence from 0 (none) up; a table from 0.6 on. */
  readonly weight: number;
}

const THRESHOLD = 0.6;

/** Every word of a short prompt counts for more. */
const SHORT_BONUS = 1.6;

/** In a long text, a noun that the library knows or of which columns are told. */
const KNOWN = 0.55;

/** In a long text, a noun that the library does not know and of which no columns are told. */
const STRANGE = 0.8;

function isKnown(key: string): boolean {
  return findEntity(key) !== undefined || findEntity(key.split('_').at(-1) ?? '') !== undefined;
}

/** The entities that the facts speak for strongly enough, in the order in which they first appear. */
export function gatherEntities(facts: readonly Fact[], isShort: boolean): Entity[] {
  const all = [...new Set(facts.flatMap(namesIn).map(keyOf))]
    .filter((key) => tableName(key) !== undefined)
    .map((key) => weigh(key, facts, isShort));
  const tables = all.filter(
    (entity) =>
      entity.weight >= (isShort ? THRESHOLD : entity.attributes.length > 1 || isKnown(entity.key) ? KNOWN : STRANGE) &&
      mayBeTable(entity, isShort),
  );
  return mergeShortNames(dropNarrow(tables));
}

function keyOf(lemmas: Lemmas): string {
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

function weigh(key: string, facts: readonly Fact[], isShort: boolean): Entity {
  const attributes = facts.flatMap((fact) => (fact.kind === 'attributes' && keyOf(fact.of) === key ? fact.items : []));
  const said = facts
    .map((fact) => evidence(key, fact))
    .filter((value) => value > 0)
    .toSorted((a, b) => b - a);
  const known = findEntity(key) === undefined ? 0 : 0.15;
  const weight =
    ((said[0] ?? 0) + said.slice(1, 4).reduce((sum, value) => sum + value / 4, 0)) * (isShort ? SHORT_BONUS : 1) +
    known;
  return { key, attributes, weight };
}

function evidence(key: string, fact: Fact): number {
  switch (fact.kind) {
    case 'attributes':
      return keyOf(fact.of) === key ? (fact.items.length > 1 ? 1 : 0.5) : 0;
    case 'entity':
      return keyOf(fact.name) === key ? fact.weight : 0;
    case 'has-many':
      return keyOf(fact.part) === key || keyOf(fact.owner) === key ? 0.4 : 0;
    case 'action':
      return keyOf(fact.actor) === key ? 0.45 : keyOf(fact.object) === key ? 0.35 : 0;
  }
}

const HARD = new Set(['system', 'service', 'platform', 'application', 'store', 'shop', 'information', 'data']);

function mayBeTable({ key, attributes, weight }: Entity, isShort: boolean): boolean {
  const lemmas = key.split('_');
  const head = lemmas.at(-1) ?? '';
  if (attributes.length > 1) return !isSystemLike(lemmas) || findEntity(key) !== undefined;
  if (isShort && weight >= (HARD.has(key) ? 1.2 : 0.8) && findEntity(key) !== undefined) return true;
  if (isSystemLike(lemmas) || INSTITUTIONS.has(key) || (!isShort && INSTITUTIONS.has(head))) return false;
  const isKnownWhole = findEntity(key) !== undefined || (isShort && findOwned(lemmas) !== undefined);
  return !ATTRIBUTE_HEADS.has(head) || (isKnownWhole && (isShort || weight >= 0.85));
}

/** «placed orders» beside orders, «administrator users» beside users: of which nothing of their own is told. */
function dropNarrow(entities: readonly Entity[]): Entity[] {
  const isWide = (other: Entity, key: string) =>
    key.endsWith(`_${other.key}`) && (other.attributes.length > 1 || findEntity(other.key) !== undefined);
  return entities.filter(
    ({ key, attributes }) =>
      attributes.length > 1 || findEntity(key) !== undefined || !entities.some((other) => isWide(other, key)),
  );
}

/** «Tasks» after «moving task» means the moving task, when that is the only task there is. */
function mergeShortNames(entities: readonly Entity[]): Entity[] {
  const target = (entity: Entity) => {
    if (entity.attributes.length > 1) return undefined;
    const longer = entities.filter((other) => other.key.endsWith(`_${entity.key}`));
    return longer.length === 1 ? longer[0] : undefined;
  };
  return entities
    .filter((entity) => target(entity) === undefined)
    .map((entity) => ({
      ...entity,
      attributes: [
        ...entity.attributes,
        ...entities.filter((other) => target(other) === entity).flatMap((other) => other.attributes),
      ],
    }));
}
