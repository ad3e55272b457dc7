import type { Fact } from '../grammar/facts.ts';
import type { Candidate } from './candidates.ts';
import { ATTRIBUTE_HEADS, INSTITUTIONS } from '../grammar/lexicon.ts';
import { isSystemLike } from '../grammar/noun-phrase.ts';
import { findEntity, findOwned } from '../library/entity-library.ts';
import { keyOf } from './candidates.ts';

/** Every word of a short prompt counts for more. */
const SHORT_BONUS = 1.6;

/** What the library knows is more likely kept. */
const KNOWN_BONUS = 0.15;

/** From which evidence on the clauses alone would make a table. */
const ENOUGH = { short: 0.6, known: 0.55, strange: 0.8 };

/** Whether the clauses of a prompt alone would make a table of the candidate. */
export function clausesSayTable(candidate: Candidate, isShort: boolean): boolean {
  const { key, facts, attributes } = candidate;
  if (facts.length === 0) return false;
  const known = findEntity(key) === undefined ? 0 : KNOWN_BONUS;
  const weight = evidenceOf(candidate) * (isShort ? SHORT_BONUS : 1) + known;
  const isStrange = attributes.length < 2 && !isKnown(key);
  return (
    weight >= ENOUGH[isShort ? 'short' : isStrange ? 'strange' : 'known'] && mayBeTable(candidate, weight, isShort)
  );
}

/** What the clauses say adds up, the strongest first; 1 and more leave nothing to doubt. */
export function evidenceOf({ key, facts }: Candidate): number {
  const [first = 0, ...others] = facts.map((fact) => evidenceIn(key, fact)).toSorted((a, b) => b - a);
  return first + others.slice(0, 3).reduce((sum, value) => sum + value / 4, 0);
}

function evidenceIn(key: string, fact: Fact): number {
  switch (fact.kind) {
    case 'attributes':
      return fact.items.length > 1 ? 1 : 0.5;
    case 'entity':
      return fact.weight;
    case 'has-many':
      return 0.4;
    case 'action':
      return keyOf(fact.actor) === key ? 0.45 : 0.35;
  }
}

function isKnown(key: string): boolean {
  return findEntity(key) !== undefined || findEntity(key.split('_').at(-1) ?? '') !== undefined;
}

const HARD = new Set(['system', 'service', 'platform', 'application', 'store', 'shop', 'information', 'data']);

function mayBeTable({ key, attributes }: Candidate, weight: number, isShort: boolean): boolean {
  const lemmas = key.split('_');
  const head = lemmas.at(-1) ?? '';
  if (attributes.length > 1) return !isSystemLike(lemmas) || findEntity(key) !== undefined;
  if (isShort && weight >= (HARD.has(key) ? 1.2 : 0.8) && findEntity(key) !== undefined) return true;
  if (isSystemLike(lemmas) || INSTITUTIONS.has(key) || (!isShort && INSTITUTIONS.has(head))) return false;
  const isKnownWhole = findEntity(key) !== undefined || (isShort && findOwned(lemmas) !== undefined);
  return !ATTRIBUTE_HEADS.has(head) || (isKnownWhole && (isShort || weight >= 0.85));
}
