import type { Clause } from './clause.ts';
import type { Fact } from './facts.ts';
import type { NounPhrase } from './noun-phrase.ts';
import type { Token } from './token.ts';
import { entityName } from './entity-name.ts';
import { readList } from './list.ts';
import { looksLikeAttribute, looksLikeEntity } from './judge.ts';
import { findEntity } from '../library/entity-library.ts';
import { isSystemLike, phraseBefore, readPhrase } from './noun-phrase.ts';

const TIES = new Set([
  'belongs',
  'belong',
  'linked',
  'associated',
  'assigned',
  'related',
  'connected',
  'belonging',
  'corresponds',
  'correspond',
]);

/** «students enroll in courses» · «each book belongs to a category» · «every room can host many events». */
export function readActions({ tokens }: Clause): Fact[] {
  return tokens.flatMap((token, at) => {
    if (token.word.endsWith('-to-many') || token.word.endsWith('-to-one')) return stated(tokens, at);
    if (TIES.has(token.word)) return tie(tokens, at);
    if (token.tag === 'participle' && tokens[at + 1]?.word === 'by') return passive(tokens, at);
    if (token.tag === 'verb' || (token.tag === 'participle' && tokens[at - 1]?.word === 'be'))
      return action(tokens, at);
    return [];
  });
}

/** «a many-to-many relationship between users and roles», «has a one-to-many relationship with orders». */
function stated(tokens: readonly Token[], at: number): Fact[] {
  const word = tokens[at]?.word ?? '';
  const from = tokens.findIndex((token, index) => index > at && ['between', 'with'].includes(token.word));
  const [first, second] = from === -1 ? [] : readList(tokens, from + 1).items;
  const left = tokens[from]?.word === 'with' ? phraseBefore(tokens, at) : first;
  const right = tokens[from]?.word === 'with' ? first : second;
  if (!left || !right) return [];
  const [owner, part] = [entityName(left.lemmas), entityName(right.lemmas)];
  const forth: Fact = { kind: 'has-many', owner, part };
  const back: Fact = { kind: 'has-many', owner: part, part: owner };
  if (word.startsWith('many-to-many')) return [forth, back];
  return word.startsWith('many') ? [back] : [forth];
}

function tie(tokens: readonly Token[], at: number): Fact[] {
  const part = phraseBefore(tokens, at);
  const owner = readPhrase(tokens, at + 2);
  if (
    !part ||
    !owner ||
    isSystemLike(entityName(owner.lemmas)) ||
    (looksLikeAttribute(part) && findEntity(part.lemmas.join(' ')) === undefined)
  )
    return [];
  const [whole, piece] = [entityName(owner.lemmas), entityName(part.lemmas)];
  if (owner.many) return [{ kind: 'action', actor: piece, verb: 'have', object: whole, items: [] }];
  return [{ kind: 'has-many', owner: whole, part: piece }];
}

/** «each course is taught by a teacher». */
function passive(tokens: readonly Token[], at: number): Fact[] {
  const object = phraseBefore(tokens, at);
  const actor = readPhrase(tokens, at + 2);
  if (!actor || !object) return [];
  const names = { actor: entityName(actor.lemmas), object: entityName(object.lemmas) };
  if (isSystemLike(names.actor) || isSystemLike(names.object) || looksLikeAttribute(object)) return [];
  const many: Fact[] = actor.many ? [{ kind: 'has-many', owner: names.object, part: names.actor }] : [];
  return [...many, { kind: 'action', ...names, verb: tokens[at]?.lemma ?? '', items: [] }];
}

function action(tokens: readonly Token[], at: number): Fact[] {
  const actor = actorBefore(tokens, at);
  const object = objectAfter(tokens, at, actor);
  if (actor && !object && actor.plural && !isSystemLike(actor.lemmas))
    return [{ kind: 'entity', name: entityName(actor.lemmas), weight: 0.4 }];
  if (!actor || !object) return [];
  const names = { actor: entityName(actor.lemmas), object: entityName(object.lemmas) };
  if ((isSystemLike(names.object) || looksLikeAttribute(object)) && actor.plural && !isSystemLike(names.actor))
    return [{ kind: 'entity', name: names.actor, weight: 0.4 }];
  if (isSystemLike(names.actor) || isSystemLike(names.object) || looksLikeAttribute(object)) return [];
  const isMany = object.many && looksLikeEntity(object);
  const many: Fact[] = isMany
    ? [
        { kind: 'entity', name: names.object, weight: 0.6 },
        { kind: 'has-many', owner: names.actor, part: names.object },
      ]
    : [];
  return [...many, { kind: 'action', ...names, verb: tokens[at]?.lemma ?? '', items: [] }];
}

/** The object of a verb, over «and comment on»; «each other» are those who act, «them» those spoken of before. */
function objectAfter(tokens: readonly Token[], at: number, actor: NounPhrase | undefined): NounPhrase | undefined {
  const from = tokens[at + 1]?.tag === 'preposition' ? at + 2 : at + 1;
  const [word, next] = [tokens[from], tokens[from + 1]];
  if (word?.tag === 'conjunction' && next?.tag === 'verb') return objectAfter(tokens, from + 1, actor);
  if ((word?.word === 'each' || word?.word === 'one') && /^(an)?other$/.test(next?.word ?? ''))
    return readPhrase(tokens, from + 2) ?? actor;
  if (word?.word !== 'them') return readPhrase(tokens, from);
  const spokenOf = tokens.findLastIndex(
    (token, index) => index < at && token.plural && token.lemma !== actor?.lemmas.at(-1),
  );
  return spokenOf === -1 ? undefined : phraseBefore(tokens, spokenOf + 1);
}

/** The subject before a verb, over «can», «be able to» and verbs that share it. */
function actorBefore(tokens: readonly Token[], at: number): ReturnType<typeof phraseBefore> {
  const before = tokens[at - 1];
  if (before === undefined || !['noun', 'modal', 'conjunction', 'comma', 'adverb', 'verb'].includes(before.tag))
    return undefined;
  // «users save recipes and rate them»: who saves them rates them.
  const earlier =
    before.tag === 'conjunction' ? tokens.findLastIndex(({ tag }, index) => index < at && tag === 'verb') : -1;
  if (earlier > 0 && tokens.slice(earlier, at).every(({ tag }) => tag !== 'stop' && tag !== 'comma'))
    return actorBefore(tokens, earlier);
  // «so I can track plants»: the nouns before are not who acts.
  const near = tokens.slice(Math.max(0, at - 4), at);
  if (near.some((token) => token.tag === 'pronoun' && !['who', 'that', 'where', 'which'].includes(token.word)))
    return undefined;
  return phraseBefore(tokens, at);
}
