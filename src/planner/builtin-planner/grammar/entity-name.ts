import type { Lemmas } from './facts.ts';
import { WRAPPERS } from './lexicon.ts';

/** The entity's own words: «user information table» is about the user. */
export function entityName(lemmas: Lemmas): Lemmas {
  const [first = '', second] = lemmas;
  // «types of equipment» are about equipment.
  if (second === 'of' && WRAPPERS.has(first)) return entityName(lemmas.slice(2));
  // «registered users» are users.
  if (second !== undefined && /[^e]ed$/.test(first) && first.length > 4 && !WRAPPERS.has(second))
    return entityName(lemmas.slice(1));
  let end = lemmas.length;
  while (end > 0 && WRAPPERS.has(lemmas[end - 1] ?? '')) end--;
  return (end === 0 && lemmas.length === 1 ? lemmas : lemmas.slice(0, end)).slice(-4);
}
