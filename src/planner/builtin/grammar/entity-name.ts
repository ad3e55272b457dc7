import type { Lemmas } from './facts.ts';
import { findEntity } from '../library/entity-library.ts';
import { WRAPPERS } from './lexicon.ts';

/** Their records are themselves; a maintenance record is not the maintenance. */
const PEOPLE = new Set([
  'employee',
  'user',
  'customer',
  'student',
  'patient',
  'member',
  'teacher',
  'doctor',
  'client',
  'staff',
]);

/** The entity's own words: «user information table» is about the user. */
export function entityName(lemmas: Lemmas): Lemmas {
  const [first = '', second] = lemmas;
  // «types of equipment» are about equipment.
  if (second === 'of' && WRAPPERS.has(first)) return entityName(lemmas.slice(2));
  // «registered users» are users.
  if (second !== undefined && /[^e]ed$/.test(first) && first.length > 4 && !WRAPPERS.has(second))
    return entityName(lemmas.slice(1));
  if (lemmas.length === 2 && second === 'record' && PEOPLE.has(first)) return [first];
  if (isItself(lemmas)) return lemmas.slice(-4);
  // «spare parts» are no wrapper of something spare.
  if (second !== undefined && first !== 'user' && findEntity(lemmas.join(' ')) !== undefined) return lemmas.slice(-4);
  let end = lemmas.length;
  while (end > 0 && WRAPPERS.has(lemmas[end - 1] ?? '')) end--;
  return (end === 0 && lemmas.length === 1 ? lemmas : lemmas.slice(0, end)).slice(-4);
}

/** «order details» are rows of their own; «customer details» are the customer. */
function isItself(lemmas: Lemmas): boolean {
  const [owner, head] = lemmas.slice(-2);
  return (
    head === 'detail' &&
    ['order', 'purchase', 'invoice', 'sale', 'cart', 'bill', 'prescription', 'contract'].includes(owner ?? '')
  );
}
