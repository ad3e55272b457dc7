import type { Clause } from './clause.ts';
import type { Fact, Lemmas } from './facts.ts';
import type { NounPhrase } from './noun-phrase.ts';
import type { Tag, Token } from './token.ts';
import { keyOwner, looksLikeAttribute, looksLikeEntity, looksLikeEnum } from './judge.ts';
import { HEADS, PRODUCTS, WRAPPERS } from './lexicon.ts';
import { findEntity } from '../library/entity-library.ts';
import type { List } from './list.ts';
import { opensColumns, readList } from './list.ts';
import { listStart } from './list-start.ts';
import { isSystemLike, phraseBefore, runsIt, subjectBefore } from './noun-phrase.ts';
import { entityName } from './entity-name.ts';

/** «X has A, B and C» · «X, including …» · «X such as …» · «X: …» · «X (…)» · «with …». */
export function readEnumerations(clause: Clause): Fact[] {
  const { items: bare, end } = bareList(clause.tokens);
  // In a bare list only what holds an item's columns is left to read: brackets and «with …».
  const lists = clause.tokens.flatMap((token, at) => {
    if (at < end && token.tag !== 'open' && !opensColumns(token)) return [];
    const start = listStart(clause.tokens, at);
    return start === undefined ? servedBy(clause.tokens, at) : judgeList(clause, at, start);
  });
  return [...bare.filter((item) => isKept(item, bare)).map((item) => mention(item, 0.8)), ...lists];
}

/** A sentence that is a list and nothing else: «customers», «owners, pets and visits (date, reason)». */
function bareList(tokens: readonly Token[]): List {
  const { items, end } = readList(tokens, 0);
  // «…, enrolments with a grade» goes on with the columns of the last.
  const isWhole =
    tokens.slice(end).every((token) => token.tag === 'stop') || (items.length > 1 && tokens[end]?.word === 'with');
  const kept = items.filter((item) => isKept(item, items));
  // «users, posts, live scores»: two of them show what the list is of.
  const isBare = kept.length === items.length || (kept.length > 1 && kept.length * 2 > items.length);
  return isWhole && isBare ? { items, end } : { items: [], end: 0 };
}

/** In a bare list, a word in the singular is a table too unless it looks like a column: «students, aircraft, lessons». */
function isKept(item: NounPhrase, items: readonly NounPhrase[]): boolean {
  if (isListed(item, items) || (item.plural && item.inner.length > 0)) return true;
  const entities = items.filter(looksLikeEntity).length;
  return entities > 1 && entities * 2 > items.length && !looksLikeAttribute(item) && !isSystemLike(item.lemmas);
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

function judgeList(clause: Clause, at: number, start: number): Fact[] {
  const { tokens } = clause;
  const inBrackets = tokens[at]?.tag === 'open';
  const read = readList(tokens, start).items;
  const items = read.filter((item) => !isWrapperOnly(item) || isListed(item, read));
  if (items.length === 0 || (inBrackets && items.length === 1)) return [];
  const subject = inBrackets ? bracketed(tokens, at) : subjectBefore(tokens, at);
  const direct = subject && entityName(subject.lemmas);
  if (inBrackets && looksLikeEnum([tokens[at - 1]?.lemma ?? ''])) return [];
  // «each goal has a target»: a word about software, unless it is said of each.
  const isThing = direct && (!isSystemLike(direct) || (each(tokens, at) && isKnown(direct)));
  const owner = isThing ? direct : recordOf(clause, at);
  // «facilities such as parks and bridges» gives examples.
  if (tokens[at]?.word === 'such' && !items.some(looksLikeAttribute)) return [];
  // «the wine I drink: wines, wineries»: what the list is about, and an item of it.
  if (owner && subject && runsIt(tokens, subject) && items.some(looksLikeEntity)) return unowned(clause, items);
  if (
    owner &&
    tokens[at]?.tag === 'colon' &&
    items.some((item) => item.plural && entityName(item.lemmas).join(' ') === owner.join(' '))
  )
    return unowned(clause, items);
  if (isProduct(clause, at, owner, items)) {
    const heads = items.filter(isHead);
    const kept = items.filter((item) => isKept(item, items) && !isHead(item));
    const led: Fact[] = owner && heads.length > 0 ? [{ kind: 'attributes', of: owner, items: heads }] : [];
    return [...audience(subject), ...kept.map((item) => mention(item, 0.8)), ...led];
  }
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
  if (rest.length > 1 || (rest.length === 1 && rest.every((item) => looksLikeAttribute(item) || isHead(item))))
    facts.push({ kind: 'attributes', of: owner, items: rest });
  else if (sure && parts.length > 0) facts.push({ kind: 'entity', name: owner, weight: 0.5 });
  return facts;
}

/** «each employee has a manager». */
function isHead({ lemmas, plural }: NounPhrase): boolean {
  return !plural && lemmas.length === 1 && HEADS.has(lemmas[0] ?? '');
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
    return items.filter((item) => isKept(item, items)).map((item) => mention(item, 0.7));
  const attributes = items.filter((item) => !looksLikeEntity(item));
  const owner = keyOwner(attributes[0]) ?? topic;
  return owner && attributes.some(looksLikeAttribute) ? [{ kind: 'attributes', of: owner, items: attributes }] : [];
}

/** «a REST API for a blog with users, posts and comments»: the blog is what is built, not a table. */
function isProduct({ tokens }: Clause, at: number, owner: Lemmas | undefined, items: readonly NounPhrase[]): boolean {
  if (!owner || each(tokens, at)) return false;
  // «movies have actors and genres» tells of movies.
  if (tokens[at]?.tag === 'verb' && tokens[at - 1]?.plural) return false;
  // «a company: buildings, visits (date, notes)».
  if (tokens[at]?.tag === 'open' && tokens[at - 1]?.plural) return false;
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
