import { entityNames } from './library/entity-library.ts';
import { VERBS } from './grammar/lexicon.ts';
import { bareVerb } from './grammar/verb-forms.ts';
import { isPluralWord } from './names.ts';

/** A prompt with its mistyped nouns as the library knows them, and what was taken for what. */
export interface Spelled {
  readonly text: string;
  /** `suplliers` → `suppliers`. */
  readonly corrections: ReadonlyMap<string, string>;
}

/** A shorter word is too near to others; in one that is short yet, only a lost letter or two that changed places are a slip. */
const SHORTEST = { any: 7, lost: 5 };

/** Plural nouns that are one slip away from a single name of the library, and no name of it themselves. */
export function spell(prompt: string): Spelled {
  const corrections = new Map<string, string>();
  for (const [word] of prompt.slice(0, 4000).matchAll(/\p{L}+/gu)) {
    const meant = meantBy(word.toLowerCase());
    if (meant !== undefined) corrections.set(word, meant);
  }
  const text = prompt.replaceAll(/\p{L}+/gu, (word) => corrections.get(word) ?? word);
  return { text, corrections };
}

function meantBy(word: string): string | undefined {
  if (word.length < SHORTEST.lost || !isPluralWord(word) || isWord(word)) return undefined;
  const isSlip = word.length < SHORTEST.any ? isLostLetter : isOneSlip;
  const near = [...names].filter((name) => name.charAt(0) === word.charAt(0) && isSlip(word, name));
  return near.length === 1 ? near[0] : undefined;
}

function isWord(word: string): boolean {
  return names.has(word) || VERBS.has(bareVerb(word)) || NEAR_WORDS.has(word);
}

/** Words of their own that are one letter away from a name. */
const NEAR_WORDS = new Set(['actions', 'battles', 'metres', 'litres', 'pants', 'moths', 'bakes', 'hosts', 'plates']);

/** The library's names of one word, in the plural. */
const names: ReadonlySet<string> = new Set(entityNames().filter((name) => /^[a-z]+$/.test(name)));

/** `membrs` for members, `tabels` for tables. */
function isLostLetter(word: string, name: string): boolean {
  return word.length <= name.length && isOneSlip(word, name) && !hasOtherLetter(word, name);
}

function hasOtherLetter(word: string, name: string): boolean {
  return word.length === name.length && word.split('').toSorted().join('') !== name.split('').toSorted().join('');
}

/** One letter more, less, other, or two that changed places, but never at the end, where a plural is told. */
function isOneSlip(left: string, right: string): boolean {
  if (Math.abs(left.length - right.length) > 1) return false;
  let at = 0;
  while (at < left.length && left[at] === right[at]) at++;
  const [a, b] = [left.slice(at), right.slice(at)];
  if (a.length < 2 || b.length < 2) return false;
  return (
    a.slice(1) === b.slice(1) ||
    a.slice(1) === b ||
    a === b.slice(1) ||
    (a[0] === b[1] && a[1] === b[0] && a.slice(2) === b.slice(2))
  );
}
