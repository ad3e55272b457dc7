import { findEntity } from './library/entity-library.ts';
import { FRAMES } from './languages/frames.ts';
import { NOUNS } from './languages/nouns.ts';
import { pluralWord, snakeCase } from './names.ts';

const LANGUAGES = ['es', 'de', 'fr', 'pt'] as const;

type Language = (typeof LANGUAGES)[number];

/** Where a language is looked for. */
const MAX_CHARS = 2000;

/** So few words of a language say nothing yet; of so many words one must be of it. */
const ENOUGH = { words: 2, oneOf: 8 };

/** The prompt with its everyday words in English, when its small words say that it is in another language we know. */
export function translate(prompt: string): string {
  const language = languageOf(prompt);
  if (language === undefined) return prompt;
  const dictionary = DICTIONARIES[language];
  return openElisions(prompt, language).replaceAll(/\p{L}[\p{L}-]*/gu, (word) => {
    const english = dictionary.get(plain(word));
    return english === '-' ? '' : (english ?? word);
  });
}

function languageOf(prompt: string): Language | undefined {
  const words = prompt
    .slice(0, MAX_CHARS)
    .split(/[^\p{L}-]+/u)
    .filter(Boolean)
    .map((word) => plain(word));
  const foreign = words.filter((word) => !ENGLISH_TOO.has(word) && findEntity(word) === undefined);
  const counts = LANGUAGES.map((language) => {
    const small = foreign.filter((word) => frames(language).has(word)).length;
    const nouns = foreign.filter((word) => DICTIONARIES[language].has(word)).length - small;
    return { language, small, count: small + nouns };
  });
  const best = counts.filter(({ small }) => small > 0).toSorted((a, b) => b.count - a.count)[0];
  const isEnough = best !== undefined && best.count >= ENOUGH.words && best.count * ENOUGH.oneOf >= words.length;
  return isEnough && (best.small > 1 || best.count > 2) ? best.language : undefined;
}

/** «l'élève», «d'un festival». */
function openElisions(prompt: string, language: Language): string {
  return language === 'fr' ? prompt.replaceAll(/\b([ldjnsmtcLDJNSMTC]|qu|Qu)['’](?=\p{L})/gu, '$1 ') : prompt;
}

const ENGLISH_TOO = new Set(
  'a an as in die system api de or do e o y no at will i app site application has ou online gestion it an des se who im in a'.split(
    ' ',
  ),
);

const FRAME_WORDS = new Map(
  LANGUAGES.map((language) => [
    language,
    new Map(FRAMES[language].split(/\s+/).map((pair) => pair.split('=') as [string, string])),
  ]),
);

function frames(language: Language): ReadonlyMap<string, string> {
  return FRAME_WORDS.get(language) ?? new Map();
}

const PLURALS: Readonly<Record<Exclude<Language, 'de'>, readonly (readonly [RegExp, string])[]>> = {
  es: [
    [/z$/, 'ces'],
    [/(?<=us)$/, 'es'],
    [/(?<=[^aeious])$/, 'es'],
  ],
  fr: [
    [/(?<=[sxz])$/, ''],
    [/(?<=eau|eu)$/, 'x'],
    [/al$/, 'aux'],
  ],
  pt: [
    [/ao$/, 'oes'],
    [/m$/, 'ns'],
    [/l$/, 'is'],
    [/(?<=[rz])$/, 'es'],
  ],
};

const DICTIONARIES: Readonly<Record<Language, ReadonlyMap<string, string>>> = {
  es: dictionaryOf('es'),
  de: dictionaryOf('de'),
  fr: dictionaryOf('fr'),
  pt: dictionaryOf('pt'),
};

function dictionaryOf(language: Language): ReadonlyMap<string, string> {
  return new Map([...nounsOf(language), ...frames(language)]);
}

/** Every noun in both numbers; of several English words for one, the first that is listed counts. */
function nounsOf(language: Language): Map<string, string> {
  const entries = NOUNS.split('\n')
    .filter(Boolean)
    .flatMap((line) => {
      const [english = '', others = ''] = line.split(': ');
      const foreign = others.split(', ')[LANGUAGES.indexOf(language)] ?? '-';
      return foreign === '-'
        ? []
        : formsOf(foreign, language).map(([word, isMany]) => [word, inNumber(english, isMany)] as const);
    });
  return new Map(entries.toReversed());
}

/** The forms of a noun, and whether each means several: the plural last, as it wins over a singular of the same form. */
function formsOf(noun: string, language: Language): (readonly [string, boolean])[] {
  const [one = '', given] = noun.split('/');
  if (language !== 'de') return [[given ?? pluralIn(language, one), true] as const, [one, false] as const];
  const many = given === '-' ? undefined : (given ?? one);
  if (many === undefined) return [[one, false]];
  // German puts an n behind its datives: «mit Produkten».
  return [[many, true] as const, [`${many}n`, true] as const, [one, false] as const];
}

function pluralIn(language: Exclude<Language, 'de'>, noun: string): string {
  const rules = PLURALS[language];
  const rule = rules.find(([ending]) => ending.test(noun));
  return rule === undefined ? `${noun}s` : noun.replace(rule[0], rule[1]);
}

function inNumber(english: string, isMany: boolean): string {
  return isMany ? pluralWord(english) : english;
}

function plain(word: string): string {
  return word.includes('-') ? word.toLowerCase() : snakeCase(word);
}
