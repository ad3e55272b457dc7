/** How a pattern is used: to look once, or again and again behind each match. */
export type PatternUse = 'match' | 'repeated';

/** What is wrong, and what to write instead. */
export interface PatternProblem {
  readonly problem: string;
  readonly fix: string;
}

const MOST_STATES = 1000;

/**
 * What keeps a regular expression from being matched in time that goes with the text's length; undefined when nothing
 * does. Postgres matches most of them so, nested `*` included; the rest is refused.
 */
export function patternProblem(source: string, use: PatternUse): PatternProblem | undefined {
  const pattern = new PatternReader(source).read();
  if ('problem' in pattern) return pattern;
  if (statesOf(pattern) > MOST_STATES) {
    return { problem: 'repeats too much', fix: 'Use * or +, and check the length by itself.' };
  }
  if (!areLookaroundsAtStart(pattern)) {
    return {
      problem: 'looks ahead or behind from the middle of the text',
      fix: 'Write it as several conditions with AND, or start the pattern with ^ and look ahead from there.',
    };
  }
  if (use === 'repeated' && searchesOn(pattern)) {
    return {
      problem: 'has an alternative that may search to the text’s end at each match',
      fix: 'Use one call for each alternative.',
    };
  }
  return undefined;
}

/** The branches between the `|`, each of its pieces. */
type Pattern = readonly (readonly Piece[])[];

interface Piece {
  readonly atom: 'letter' | 'start' | 'end' | 'group' | 'look';
  /** What a group or a look-around holds. */
  readonly inner: Pattern;
  readonly least: number;
  readonly most: number;
}

/** Takes a pattern apart as Postgres' advanced regular expressions are defined. */
class PatternReader {
  readonly #source: string;
  #at = 0;

  constructor(source: string) {
    this.#source = source;
  }

  read(): Pattern | PatternProblem {
    const options = /^\(\?([a-z]+)\)/.exec(this.#source);
    if (this.#source.startsWith('***') || /[^cist]/.test(options?.[1] ?? '')) {
      return { problem: 'switches to another kind of pattern', fix: 'Leave the switch at its start out.' };
    }
    this.#at = options?.[0].length ?? 0;
    try {
      const pattern = this.#branches();
      return this.#at < this.#source.length ? unread('it closes a bracket too many') : pattern;
    } catch (error) {
      if (error instanceof Unreadable) return { problem: error.problem, fix: error.fix };
      throw error;
    }
  }

  #branches(): Pattern {
    const branches: Piece[][] = [[]];
    for (let atom = this.#atom(); atom !== undefined; atom = this.#atom()) {
      if (atom === '|') branches.push([]);
      else branches.at(-1)!.push({ ...atom, ...this.#quantifier() });
    }
    return branches;
  }

  /** Undefined at the end, or before a closing bracket. */
  #atom(): Pick<Piece, 'atom' | 'inner'> | '|' | undefined {
    const rest = this.#source.slice(this.#at);
    if (rest === '' || rest.startsWith(')')) return undefined;
    const token = TOKEN.exec(rest)?.[0] ?? '';
    this.#at += token.length;
    if (token === '|') return '|';
    if (token.startsWith('(') && !token.startsWith('(?#')) return this.#group(token);
    if (token === '[') throw new Unreadable('does not close a [');
    if (/^\\[1-9]/.test(token)) throw new Unreadable('refers back to what it matched', 'Write the parts out.');
    return { atom: ANCHORS.get(token) ?? 'letter', inner: [] };
  }

  #group(opening: string): Pick<Piece, 'atom' | 'inner'> {
    const inner = this.#branches();
    if (this.#source[this.#at] !== ')') throw new Unreadable('does not close a bracket');
    this.#at += 1;
    return { atom: /[=!]$/.test(opening) ? 'look' : 'group', inner };
  }

  #quantifier(): Pick<Piece, 'least' | 'most'> {
    const [all = '', sign = '', from = '', comma, to] = QUANTIFIER.exec(this.#source.slice(this.#at)) ?? [];
    this.#at += all.length;
    if (all === '') return { least: 1, most: 1 };
    if (sign !== '') return { least: sign === '+' ? 1 : 0, most: sign === '?' ? 1 : Infinity };
    return { least: Number(from), most: comma === undefined ? Number(from) : to ? Number(to) : Infinity };
  }
}

const TOKEN =
  /^(?:\(\?(?:[:=!]|<[=!]|#[^)]*\))|\\[\s\S]|\[\^?\]?(?:\[:[a-z]+:\]|\[[.=][^\]]*[.=]\]|\\[\s\S]|[^\]\\])*\]|[\s\S])/u;
const QUANTIFIER = /^(?:([*+?])|\{(\d{1,3})(,)?(\d{1,3})?\})\??/;
const ANCHORS: ReadonlyMap<string, Piece['atom']> = new Map([
  ['^', 'start'],
  ['\\A', 'start'],
  ['$', 'end'],
  ['\\Z', 'end'],
]);

class Unreadable extends Error {
  readonly problem: string;
  readonly fix: string;

  constructor(problem: string, fix = 'Write a pattern that Postgres can read.') {
    super(problem);
    [this.problem, this.fix] = [problem, fix];
  }
}

function unread(problem: string): PatternProblem {
  return { problem, fix: 'Write a pattern that Postgres can read.' };
}

/** How many states an automaton for it has, with its repetitions written out. */
function statesOf(pattern: Pattern): number {
  const sizes = pattern.flat().map(({ inner, least, most }) => {
    return Math.max(1, statesOf(inner)) * Math.max(1, most < Infinity ? most : least);
  });
  return sizes.reduce((sum, size) => sum + size, 0);
}

/** From anywhere else, a look to the text's end would be taken at every letter. */
function areLookaroundsAtStart(pattern: Pattern): boolean {
  const [[first, ...rest] = [], ...others] = pattern;
  if (others.length > 0 || first?.atom !== 'start') return !pattern.flat().some(looksAround);
  const behind = rest.findIndex(({ atom }) => atom !== 'look');
  const looks = behind < 0 ? rest : rest.slice(0, behind);
  return !looks.flatMap(({ inner }) => inner.flat()).some(looksAround) && !rest.slice(looks.length).some(looksAround);
}

function looksAround({ atom, inner }: Piece): boolean {
  return atom === 'look' || inner.flat().some(looksAround);
}

/** Whether a match may be short although the matcher had to read on: at each of many matches it would do so again. */
function searchesOn(pattern: Pattern): boolean {
  const isChoice = pattern.length > 1 && !pattern.every((branch) => branch.some(isAnchor));
  if (isChoice && pattern.some(readsOn)) return true;
  return pattern.flat().some(({ inner, least }) => {
    return (least === 0 && inner.some(readsOn)) || searchesOn(inner);
  });
}

function isAnchor({ atom }: Piece): boolean {
  return atom === 'start' || atom === 'end';
}

/** Whether something has to come behind a part of any length. */
function readsOn(branch: readonly Piece[]): boolean {
  const firstLong = branch.findIndex(isLong);
  return firstLong >= 0 && (firstLong < branch.length - 1 || branch[firstLong]!.inner.some(readsOn));
}

function isLong({ most, inner }: Piece): boolean {
  return most === Infinity || inner.flat().some(isLong);
}
