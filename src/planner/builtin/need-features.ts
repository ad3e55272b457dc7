import { findBundle } from './library/entity-library.ts';
import { singularWord, snakeCase } from './names.ts';
import { AGAINST, FOR } from './need-signals.ts';
import { translate } from './translate.ts';

const MAX_CHARS = 6000;

/** What the classifier sees of a prompt: its signals (`+keep`), shapes (`#short`) and words, each 0 or 1. */
export function needFeatures(prompt: string): string[] {
  const text = translate(prompt.slice(0, MAX_CHARS));
  const signals = [
    ...FOR.filter(({ pattern }) => pattern.test(text)).map(({ name }) => `+${name}`),
    ...AGAINST.filter(({ pattern }) => pattern.test(text)).map(({ name }) => `-${name}`),
  ];
  const words = [...new Set(readWords(text))];
  return [...signals, ...shapes(words, signals), ...words];
}

function readWords(text: string): string[] {
  return text
    .toLowerCase()
    .split(/[^\p{L}\p{N}]+/u)
    .filter((word) => word.length > 2 && !/^\d+$/.test(word))
    .map((word) => stem(snakeCase(singularWord(word))))
    .filter(Boolean);
}

/** Crude on purpose: `manages`, `managing` and `managed` are one word. */
function stem(word: string): string {
  return word.length > 5
    ? word
        .replace(/(ing|ed|ion|er|or|ment)$/, '')
        .replace(/(.)\1$/, '$1')
        .replace(/e$/, '')
    : word;
}

function shapes(words: readonly string[], signals: readonly string[]): string[] {
  const inFavour = signals.filter((signal) => signal.startsWith('+')).length;
  const against = signals.length - inFavour;
  return [
    words.length < 12 ? '#short' : words.length > 60 ? '#long' : '#middling',
    ...(findBundle(words) ? ['#known product'] : []),
    `#for ${Math.min(inFavour, 6)}`,
    `#against ${Math.min(against, 4)}`,
    ...(inFavour > against ? ['#more for'] : inFavour < against ? ['#more against'] : ['#as much']),
  ];
}
