import { nearestName } from '../domain/nearest-name.ts';

/**
 * The command that words without a command's name in front were meant to call; undefined when they read as a prompt.
 * Short of being sure, words that are few count as a command: to type it again costs less than a backend that nobody
 * asked for.
 */
export function meantCommand(words: readonly string[], commands: readonly string[]): string | undefined {
  const [first = '', second = ''] = words.map(bare);
  const other = otherName(first, words.length, commands);
  if (other !== undefined) return other;
  if (commands.includes(first)) return isWholeCommand(words.length, first) ? first : undefined;
  const near = nearestName(first, commands);
  if (near === undefined || (words.length > MOST_WORDS && !TAKES_A_SENTENCE.has(near))) return undefined;
  if (!PROMPT_WORDS.has(first) || words.length === 1) return near;
  // `crate a blog`: no noun stands before an article.
  return ARTICLES.has(second) ? near : undefined;
}

/** A command in quotes or capitals. With three words and more it is the beginning of a sentence: «list of books». */
function isWholeCommand(words: number, command: string): boolean {
  return words === 1 || (words === 2 && VERBS.has(command));
}

const VERBS: ReadonlySet<string> = new Set([
  'delete',
  'export',
  'list',
  'open',
  'rename',
  'restart',
  'show',
  'start',
  'stop',
]);

/** Of a command that takes names, not a sentence. */
const MOST_WORDS = 4;
const TAKES_A_SENTENCE: ReadonlySet<string> = new Set(['create', 'plan', 'change']);

function otherName(word: string, words: number, commands: readonly string[]): string | undefined {
  if (words === 1 && Object.hasOwn(OTHER_NOUNS, word)) return OTHER_NOUNS[word];
  if (words > 2) return undefined;
  return Object.hasOwn(OTHER_VERBS, word) ? OTHER_VERBS[word] : commandIn(word, commands);
}

const ARTICLES: ReadonlySet<string> = new Set(['a', 'an', 'the']);

/** Without the signs that may stand around a word of a sentence. */
function bare(word: string): string {
  return word.toLowerCase().replaceAll(/^[^\p{L}\p{N}]+|[^\p{L}\p{N}]+$/gu, '');
}

/** `delete-project`, `projects:list`, `create_backend`: a command's name put together with what it is for. */
function commandIn(word: string, commands: readonly string[]): string | undefined {
  const parts = word.split(/[-_:.]/);
  if (parts.length !== 2 || !parts.some((part) => OBJECTS.has(part))) return undefined;
  return parts.find((part) => commands.includes(part));
}

const OBJECTS: ReadonlySet<string> = new Set(
  'api app backend backends database db key keys project projects run runs service url'.split(' '),
);

/** What other command lines call what we have, where it could be nothing else. */
const OTHER_VERBS: Readonly<Record<string, string>> = {
  cat: 'show',
  describe: 'show',
  destroy: 'delete',
  diagnose: 'doctor',
  erase: 'delete',
  get: 'show',
  inspect: 'show',
  kill: 'stop',
  launch: 'start',
  ls: 'list',
  ps: 'list',
  remove: 'delete',
  rm: 'delete',
  shutdown: 'down',
  tail: 'logs',
};

/** The same, where it might as well be the first word of a prompt: «status page». */
const OTHER_NOUNS: Readonly<Record<string, string>> = {
  commands: '--help',
  info: 'show',
  init: 'create',
  log: 'logs',
  new: 'create',
  project: 'show',
  projects: 'list',
  query: 'sql',
  runs: 'run',
  server: 'serve',
  status: 'list',
  usage: '--help',
  version: '--version',
  workers: 'worker',
};

/** Words that are near a command's name and may well begin a prompt: «shop with orders» is no mistyped `stop`. */
const PROMPT_WORDS: ReadonlySet<string> = new Set(
  (
    'accent accents accept across actor actors actress atop barker blogs border borders broker brokers bun canoe canoes ' +
    'cargo chance change channel channels chants charge charger chargers charges chem chess clan clans cleats clogs coworker ' +
    'coworkers crane cranes crate crates crea crear creare cream creams crease creative creator creators creature creatures ' +
    'crepe crepes crest cruises curl dawn debate debates decor delegate delegates deluxe deploy deport deposit devote dogs ' +
    'donor donors door doors down dotcom dog effort efforts elite escort excess exchange expert experts expiry explore ' +
    'explorer exploits expo exporter exports expos export factor factors fist flan flange forge forger forum fun grange ' +
    'grate greater grease great gun guns hang hangar hanger harp heap heaps held hell helm helmet help hemp hen hop import ' +
    'imports jogs joker jokers jobs kegs key keys lags last lasts legs lens lift lifts lint lisp lists locker lockers logo ' +
    'logos logs loss lost lots lunch lust map maps marker markers market mop motor motors nerve nun omen order orders orange ' +
    'oven ovens own oxen pan pans pen pens plain plan plane planes planet planets plank planks plans plant plants play ' +
    'plays poker porter porters port ports precept proctor pun purl ran range ranges rate rates rebate rebates receipts ' +
    'recent recipe recipes rector relate relay rename rental rentals report reports resale resort resorts rest restarts ' +
    'restaurant retail retreat rug rugs ruin run runs runt scheme schemes school scow scream seaport senate serum server ' +
    'servers serves service services servo shed shoe shoes shop shops shot shots show shows showy slow slugs smart snow sol ' +
    'sorter sorters sort sow spa sport sports star stare stark stars start starts starter startup state states steps step ' +
    'stock stomp stoop stops store stow success sun swap tart tarts tasks togs top town towns tractor trainer treat treats ' +
    'treaty un una une uno urn user vector vectors verve victor walker walkers warmer warden wonder wonders work workers works workout ' +
    'worker workmen yelp'
  ).split(' '),
);
