import type { Clause } from './clause.ts';
import type { Fact, Lemmas } from './facts.ts';
import type { NounPhrase } from './noun-phrase.ts';
import type { Tag, Token } from './token.ts';
import { keyOwner, looksLikeAttribute, looksLikeEntity, looksLikeEnum } from './judge.ts';
import { PART_VERBS, PRODUCTS, WRAPPERS } from './lexicon.ts';
import { findEntity } from '../library/entity-library.ts';
import { readList } from './list.ts';
import { isSystemLike, phraseBefore, subjectBefore } from './noun-phrase.ts';
import { entityName } from './entity-name.ts';

const OPENERS = new Set([
  'including',
  'includes',
  'include',
  'having',
  'containing',
  'comprising',
  'featuring',
  'with',
  'namely',
  'mit',
  'con',
  'avec',
  'com',
]);

/** «identified by», «characterized by» what follows. */
const TELLING = new Set(['identified', 'characterized', 'characterised', 'described', 'defined', 'represented']);

/** «X has A, B and C» · «X, including …» · «X such as …» · «X: …» · «X (…)» · «with …». */
export function readEnumerations(clause: Clause): Fact[] {
  const bare = bareList(clause.tokens);
  // In a bare list only the brackets, which hold an item's columns, are left to read.
  const isRead = (token: Token): boolean => bare.length > 0 && token.tag !== 'open';
  const lists = clause.tokens.flatMap((token, at) => {
    if (isRead(token)) return [];
    const start = listStart(clause.tokens, at);
    return start === undefined ? servedBy(clause.tokens, at) : judgeList(clause, at, start);
  });
  return [...bare.map((item) => mention(item, 0.8)), ...lists];
}

/** A sentence that is a list and nothing else: «customers», «owners, pets and visits (date, reason)». */
function bareList(tokens: readonly Token[]): readonly NounPhrase[] {
  const { items, end } = readList(tokens, 0);
  const isWhole = tokens.slice(end).every((token) => token.tag === 'stop');
  const isItem = (item: NounPhrase): boolean => isListed(item, items) || (item.plural && item.inner.length > 0);
  return isWhole && items.every(isItem) ? items : [];
}

/** «a donation platform for charities and campaigns»: what a product is for, when it is a list of entities. */
function servedBy(tokens: readonly Token[], at: number): Fact[] {
  const product = tokens[at - 1];
  if (
    tokens[at]?.word !== 'for' ||
    product?.tag !== 'noun' ||
    !(PRODUCTS.has(product.word) || isSystemLike([product.lemma]))
  )
    return [];
  const { items } = readList(tokens, at + 1);
  return items.length > 1 && items.every((item) => isListed(item, items))
    ? items.map((item) => mention(item, 0.8))
    : [];
}

/** The index of the enumeration's first token when one opens at `at`. */
function listStart(tokens: readonly Token[], at: number): number | undefined {
  const { word, lemma, tag } = tokens[at] as Token;
  // What opens a bracket is read with the bracket.
  if (tokens[at - 1]?.tag === 'open') return undefined;
  if (word === 'such' && tokens[at + 1]?.word === 'as') return skipLead(tokens, at + 2);
  if (tag === 'open' || tag === 'colon') return skipLead(tokens, at + 1);
  // «tracks parts by their unique number, name and price».
  if (
    word === 'by' &&
    (['their', 'its'].includes(tokens[at + 1]?.word ?? '') || TELLING.has(tokens[at - 1]?.word ?? ''))
  )
    return skipLead(tokens, at + 1);
  if (OPENERS.has(word)) return isTie(tokens, at) ? undefined : skipLead(tokens, at + 1);
  if (tag === 'verb' && PART_VERBS.has(lemma)) return skipLead(tokens, at + 1);
  if (word === 'consisting' || word === 'composed') return skipLead(tokens, at + 2);
  return undefined;
}

/** «associated with», «starts with»: no enumeration. */
function isTie(tokens: readonly Token[], at: number): boolean {
  const before = tokens[at - 1];
  // «bike sharing with stations» is no tie, «starting with» is one.
  if (before?.word.endsWith('ing') && tokens[at - 2]?.tag === 'noun') return false;
  return (
    tokens[at]?.word === 'with' &&
    (before?.tag === 'participle' || before?.tag === 'verb') &&
    !['identified', 'recorded', 'described', 'registered', 'stored'].includes(before.word)
  );
}

function skipLead(tokens: readonly Token[], from: number): number {
  let at = from;
  const lead = new Set([
    'of',
    'but',
    'not',
    'limited',
    'to',
    'following',
    'information',
    'such',
    'as',
    'attributes',
    'fields',
    'columns',
    'e.g',
    'like',
    'is',
    'are',
    'colon',
    'including',
    'with',
  ]);
  while (
    tokens[at] &&
    (lead.has(tokens[at]?.word ?? '') ||
      tokens[at]?.tag === 'colon' ||
      (tokens[at]?.tag === 'determiner' && lead.has(tokens[at + 1]?.word ?? '')))
  ) {
    // «information» alone leads in; «information security» is an item.
    if (tokens[at]?.word === 'information' && ['noun', 'comma', 'conjunction'].includes(tokens[at + 1]?.tag ?? ''))
      break;
    at++;
  }
  return at;
}

