import type { Tag, Token } from './token.ts';
import { findEntity } from '../library/entity-library.ts';
import { isPluralWord } from '../names.ts';
import {
  AMBIGUOUS,
  ATTRIBUTE_HEADS,
  DETERMINERS,
  EMPTY_ADJECTIVES,
  GERUNDS,
  KEEP_VERBS,
  MANY,
  MODALS,
  NOT_ENTITIES,
  PERSON_TABLES,
  PREPOSITIONS,
  PRONOUNS,
  VERBS,
} from './lexicon.ts';
import { bareVerb, isPastForm } from './verb-forms.ts';

const CONJUNCTIONS = new Set([
  'and',
  'or',
  '&',
  'y',
  'und',
  'et',
  'e',
  'oder',
  'o',
  'ou',
  'as-well-as',
  'along-with',
  'plus',
]);
const ADVERBS = new Set(
  'then else only just already still always never very too here now when while so because thus therefore however first also later well etc finally upon whenever if once'.split(
    ' ',
  ),
);

/** The tag of a word that is the same in every sentence. */
export function simpleTag(word: string): Tag | undefined {
  if (CONJUNCTIONS.has(word)) return 'conjunction';
  if (MANY.has(word) || COUNTS.test(word)) return 'many';
  if (NUMBERS.test(word) || /-to-(?:many|one)$/.test(word)) return 'adverb';
  if (DETERMINERS.has(word)) return 'determiner';
  if (PRONOUNS.has(word)) return 'pronoun';
  if (MODALS.has(word)) return 'modal';
  if (ADVERBS.has(word) || (word.endsWith('ly') && word.length > 4 && !NOUNS_IN_LY.has(word))) return 'adverb';
  if (PREPOSITIONS.has(word)) return 'preposition';
  if (EMPTY_ADJECTIVES.has(word)) return 'adjective';
  return undefined;
}

/** «3 packages», «two members». */
const COUNTS = /^(\d{1,4}|three|four|five|six|seven|eight|nine|ten|dozens?|hundreds|thousands)$/;

/** «1-5 stars», «at 9.30»: they name nothing. */
const NUMBERS = /^\d[\d.,/-]*$/;

/** They end like adverbs. */
const NOUNS_IN_LY = new Set([
  'family',
  'apply',
  'rely',
  'comply',
  'multiply',
  'fly',
  'assembly',
  'reply',
  'supply',
  'anomaly',
  'monthly',
  'weekly',
  'daily',
]);

/** Nouns, verbs and participles: what a word is depends on its neighbours. */
export function contentTag(
  word: string,
  previous: Token | undefined,
  next: string | undefined,
  before: readonly Token[],
): Tag {
  const bare = bareVerb(word);
  // «the wine I drink», «they own».
  if (previous !== undefined && SPEAKERS.has(previous.word) && /^\p{L}+$/u.test(word)) return 'verb';
  if (word === 'has' || word === 'have') return 'verb';
  // «is capable of», «are responsible for».
  if (previous?.tag === 'modal' && BEING.has(previous.word) && /(?:able|ible|ful|ous|ive|less)$/.test(word))
    return 'adjective';
  // «time tracking», «inventory tracking» as the library knows them.
  if (word.endsWith('ing') && previous?.tag === 'noun' && findEntity(`${previous.word} ${word}`)) return 'noun';
  if (GERUNDS.has(word)) return 'verb';
  // «the offer contains», «a return has».
  if (ARTICLES.has(previous?.word ?? '') && VERBS.has(bare) && !/(?:ed|ing)$/.test(word) && !isPastForm(word))
    return 'noun';
  // «which books were lent», «who read which books».
  if (previous?.word === 'which' && (isPluralWord(word) || findEntity(word) !== undefined) && asksWhich(before))
    return 'noun';
  // «documents are drawn up».
  if (previous?.tag === 'modal' && BEING.has(previous.word) && /(?:wn|ed)$/.test(word)) return 'participle';
  if (continuesDeeds(word, bare, previous, before)) return 'verb';
  if (!VERBS.has(bare)) return 'noun';
  // «which employees attended which trainings», «who rated which restaurant».
  if (word.endsWith('ed') && next === 'which') return 'verb';
  if ((word !== bare && (word.endsWith('ing') || word.endsWith('ed'))) || isPastForm(word)) return 'participle';
  // «families earn points».
  if (word === bare && previous?.plural && !AMBIGUOUS.has(bare) && isPluralWord(next ?? '')) return 'verb';
  if (endsList(word, previous, next) || (next !== undefined && findEntity(`${word} ${next}`) !== undefined))
    return 'noun';
  // «hire date», «update time».
  const isNaming = next !== 'information' || AMBIGUOUS.has(bare);
  if (word === bare && isNaming && ATTRIBUTE_HEADS.has(next ?? '') && previous?.tag !== 'modal') return 'noun';
  if (AMBIGUOUS.has(bare)) return isVerbHere(word, previous, next, before) ? 'verb' : 'noun';
  return 'verb';
}

