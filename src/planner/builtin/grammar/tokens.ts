import { plainRecord } from '../../../domain/plain-record.ts';
import type { Tag, Token } from './token.ts';
import { isPluralWord, singularWord } from '../names.ts';
import { contentTag, simpleTag } from './tag-word.ts';
import { bareVerb } from './verb-forms.ts';

const PUNCTUATION: Readonly<Record<string, Tag>> = plainRecord<Tag>(
  Object.entries({
    ',': 'comma',
    '、': 'comma',
    ':': 'colon',
    '：': 'colon',
    '(': 'open',
    '[': 'open',
    ')': 'close',
    ']': 'close',
    '.': 'stop',
    ';': 'stop',
    '!': 'stop',
    '?': 'stop',
    '—': 'stop',
    '–': 'stop',
  }),
);

/** No sentence that says something is longer. */
const MAX_TOKENS = 600;

/** One sentence as tagged words. */
export function readTokens(sentence: string): Token[] {
  const raw = sentence
    .replaceAll(/([a-z])(ID|Id)\b/g, '$1 $2')
    .replaceAll(/\bin order (to|that)\b/gi, '$1')
    .replaceAll(/\b(many|one) to (many|one)\b/gi, '$1-to-$2')
    .replaceAll(/\b(?:n:m|m:n|n-n|m2m)\b/gi, 'many-to-many')
    .replaceAll(/\(\s*((?:many|one)-to-(?:many|one))\s*\)/gi, ' $1 ')
    .replaceAll(
      /\b(start|begin|check-in|departure) and (end|finish|check-out|arrival) (times?|dates?)\b/gi,
      '$1 $3 and $2 $3',
    )
    .replaceAll(
      /\b(many-to-many|one-to-many|m2m|n:m)\s+(?!relation|association|link|with|between|to\b)(?=\p{L}+s\b)/giu,
      '',
    )
    .replaceAll(/\bsign(s|ing)? up\b(?! form)/gi, 'register$1')
    .replaceAll(/\b(persons?|people) in charge\b/gi, 'person-in-charge')
    .replaceAll(/\bkeep(s|ing)? track of\b/gi, 'track$1')
    .replaceAll(/\breal estate\b/gi, 'real-estate')
    .replaceAll(/\bas well as\b/gi, 'as-well-as')
    .replaceAll(/\b(?:along|together) with\b/gi, 'along-with')
    .match(/[\p{L}\p{N}][\p{L}\p{N}_'’/.-]*[\p{L}\p{N}]|[\p{L}\p{N}]|[,、:：()[\].;!?—–&]/gu);
  const tokens: Token[] = [];
  for (const [index, text] of (raw ?? []).slice(0, MAX_TOKENS).entries()) {
    const owner = /^(.+?)(?:['’]s|s['’])$/i.exec(text)?.[1];
    tokens.push(tagWord(owner ?? text, tokens, raw ?? [], index));
    if (owner !== undefined) tokens.push({ word: "'s", lemma: "'s", plural: false, tag: 'possessive' });
  }
  return tokens;
}

function tagWord(text: string, before: readonly Token[], raw: readonly string[], index: number): Token {
  const word = text.toLowerCase();
  const punctuation = PUNCTUATION[text];
  if (punctuation) return { word, lemma: word, plural: false, tag: punctuation };
  const next = raw[index + 1]?.toLowerCase();
  const isVerb = word === 'like' && isLiking(before, next);
  const tag = isVerb ? 'verb' : (simpleTag(word) ?? contentTag(word, before.at(-1), next, before));
  const lemma = tag === 'verb' || tag === 'participle' ? bareVerb(word) : singularPhrase(word);
  return { word, lemma, plural: tag === 'noun' && isPluralWord(word), tag };
}

/** «can like», «post photos, like and share». */
function isLiking(before: readonly Token[], next: string | undefined): boolean {
  const previous = before.at(-1)?.tag;
  const isListed = (previous === 'comma' || previous === 'conjunction') && before.some(({ tag }) => tag === 'verb');
  return previous === 'modal' || (isListed && (next === undefined || /^([,.;&]|and|or)$/.test(next)));
}

function singularPhrase(word: string): string {
  return word.includes('-')
    ? [...word.split('-').slice(0, -1), singularWord(word.split('-').at(-1) ?? '')].join('-')
    : singularWord(word);
}
