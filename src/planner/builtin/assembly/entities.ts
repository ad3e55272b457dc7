import type { NounPhrase } from '../grammar/noun-phrase.ts';
import { findEntity } from '../library/entity-library.ts';
import type { Candidate } from './candidates.ts';

/** Something that becomes a table, with all that was said about it. */
export interface Entity {
  /** Singular snake_case: `order_item`. */
  readonly key: string;
  readonly attributes: readonly NounPhrase[];
  /** How likely it is a table, from 0 to 1. */
  readonly weight: number;
}

export interface ScoredCandidate extends Candidate, Entity {
  /** What speaks for and against it. */
  readonly features: readonly string[];
}

/** From it on, a candidate is a table: in few words little is said that is not meant, and a doubtful table is told as such. */
const THRESHOLD = { short: 0.4, long: 0.5 };

/** The candidates that become tables, in the order in which they first appear. */
export function gatherEntities(candidates: readonly ScoredCandidate[], isShort: boolean): Entity[] {
  const threshold = THRESHOLD[isShort ? 'short' : 'long'];
  return mergeShortNames(dropTwins(dropNarrow(candidates.filter(({ weight }) => weight >= threshold))));
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

/** Below it, a candidate is only likely. */
const SURE = 0.7;

/** «a hotel booking backend with rooms and reservations»: a doubtful name of what is named plainly as well. */
function dropTwins(entities: readonly Entity[]): Entity[] {
  const kindOf = ({ key }: Entity) => AGREED.get(key.split('_').at(-1) ?? '') ?? findEntity(key)?.name ?? key;
  return entities.filter(
    (entity) =>
      entity.weight >= SURE || !entities.some((other) => other.weight >= SURE && kindOf(other) === kindOf(entity)),
  );
}

/** Bookings, reservations and appointments are one thing. */
const AGREED = new Map(['booking', 'reservation', 'appointment'].map((word) => [word, 'booking']));

/** «houseplants» are the plants that are spoken of later. */
function isCompound(word: string, part: string): boolean {
  return (
    word !== part && part.length > 4 && word.endsWith(part) && !word.includes('_') && findEntity(word) === undefined
  );
}

/** «Tasks» after «moving task» means the moving task, when that is the only task there is. */
function mergeShortNames(entities: readonly Entity[]): Entity[] {
  const target = (entity: Entity) => {
    if (entity.attributes.length > 1) return undefined;
    const longer = entities.filter(
      (other) => other.key.endsWith(`_${entity.key}`) || isCompound(other.key, entity.key),
    );
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