function asksWhich(before: readonly Token[]): boolean {
  const earlier = before.at(-2);
  return earlier === undefined || ['verb', 'conjunction', 'comma', 'stop', 'colon', 'participle'].includes(earlier.tag);
}

const ARTICLES = new Set(['a', 'an', 'the', 'each', 'every', 'its', 'their', 'his', 'her', 'my', 'our']);

const BEING = new Set(['is', 'are', 'be', 'was', 'were', 'also']);

const SPEAKERS = new Set(['i', 'we', 'they', 'you']);

/** «who drove», «when I watered, fertilised and repotted them»: what somebody did, known as a verb or not. */
function continuesDeeds(word: string, bare: string, previous: Token | undefined, before: readonly Token[]): boolean {
  if (previous?.word === 'who') return VERBS.has(bare) || /(?:ed|s)$/.test(word);
  const isLinked = previous?.tag === 'comma' || previous?.tag === 'conjunction';
  if (!isLinked || !word.endsWith('ed')) return false;
  const earlier = before.findLast(({ tag }) => tag !== 'comma' && tag !== 'conjunction');
  return earlier?.tag === 'verb' && earlier.word.endsWith('ed');
}

const OPENS_ITEM: ReadonlySet<string> = new Set(['colon', 'comma', 'stop']);

/** «threads and replies»: a word in -s with no object behind it names things. */
function endsList(word: string, previous: Token | undefined, next: string | undefined): boolean {
  const isClosed = next === undefined || /^[,.;:)]$/.test(next) || CONJUNCTIONS.has(next);
  // No infinitive ends so: «subscribe to shows».
  const isLed = previous?.tag === 'modal' && previous.word !== 'to';
  // «: splits at checkpoints», «, stops with a name».
  const isItem = OPENS_ITEM.has(previous?.tag ?? 'colon') && /^(?:with|at|of|per|for)$/.test(next ?? '');
  return word.endsWith('s') && !VERBS.has(word) && (isClosed || isItem) && previous?.tag !== 'pronoun' && !isLed;
}

function isVerbHere(
  word: string,
  previous: Token | undefined,
  next: string | undefined,
  before: readonly Token[],
): boolean {
  if (previous === undefined || previous.tag === 'stop' || previous.tag === 'colon') return opensSentence(word, next);
  if (previous.tag === 'modal' || previous.tag === 'pronoun') return true;
  // «request log (store the ID, …)».
  if (previous.tag === 'open' && IMPERATIVES.has(word)) return next !== undefined && /^\p{L}/u.test(next);
  if (keepsSomething(word, previous, next)) return true;
  if (previous.tag === 'adverb') return next !== undefined && opensObject(next);
  if ((previous.tag === 'conjunction' || previous.tag === 'comma') && next !== undefined && leadsOn(before, next))
    return true;
  // «people register and write notes».
  if (isPeople(previous) && !word.endsWith('s') && CONJUNCTIONS.has(next ?? '')) return true;
  if (previous.tag === 'conjunction' && (next === 'them' || next === 'it')) return true;
  if (previous.tag === 'conjunction' && next === 'on' && before.at(-2)?.tag === 'verb') return true;
  if (previous.tag === 'conjunction' && word.endsWith('s') && next !== undefined && opensObject(next)) return true;
  if (previous.tag === 'conjunction' || previous.tag === 'comma')
    return before.at(-2)?.tag === 'verb' || followsVerb(before, next);
  if (previous.tag !== 'noun' || next === undefined) return false;
  if (isFirstVerb(word, previous, next, before)) return true;
  if (word.endsWith('s')) return !previous.plural && (NOT_ENTITIES.has(previous.lemma) || opensObject(next));
  return previous.plural && (opensObject(next) || VERB_TAILS.has(next) || isKnownPlural(next));
}

