import { VERBS } from './lexicon.ts';

const PAST: ReadonlyMap<string, string> = new Map(
  Object.entries({
    sold: 'sell',
    bought: 'buy',
    held: 'hold',
    made: 'make',
    sent: 'send',
    kept: 'keep',
    taken: 'take',
    written: 'write',
    given: 'give',
    driven: 'drive',
    built: 'build',
    paid: 'pay',
    lent: 'lend',
    taught: 'teach',
    led: 'lead',
    run: 'run',
    chosen: 'choose',
    drove: 'drive',
    took: 'take',
    ate: 'eat',
    met: 'meet',
    went: 'go',
    won: 'win',
    lost: 'lose',
    wrote: 'write',
    gave: 'give',
    saw: 'see',
    ran: 'run',
    fed: 'feed',
    left: 'leave',
    spent: 'spend',
    brought: 'bring',
    drank: 'drink',
    chose: 'choose',
    grew: 'grow',
    knew: 'know',
    wore: 'wear',
    found: 'find',
    got: 'get',
  }),
);

/** `records`, `recording` and `recorded` are `record`; a word that is no verb stays as it is. */
export function bareVerb(word: string): string {
  if (VERBS.has(word)) return word;
  const past = PAST.get(word);
  if (past) return past;
  const bases = [
    word.replace(/ies$/, 'y'),
    word.replace(/ied$/, 'y'),
    word.replace(/s$/, ''),
    word.replace(/es$/, ''),
    word.replace(/(ing|ed)$/, ''),
    word.replace(/(ing|ed)$/, 'e'),
    word.replace(/(.)\1(ing|ed)$/, '$1'),
    word.replace(/d$/, ''),
  ];
  return bases.find((base) => VERBS.has(base)) ?? word;
}

export function isPastForm(word: string): boolean {
  return PAST.has(word);
}

/** What doing it is called, when no other word is known: `watered` is a watering, `fertilised` a fertilisation. */
export function deedNoun(verb: string): string {
  const bare = bareOfPast(verb);
  if (/i[sz]e$/.test(bare)) return bare.replace(/e$/, 'ation');
  const isDoubled = bare === verb && /[^aeiou][aeiou][bdgmnprt]$/.test(bare) && bare.length < 5;
  return `${isDoubled ? bare + bare.at(-1) : bare.replace(/(?<=[^e])e$/, '')}ing`;
}

function bareOfPast(verb: string): string {
  if (!verb.endsWith('ed') || VERBS.has(verb)) return verb;
  return verb
    .replace(/(i[sz])ed$/, '$1e')
    .replace(/ied$/, 'y')
    .replace(/ed$/, '');
}
