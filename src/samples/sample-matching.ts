/**
 * A text that a regular expression accepts, as far as it is made of the usual parts: characters, classes, groups,
 * alternatives, repetitions. `variant` picks among several. What it cannot read it takes for plain text.
 */
export function sampleMatching(pattern: string, variant: number): string {
  const reader = { pattern: pattern.replace(/^\^/, '').replace(/\$$/, ''), at: 0, variant };
  return readAlternatives(reader);
}

interface PatternReader {
  readonly pattern: string;
  at: number;
  /** Used up digit by digit, by whatever has a choice. */
  variant: number;
}

function readAlternatives(reader: PatternReader): string {
  const alternatives = [readSequence(reader)];
  while (reader.pattern[reader.at] === '|') {
    reader.at++;
    alternatives.push(readSequence(reader));
  }
  return choose(reader, alternatives);
}

function readSequence(reader: PatternReader): string {
  let text = '';
  while (reader.at < reader.pattern.length && !'|)'.includes(reader.pattern[reader.at] ?? '')) {
    const start = reader.at;
    const first = readAtom(reader);
    const end = reader.at;
    const count = readRepetition(reader);
    text += first;
    const next = reader.at;
    for (let index = 1; index < count; index++) {
      reader.at = start;
      text += readAtom(reader);
    }
    if (count === 0) text = text.slice(0, text.length - first.length);
    reader.at = count > 1 ? Math.max(next, end) : next;
  }
  return text;
}

function readAtom(reader: PatternReader): string {
  const character = reader.pattern[reader.at++] ?? '';
  if (character === '(') {
    if (reader.pattern.startsWith('?:', reader.at)) reader.at += 2;
    const inner = readAlternatives(reader);
    reader.at++;
    return inner;
  }
  if (character === '[') return choose(reader, readClass(reader));
  if (character === '\\') return readEscape(reader);
  if (character === '.') return choose(reader, ['a', 'b', 'c', 'd', 'e', 'f', 'g', 'h']);
  return character === '^' || character === '$' ? '' : character;
}

function readEscape(reader: PatternReader): string {
  const character = reader.pattern[reader.at++] ?? '';
  const set = ESCAPES[character];
  if (set !== undefined) return choose(reader, Array.from(set));
  return character;
}

const DIGITS = '0123456789';
const ESCAPES: Readonly<Record<string, string>> = {
  d: DIGITS,
  w: 'abcdefghij',
  s: ' ',
  D: 'a',
  W: '-',
  S: 'a',
  A: '',
  Z: '',
  m: '',
  M: '',
  y: '',
};

/** The characters of `[a-z0-9_]`, a few of each range; for `[^…]` what is not among them. */
function readClass(reader: PatternReader): string[] {
  const isNegated = reader.pattern[reader.at] === '^';
  if (isNegated) reader.at++;
  const members: string[] = [];
  while (reader.at < reader.pattern.length && (reader.pattern[reader.at] !== ']' || members.length === 0)) {
    members.push(...readMembers(reader));
  }
  reader.at++;
  if (!isNegated) return members;
  return Array.from('abcdefghij0123456789-_.').filter((character) => !members.includes(character));
}

function readMembers(reader: PatternReader): string[] {
  const named = /^\[:(\w+):\]/.exec(reader.pattern.slice(reader.at));
  if (named) {
    reader.at += named[0].length;
    return Array.from(NAMED_CLASSES[named[1] ?? ''] ?? 'a');
  }
  let first = reader.pattern[reader.at++] ?? '';
  if (first === '\\') {
    first = reader.pattern[reader.at++] ?? '';
    const set = ESCAPES[first];
    if (set) return Array.from(set);
  }
  const last = reader.pattern[reader.at + 1];
  if (reader.pattern[reader.at] !== '-' || last === undefined || last === ']') return [first];
  reader.at += 2;
  return range(first, last);
}

const NAMED_CLASSES: Readonly<Record<string, string>> = {
  alpha: 'abcdefghij',
  lower: 'abcdefghij',
  upper: 'ABCDEFGHIJ',
  digit: DIGITS,
  alnum: `abcdef${DIGITS}`,
  space: ' ',
  xdigit: `${DIGITS}abcdef`,
};

function range(first: string, last: string): string[] {
  const start = first.codePointAt(0) ?? 0;
  const count = Math.min(10, Math.max(1, (last.codePointAt(0) ?? start) - start + 1));
  return Array.from({ length: count }, (_, index) => String.fromCodePoint(start + index));
}

/** How often the part before is wanted: as seldom as allowed, but once rather than not at all. */
function readRepetition(reader: PatternReader): number {
  const found = /^(?:([*+?])|\{(\d+)(,\d*)?\})\??/.exec(reader.pattern.slice(reader.at));
  if (!found) return 1;
  reader.at += found[0].length;
  if (found[1] === '+' || found[1] === '*') return 4;
  return found[1] === '?' ? 1 : Math.max(found[3] === undefined ? 0 : 1, Number(found[2]));
}

function choose(reader: PatternReader, options: readonly string[]): string {
  const option = options[reader.variant % Math.max(1, options.length)] ?? '';
  reader.variant = Math.floor(reader.variant / Math.max(1, options.length));
  return option;
}
