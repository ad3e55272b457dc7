import type { Clause } from './clause.ts';
import type { Fact, Lemmas } from './facts.ts';
import type { List } from './list.ts';
import type { Token } from './token.ts';
import { keyOwner, looksLikeAttribute, looksLikeEntity } from './judge.ts';
import { KEEP_VERBS } from './lexicon.ts';
import { findEntity } from '../library/entity-library.ts';
import { readList } from './list.ts';
import type { NounPhrase } from './noun-phrase.ts';
import { isSystemLike, leadingSubject, phraseBefore, readPhrase } from './noun-phrase.ts';
import { entityName } from './entity-name.ts';
import { triggerOf } from './occasions.ts';

const KEPT = new Set([
  'recorded',
  'stored',
  'saved',
  'logged',
  'tracked',
  'kept',
  'registered',
  'captured',
  'maintained',
  'noted',
]);
const KEEPING = new Set(['recording', 'storing', 'tracking', 'logging', 'saving']);

/** «the system records A, B and C» · «A, B and C need to be recorded» · «manages users and orders». */
export function readKeeping(clause: Clause): Fact[] {
  return clause.tokens.flatMap((token, at) => {
    if (token.tag === 'verb' && KEEP_VERBS.has(token.lemma) && !KEEPING.has(token.word)) return active(clause, at);
    if (KEEPING.has(token.word) && ['noun', 'comma', 'verb'].includes(clause.tokens[at - 1]?.tag ?? ''))
      return active(clause, at);
    if (KEPT.has(token.word) && clause.tokens[at - 1]?.tag === 'modal') return passive(clause, at);
    if (token.lemma === 'manage' || token.word === 'managing' || (token.lemma === 'track' && token.tag === 'verb'))
      return managed(clause, at);
    return [];
  });
}

function active(clause: Clause, at: number): Fact[] {
  const list = readList(clause.tokens, at + 1);
  return kept(clause, subjectOf(clause, at) ?? ownerBehind(clause.tokens, at, list.end), list);
}

/** «records the name, time and location of each performance». */
function ownerBehind(tokens: readonly Token[], from: number, to: number): Lemmas | undefined {
  const of = tokens.findIndex(
    ({ word }, at) => at > from && at <= to && word === 'of' && /^(each|every)$/.test(tokens[at + 1]?.word ?? ''),
  );
  const phrase = of === -1 ? undefined : readPhrase(tokens, of + 1);
  const name = phrase && entityName(phrase.lemmas);
  return name && (!isSystemLike(name) || findEntity(name.join(' ')) !== undefined) ? name : undefined;
}

/** The grammatical subject, when it is not the system itself. */
function subjectOf({ tokens }: Clause, at: number): Lemmas | undefined {
  const phrase = leadingSubject(tokens, at) ?? phraseBefore(tokens, at);
  const name = phrase && entityName(phrase.lemmas);
  return name && !isSystemLike(name) && !ACTORS.has(name.at(-1) ?? '') ? name : undefined;
}

/** Who keeps records; what they record is about something else. */
const ACTORS = new Set([
  'system',
  'company',
  'hospital',
  'library',
  'hotel',
  'school',
  'center',
  'bank',
  'airline',
  'store',
  'shop',
  'administrator',
  'admin',
  'manager',
  'management',
  'platform',
  'university',
  'restaurant',
  'enterprise',
  'organization',
  'user',
  'employee',
  'staff',
  'we',
  'firm',
  'agency',
  'clinic',
  'service',
  'gym',
  'operator',
]);

function passive(clause: Clause, at: number): Fact[] {
  const { tokens } = clause;
  let end = at;
  while (end > 0 && ['modal', 'adverb'].includes(tokens[end - 1]?.tag ?? '')) end--;
  // From the nearest clause opening on: «Each time a member shops, the time, …».
  const opening = tokens
    .slice(0, end)
    .findLastIndex(
      (token, index) => token.tag === 'stop' || (token.tag === 'comma' && index < end && isOccasion(tokens, index)),
    );
  const list = readList(tokens, opening + 1);
  return kept(clause, undefined, list);
}

function isOccasion(tokens: readonly Token[], comma: number): boolean {
  if (triggerOf(tokens)?.end === comma) return true;
  const isLed = ['for', 'in', 'during', 'at', 'on'].includes(tokens[0]?.word ?? '');
  return isLed && tokens.findIndex((token) => token.tag === 'comma') === comma;
}

function kept(clause: Clause, subject: Lemmas | undefined, { items }: List): Fact[] {
  const attributes = items.filter((item) => looksLikeAttribute(item) || (!looksLikeEntity(item) && items.length > 2));
  const occasion = triggerOf(clause.tokens);
  if (attributes.length > 1 || (attributes.length === 1 && attributes.length === items.length)) {
    if (occasion) return [{ kind: 'action', ...occasion, items: attributes }];
    const of = ownKey(clause, attributes[0]) ?? subject ?? keyOwner(attributes[0]) ?? clause.topic;
    return of && (subject || attributes.length > 1) ? [{ kind: 'attributes', of, items: attributes }] : [];
  }
  return items.filter(looksLikeEntity).map((item) => ({ kind: 'entity', name: entityName(item.lemmas), weight: 0.45 }));
}

/** «Each resident …, and record the resident number»: the key tells whose columns these are. */
function ownKey({ tokens }: Clause, first: NounPhrase | undefined): Lemmas | undefined {
  const owner = keyOwner(first);
  const opening = readPhrase(tokens, 0);
  return owner && opening && owner.join(' ') === entityName(opening.lemmas).join(' ') ? owner : undefined;
}

function managed({ tokens }: Clause, at: number): Fact[] {
  const { items } = readList(tokens, at + 1);
  return items
    .filter((item) => looksLikeEntity(item) || (item.words.at(-1) === 'information' && item.lemmas.length > 1))
    .map((item) => ({ kind: 'entity', name: entityName(item.lemmas), weight: 0.6 }));
}