function isPeople({ tag, plural, word }: Token): boolean {
  return tag === 'noun' && (word === 'people' || (plural && PERSON_TABLES.includes(word)));
}

/** «The cart records user ID, …» has no other verb; «the patient records include …» has. */
function isFirstVerb(word: string, previous: Token, next: string, before: readonly Token[]): boolean {
  const isKeeping = word.endsWith('s') && KEEP_VERBS.has(bareVerb(word)) && !previous.plural;
  const isSubject = before[0]?.tag === 'determiner' && before.every(({ tag }) => tag !== 'verb' && tag !== 'comma');
  return isKeeping && isSubject && /^\p{L}/u.test(next) && !simpleTag(next) && !VERBS.has(bareVerb(next));
}

/** «place orders and leave reviews»: a verb before, and something to do it to behind. */
function leadsOn(before: readonly Token[], next: string): boolean {
  return before.some((token) => token.tag === 'verb') && isPluralWord(next) && !VERBS.has(next);
}

function isKnownPlural(word: string): boolean {
  return isPluralWord(word) && findEntity(word) !== undefined;
}

/** «…, stores basic data», «Chat management, records information …». */
function keepsSomething(word: string, previous: Token, next: string | undefined): boolean {
  if (
    next === undefined ||
    !KEEP_VERBS.has(bareVerb(word)) ||
    previous.tag === 'determiner' ||
    previous.tag === 'adjective'
  )
    return false;
  return EMPTY_ADJECTIVES.has(next) || DETERMINERS.has(next) || (previous.tag === 'comma' && opensSentence(word, next));
}

/** «Stores students' data», «Record the …» against «Orders contain …», «Order management». */
function opensSentence(word: string, next: string | undefined): boolean {
  if (next === undefined) return false;
  if (!word.endsWith('s') && IMPERATIVES.has(word) && !NOT_ENTITIES.has(next) && !simpleTag(next)) return true;
  if (!word.endsWith('s')) return opensObject(next) || (next === 'and' && KEEP_VERBS.has(word));
  return (
    KEEP_VERBS.has(bareVerb(word)) &&
    simpleTag(next) !== 'modal' &&
    simpleTag(next) !== 'preposition' &&
    simpleTag(next) !== 'conjunction' &&
    (!VERBS.has(bareVerb(next)) || (AMBIGUOUS.has(next) && word !== 'records')) &&
    /^\p{L}/u.test(next)
  );
}

/** How a prompt may open that says what to keep. */
const IMPERATIVES = new Set(['store', 'record', 'track', 'log', 'save', 'collect', 'manage']);

const VERB_TAILS = new Set(['on', 'for', 'to', 'with', 'at', 'in', 'each', 'from']);

/** «can view, edit and book lessons»: the verb before the commas speaks for this one. */
function followsVerb(before: readonly Token[], next: string | undefined): boolean {
  const clause = before.slice(-6);
  return (
    clause.some((token) => token.tag === 'modal' || token.tag === 'verb') &&
    next !== undefined &&
    opensObject(next) &&
    !clause.some((token) => token.tag === 'noun')
  );
}

function opensObject(next: string): boolean {
  return (
    DETERMINERS.has(next) ||
    MANY.has(next) ||
    EMPTY_ADJECTIVES.has(next) ||
    next === 'them' ||
    next === 'it' ||
    (isPluralWord(next) && !VERBS.has(bareVerb(next)))
  );
}
