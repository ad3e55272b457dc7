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