function judgeList(clause: Clause, at: number, start: number): Fact[] {
  const { tokens } = clause;
  const inBrackets = tokens[at]?.tag === 'open';
  const items = readList(tokens, start).items.filter((item) => !isWrapperOnly(item));
  if (items.length === 0 || (inBrackets && items.length === 1)) return [];
  const subject = inBrackets ? bracketed(tokens, at) : subjectBefore(tokens, at);
  const direct = subject && entityName(subject.lemmas);
  if (inBrackets && looksLikeEnum([tokens[at - 1]?.lemma ?? ''])) return [];
  const owner = direct && !isSystemLike(direct) ? direct : recordOf(clause, at);
  // «facilities such as parks and bridges» gives examples.
  if (tokens[at]?.word === 'such' && !items.some(looksLikeAttribute)) return [];
  if (isProduct(clause, at, owner, items))
    return [...audience(subject), ...items.filter((item) => isListed(item, items)).map((item) => mention(item, 0.8))];
  return owner ? ownedBy(owner, items, inBrackets || each(tokens, at)) : unowned(clause, items);
}

/** «Each record includes …»: a record of what the text is about. */
function recordOf({ tokens, topic }: Clause, at: number): Lemmas | undefined {
  const subject = tokens[at - 1];
  return topic && subject?.lemma === 'record' && subject.tag === 'noun' && topic.at(-1) !== 'record'
    ? [...topic, 'record']
    : undefined;
}

/** «a system for elections with …» keeps elections too. */
function audience(subject: NounPhrase | undefined): Fact[] {
  if (!subject?.plural) return [];
  const known = subject.lemmas.map((_, from) => subject.lemmas.slice(from)).find(isKnown);
  return known === undefined ? [] : [{ kind: 'entity', name: entityName(known), weight: 0.6 }];
}

function isKnown(lemmas: Lemmas): boolean {
  return findEntity(lemmas.join(' ')) !== undefined;
}

/** What stands right before the bracket. */
function bracketed(tokens: readonly Token[], at: number): NounPhrase | undefined {
  return tokens[at - 1]?.tag === 'noun' ? phraseBefore(tokens, at) : undefined;
}

function ownedBy(owner: Lemmas, items: readonly NounPhrase[], sure: boolean): Fact[] {
  const parts = items.filter((item) => item.many || (looksLikeEntity(item) && !items.some(looksLikeAttribute)));
  const rest = items.filter((item) => !parts.includes(item));
  const facts: Fact[] = parts.flatMap((part) => [
    mention(part, 0.6),
    { kind: 'has-many', owner, part: entityName(part.lemmas) },
  ]);
  if (rest.length > 1 || (rest.length === 1 && rest.every(looksLikeAttribute)))
    facts.push({ kind: 'attributes', of: owner, items: rest });
  else if (sure && parts.length > 0) facts.push({ kind: 'entity', name: owner, weight: 0.5 });
  return facts;
}

/** Among entities, a word that only the library knows is one too: «leave requests and payroll», «crops, fields and machines». */
function isListed(item: NounPhrase, items: readonly NounPhrase[]): boolean {
  if (looksLikeEntity(item)) return true;
  const isAmongEntities = item.plural && items.filter(looksLikeEntity).length > 1;
  return (isAmongEntities || !looksLikeAttribute(item)) && isKnown(item.lemmas);
}

/** The list of a sentence about nothing in particular: entities, or the columns of what the text is about. */
function unowned({ topic }: Clause, items: readonly NounPhrase[]): Fact[] {
  const entities = items.filter(looksLikeEntity);
  if (entities.length > 0 && entities.length * 2 >= items.length)
    return items.filter((item) => isListed(item, items)).map((item) => mention(item, 0.7));
  const attributes = items.filter((item) => !looksLikeEntity(item));
  const owner = keyOwner(attributes[0]) ?? topic;
  return owner && attributes.some(looksLikeAttribute) ? [{ kind: 'attributes', of: owner, items: attributes }] : [];
}

/** «a REST API for a blog with users, posts and comments»: the blog is what is built, not a table. */
function isProduct({ tokens }: Clause, at: number, owner: Lemmas | undefined, items: readonly NounPhrase[]): boolean {
  if (!owner || each(tokens, at)) return false;
  const clauseHasSubject = tokens.slice(0, at).some((token) => token.word === 'each' || token.word === 'every');
  const entities = items.filter(looksLikeEntity).length;
  const before = tokens.slice(0, at);
  const named =
    before.some((token) => isSystemLike([token.lemma]) && token.tag === 'noun') ||
    ['a', 'an', 'my', 'our', 'une', 'un', 'una', 'ein', 'eine', 'um', 'uma'].includes(determinerOf(tokens, at) ?? '');
  return !clauseHasSubject && (named || isTitle(before)) && entities * 2 >= items.length && entities > 0;
}

const NAMING: ReadonlySet<Tag> = new Set(['noun', 'participle', 'adjective', 'possessive']);

/** «expense tracker with …»: nothing but a name stands before the list. */
function isTitle(before: readonly Token[]): boolean {
  return before.length < 8 && before.every(({ tag, word }) => NAMING.has(tag) || word.endsWith('ing'));
}

function determinerOf(tokens: readonly Token[], at: number): string | undefined {
  return tokens.slice(0, at).findLast((token) => token.tag === 'determiner')?.word;
}

/** The subject stands under «each» or «every». */
function each(tokens: readonly Token[], at: number): boolean {
  const clause = tokens.slice(Math.max(0, at - 8), at);
  const end = clause.findLastIndex((token) => token.tag === 'stop');
  return clause.slice(end + 1).some((token) => token.word === 'each' || token.word === 'every' || token.word === 'all');
}

function isWrapperOnly(item: NounPhrase): boolean {
  return !looksLikeEntity(item) && item.lemmas.every((lemma) => WRAPPERS.has(lemma));
}

function mention(item: NounPhrase, weight: number): Fact {
  return { kind: 'entity', name: entityName(item.lemmas), weight };
}
