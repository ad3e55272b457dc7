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

/** From it on, a candidate is a table. */
const THRESHOLD = 0.5;

/** The candidates that become tables, in the order in which they first appear. */
export function gatherEntities(candidates: readonly ScoredCandidate[]): Entity[] {
  return mergeShortNames(dropNarrow(candidates.filter(({ weight }) => weight >= THRESHOLD)));
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
