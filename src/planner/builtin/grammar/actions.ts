import type { Clause } from './clause.ts';
import type { Fact, Lemmas } from './facts.ts';
import type { NounPhrase } from './noun-phrase.ts';
import type { Token } from './token.ts';
import { entityName } from './entity-name.ts';
import { readList } from './list.ts';
import { looksLikeAttribute, looksLikeEntity } from './judge.ts';
import { HEADS, VERBS } from './lexicon.ts';
import { isPastForm } from './verb-forms.ts';
import { findEntity } from '../library/entity-library.ts';
import { isSystemLike, leadingSubject, phraseBefore, readPhrase, runsIt } from './noun-phrase.ts';

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
  const [first, second] = from === -1 ? listBefore(tokens, at) : readList(tokens, from + 1).items;
  const left = tokens[from]?.word === 'with' ? phraseBefore(tokens, at) : first;
  const right = tokens[from]?.word === 'with' ? first : second;
  if (!left || !right) return [];
  const [owner, part] = [entityName(left.lemmas), entityName(right.lemmas)];
  const forth: Fact = { kind: 'has-many', owner, part };
  const back: Fact = { kind: 'has-many', owner: part, part: owner };
  if (word.startsWith('many-to-many')) return [forth, back];
  return word.startsWith('many') ? [back] : [forth];
}

/** «recipes and ingredients, many-to-many»: the two last named before. */
function listBefore(tokens: readonly Token[], at: number): readonly NounPhrase[] {
  const last = phraseBefore(tokens, at);
  const before = last && phraseBefore(tokens, last.end - last.length);
  return last && before ? [before, last] : [];
}

function tie(tokens: readonly Token[], at: number): Fact[] {
  const part = leadingSubject(tokens, at) ?? phraseBefore(tokens, at);
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
  const actor = actorBefore(tokens, at) ?? whoever(tokens, at);
  const object = objectAfter(tokens, at, actor);
  const deed = actor === undefined ? ownDeed(tokens, at) : undefined;
  if (deed !== undefined) return [deed];
  if (isSigningUp(tokens[at], actor)) return [{ kind: 'entity', name: ['user'], weight: 0.7 }];
  if (actor && !object && actor.plural && !isSystemLike(actor.lemmas))
    return [{ kind: 'entity', name: entityName(actor.lemmas), weight: 0.4 }];
  if (!actor || !object) return [];
  const names = { actor: entityName(actor.lemmas), object: entityName(object.lemmas) };
  if (isRoleOf(tokens[at], object)) return [];
  if (runsIt(tokens, actor)) return run(object);
  const taker = takerOf(tokens, at);
  if (taker && tokens[at]?.lemma === 'share') return sharedWith(names.object, entityName(taker.lemmas));
  if (taker)
    return [{ kind: 'action', ...names, object: entityName(taker.lemmas), verb: tokens[at]?.lemma ?? '', items: [] }];
  if (
    (isSystemLike(names.object) || looksLikeAttribute(object)) &&
    tokens[at + 1]?.word !== 'which' &&
    actor.plural &&
    !isSystemLike(names.actor)
  )
    return [{ kind: 'entity', name: names.actor, weight: 0.4 }];
  const isAsked = tokens[at + 1]?.word === 'which' && findEntity(names.object.join(' ')) !== undefined;
  if (isSystemLike(names.actor) || (isSystemLike(names.object) && !isAsked) || looksLikeAttribute(object)) return [];
  // «which neighbor borrowed which tool»: there are several of both.
  const asked: Fact[] =
    tokens[at + 1]?.word === 'which'
      ? [names.actor, names.object].map((name) => ({ kind: 'entity', name, weight: 0.7 }))
      : [];
  const isMany = object.many && looksLikeEntity(object);
  const many: Fact[] = isMany
    ? [
        { kind: 'entity', name: names.object, weight: 0.6 },
        { kind: 'has-many', owner: names.actor, part: names.object },
      ]
    : [];
  const isAskedFor = asked.length > 0 || tokens[at - 1]?.word === 'who';
  return [
    ...asked,
    ...many,
    { kind: 'action', ...names, verb: tokens[at]?.lemma ?? '', items: [], isAsked: isAskedFor },
  ];
}

