import type { NounPhrase } from './noun-phrase.ts';
import type { Token } from './token.ts';
import { looksLikeAttribute, looksLikeEntity } from './judge.ts';
import { readPhrase } from './noun-phrase.ts';

/** An enumeration: `A, B (x, y) and C`. */
export interface List {
  readonly items: readonly NounPhrase[];
  /** The index of the first token behind it. */
  readonly end: number;
}

const ENDS = new Set([
  'which',
  'that',
  'where',
  'who',
  'while',
  'so',
  'when',
  'whose',
  'because',
  'if',
  'then',
  'each',
  'every',
  'whether',
]);

const NESTED = new Set(['with', 'including', 'having', 'containing']);

/** «with name and price» behind an item tells its columns. */
export function opensColumns({ word }: Token): boolean {
  return NESTED.has(word);
}

/** Reads the enumeration that starts at `start`, up to the clause's end or to where the list around it goes on. */
export function readList(tokens: readonly Token[], start: number): List {
  const items: NounPhrase[] = [];
  const outer = outerList(tokens, start);
  let at = start;
  while (at < tokens.length) {
    if (outer !== undefined && at >= outer) return { items, end: outer - 1 };
    const item = readPhrase(tokens, at);
    if (item === undefined || (items.length > 0 && startsClause(tokens, at, item))) break;
    items.push(item);
    const next = separator(tokens, skipTail(tokens, item.end));
    if (next === undefined) return { items, end: item.end };
    at = next;
  }
  return { items, end: at };
}

/** «…, price, and each order has …»: the phrase is the subject of another clause. */
function startsClause(tokens: readonly Token[], at: number, item: NounPhrase): boolean {
  if (ENDS.has(tokens[at]?.word ?? '')) return true;
  const next = tokens[item.end];
  return next !== undefined && (next.tag === 'verb' || (next.tag === 'modal' && next.word !== 'to'));
}

/** Steps over «of the order», «in kg», «(unique)» behind an item. */
function skipTail(tokens: readonly Token[], from: number): number {
  let at = from;
  let depth = 0;
  for (; at < tokens.length; at++) {
    const tag = tokens[at]?.tag;
    if (tag === 'open') depth++;
    else if (tag === 'close') depth--;
    // «products with name and price»: from here on the list is the product's, up to where the list of products goes on.
    if (depth === 0 && NESTED.has(tokens[at]?.word ?? '')) return (outerList(tokens, at + 1) ?? tokens.length + 1) - 1;
    if (depth < 0 || ENDS.has(tokens[at]?.word ?? '')) return tokens.length;
    const isAside = from > 0 && tokens[from]?.tag === 'pronoun' && (tag === 'verb' || tag === 'modal');
    if (
      depth === 0 &&
      !isAside &&
      (tag === 'comma' ||
        tag === 'conjunction' ||
        tag === 'stop' ||
        tag === 'verb' ||
        tag === 'modal' ||
        tag === 'colon')
    )
      return at;
  }
  return at;
}

/**
 * Where the list around an inner one goes on: in «employees with name and salary, departments, projects with a title», at the
 * departments. Undefined when all the rest is the inner list's.
 */
function outerList(tokens: readonly Token[], inner: number): number | undefined {
  const opener = tokens[inner - 1];
  const host = tokens[inner - 2];
  if (opener === undefined || !NESTED.has(opener.word) || host?.tag !== 'noun' || !isInList(tokens, inner - 2))
    return undefined;
  let at = inner;
  for (let count = 0; ; count++) {
    const item = readPhrase(tokens, at);
    if (item === undefined || ENDS.has(tokens[at]?.word ?? '')) return undefined;
    if (count > 0 && item.plural && looksLikeEntity(item) && !looksLikeAttribute(item)) return at;
    // What begins with things is a list of things, and tells no column.
    if (count === 0 && looksLikeEntity(item) && !looksLikeAttribute(item)) return undefined;
    const end = isTailed(tokens, item.end) ? undefined : separator(tokens, item.end);
    if (end === undefined) return undefined;
    at = end;
  }
}

/** The host is an item among others, or itself names many: what follows its columns may be the next item. */
function isInList(tokens: readonly Token[], host: number): boolean {
  return tokens[host]?.plural === true || tokens.slice(0, host).some(({ tag }) => tag === 'comma' || tag === 'colon');
}

function isTailed(tokens: readonly Token[], at: number): boolean {
  const tag = tokens[at]?.tag;
  return tag !== 'comma' && tag !== 'conjunction';
}

/** The index behind `,` · `and` · `, and`; undefined when the enumeration ends here. */
function separator(tokens: readonly Token[], from: number): number | undefined {
  let at = from;
  while (tokens[at]?.tag === 'comma' || tokens[at]?.tag === 'conjunction') at++;
  return at > from && at < tokens.length ? at : undefined;
}
