import type { Token } from './token.ts';
import { PART_VERBS } from './lexicon.ts';

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

/** The index of the enumeration's first token when one opens at `at`. */
export function listStart(tokens: readonly Token[], at: number): number | undefined {
  const { word, lemma, tag } = tokens[at] as Token;
  // What opens a bracket is read with the bracket.
  if (tokens[at - 1]?.tag === 'open') return undefined;
  // «we need products, orders and customers».
  if (/^(need|want)$/.test(word) && at < 2 && tokens[at + 1]?.plural) return at + 1;
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
    // «a farm app with fields, crops and harvests».
    if (
      tokens[at]?.tag === 'noun' &&
      tokens[at]?.plural &&
      ['comma', 'conjunction'].includes(tokens[at + 1]?.tag ?? '')
    )
      break;
    // «information» alone leads in; «information security» is an item.
    if (tokens[at]?.word === 'information' && ['noun', 'comma', 'conjunction'].includes(tokens[at + 1]?.tag ?? ''))
      break;
    at++;
  }
  return at;
}