/** «when I watered, fertilised and repotted them»: what the author does again and again to what is kept; nobody else acts. */
function ownDeed(tokens: readonly Token[], at: number): Fact | undefined {
  const { word = '', lemma = '' } = tokens[at] ?? {};
  const isPast = (word.endsWith('ed') && word !== lemma) || isPastForm(word) || !VERBS.has(lemma);
  const before = tokens.slice(0, at).findLast(({ tag }) => !['verb', 'comma', 'conjunction', 'adverb'].includes(tag));
  if (!isPast || NO_DEEDS.has(lemma) || !/^(?:i|we)$/.test(before?.word ?? '')) return undefined;
  const direct = tokens[at + 1]?.tag === 'pronoun' ? undefined : readPhrase(tokens, at + 1);
  const spokenOf = tokens.findLastIndex(({ tag, plural }, index) => index < at && tag === 'noun' && plural);
  const object = direct ?? (spokenOf === -1 ? undefined : phraseBefore(tokens, spokenOf + 1));
  return object && { kind: 'action', actor: [], verb: lemma, object: entityName(object.lemmas), items: [] };
}

/** What one does once, or all the time. */
const NO_DEEDS = new Set(
  'own use need want call like know love have be think plan try buy keep record track'.split(' '),
);

/** «people sign up», «anyone can log in»: whoever they are, they have accounts. */
function isSigningUp(verb: Token | undefined, actor: NounPhrase | undefined): boolean {
  return (
    /^(?:register|login|log)$/.test(verb?.lemma ?? '') &&
    /^(?:people|person|everyone|anyone)$/.test(actor?.words.at(-1) ?? '')
  );
}

/** «who rated which restaurant»: somebody who uses it. */
function whoever(tokens: readonly Token[], at: number): NounPhrase | undefined {
  const isAsked = tokens[at - 1]?.word === 'who' && (at === 1 || tokens[at - 2]?.tag === 'verb');
  return isAsked
    ? { words: ['users'], lemmas: ['user'], plural: true, many: false, inner: [], end: at, length: 0 }
    : undefined;
}

/** What an institution has or does is kept, the institution is not. */
function run(object: NounPhrase): Fact[] {
  const weight = object.many ? 0.6 : 0.35;
  return looksLikeEntity(object) ? [{ kind: 'entity', name: entityName(object.lemmas), weight }] : [];
}

/** «donors pledge money to campaigns», «share galleries with clients». */
function takerOf(tokens: readonly Token[], at: number): NounPhrase | undefined {
  const verb = tokens[at]?.lemma ?? '';
  const link = verb === 'share' ? 'with' : ['pledge', 'donate', 'contribute'].includes(verb) ? 'to' : undefined;
  const next = tokens.findIndex(({ word }, index) => index > at + 1 && index <= at + 4 && word === link);
  const taker = next === -1 ? undefined : readPhrase(tokens, next + 1);
  return taker?.plural ? taker : undefined;
}

function sharedWith(thing: Lemmas, people: Lemmas): Fact[] {
  return [
    { kind: 'has-many', owner: thing, part: people },
    { kind: 'has-many', owner: people, part: thing },
  ];
}

/** «users post tweets, like and retweet»: what they do to what was spoken of. */
const OF_WHAT_WAS_SAID = new Set(['like', 'retweet', 'repost', 'upvote', 'bookmark', 'favorite']);

/** «each employee has a manager»: one of them, whom a column names. */
function isRoleOf(verb: Token | undefined, { lemmas, plural }: NounPhrase): boolean {
  return verb?.lemma === 'have' && !plural && lemmas.length === 1 && HEADS.has(lemmas[0] ?? '');
}

/** The object of a verb, over «and comment on»; «each other» are those who act, «them» those spoken of before. */
function objectAfter(tokens: readonly Token[], at: number, actor: NounPhrase | undefined): NounPhrase | undefined {
  const isLed = tokens[at + 1]?.tag === 'preposition' || tokens[at + 1]?.word === 'which';
  const from = isLed ? at + 2 : at + 1;
  const [word, next] = [tokens[from], tokens[from + 1]];
  if (word?.tag === 'conjunction' && next?.tag === 'verb') return objectAfter(tokens, from + 1, actor);
  if ((word?.word === 'each' || word?.word === 'one') && /^(an)?other$/.test(next?.word ?? ''))
    return readPhrase(tokens, from + 2) ?? actor;
  const isBare = word === undefined || ['conjunction', 'comma', 'stop'].includes(word.tag);
  if (word?.word !== 'them' && !(isBare && OF_WHAT_WAS_SAID.has(tokens[at]?.lemma ?? '')))
    return readPhrase(tokens, from);
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
  // «users can browse products, add them to carts, like and rate»: who can the first can all.
  const can = isLinked(before) ? tokens.findLastIndex(({ word }, index) => index < at && word === 'can') : -1;
  if (can > 0 && tokens.slice(can, at).every(({ tag, word }) => tag !== 'stop' && !CLAUSES.has(word)))
    return phraseBefore(tokens, can);
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

function isLinked({ tag }: Token): boolean {
  return tag === 'conjunction' || tag === 'comma';
}

/** Behind them somebody else may be who acts. */
const CLAUSES = new Set(['who', 'which', 'that', 'where', 'when', 'while', 'so', 'if']);
