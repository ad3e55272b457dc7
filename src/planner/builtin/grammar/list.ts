import type { NounPhrase } from './noun-phrase.ts';
import type { Token } from './token.ts';
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

/** Reads the enumeration that starts at `start`, up to the clause's end. */
export function readList(tokens: readonly Token[], start: number): List {
  const items: NounPhrase[] = [];
  let at = start;
  while (at < tokens.length) {
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
    // «products with name and price»: from here on the list is the product's.
    if (depth === 0 && NESTED.has(tokens[at]?.word ?? '')) return tokens.length;
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

/** The index behind `,` · `and` · `, and`; undefined when the enumeration ends here. */
function separator(tokens: readonly Token[], from: number): number | undefined {
  let at = from;
  while (tokens[at]?.tag === 'comma' || tokens[at]?.tag === 'conjunction') at++;
  return at > from && at < tokens.length ? at : undefined;
}
