import { LIMITS } from './limits.ts';

/**
 * What SQL text is made of, as far as it matters for finding the semicolons between statements. The first that matches
 * counts: a COPY with its rows, a line for psql, a string with escapes, a word (`$` belongs to it, so it starts no
 * quote), a plain string, a quoted name, a comment to the end of the line, a `$tag$` quote, the start of a comment,
 * anything else.
 */
const PART =
  /(?<![^\n\r])[cC][oO][pP][yY] (?:"[^"]*"|[^;'"])* [fF][rR][oO][mM] [sS][tT][dD][iI][nN][^;'"]*;[\s\S]*?(?<![^\n\r])\\\.(?![^\n\r])|(?<![^\n\r])\\[a-zA-Z!?.][^\n\r]*|[eE]'(?:[^'\\]|\\[\s\S]|'')*'|[eE]'|[\p{L}_][\p{L}\p{M}\p{N}_$]*|'(?:[^']|'')*'|"(?:[^"]|"")*"|--[^\n\r]*|(\$(?:[\p{L}_][\p{L}\p{N}_]*)?\$)[\s\S]*?\1|\/\*|\s+|[\s\S]/guy;

/** A stretch of SQL text: a word, a string, a comment, blanks … */
interface Part {
  readonly text: string;
  readonly start: number;
  readonly end: number;
}

/** The parts of a text, in order; undefined in place of a quote or a comment that does not end. */
function* partsOf(text: string): Generator<Part | undefined> {
  for (let start = 0; start < text.length;) {
    PART.lastIndex = start;
    const part = PART.exec(text)?.[0] ?? '';
    const end = part === '/*' ? commentEnd(text, start) : start + part.length;
    if (end === undefined || isOpen(part, text, start)) return yield undefined;
    yield { text: part, start, end };
    start = end;
  }
}

/**
 * The statements of a text, comments around them left out; undefined when a quote or a comment does not end. That
 * Postgres might see other bounds does no harm: each piece is parsed by itself, and every statement in it is judged.
 */
export function splitStatements(text: string): readonly string[] | undefined {
  const statements: string[] = [];
  let [first, end] = [-1, -1];
  const finish = (): void => {
    if (first >= 0) statements.push(text.slice(first, end));
    first = -1;
  };
  for (const part of partsOf(text)) {
    if (!part) return undefined;
    if (part.text === ';') finish();
    else if (COPY_WITH_ROWS.test(part.text)) statements.push(COPY_HEAD.exec(part.text)?.[0] ?? '');
    else if (!isBlank(part.text)) [first, end] = [first < 0 ? part.start : first, part.end];
  }
  finish();
  return statements;
}

const COPY_WITH_ROWS = /^copy [\s\S]*\\\.$/i;
const COPY_HEAD = /^copy (?:"[^"]*"|[^;'"])*/i;

/** Takes psql's own commands (`\connect`) out: lines that start with a backslash, outside of quotes and comments. */
export function takeMetaCommands(text: string): { readonly sql: string; readonly commands: readonly string[] } {
  const commands: string[] = [];
  const kept: string[] = [];
  let end = 0;
  for (const part of partsOf(text)) {
    if (!part) break;
    if (/^\\./.test(part.text)) commands.push(part.text.trimEnd());
    else kept.push(part.text === '/*' ? text.slice(part.start, part.end) : part.text);
    end = part.end;
  }
  return { sql: kept.join('') + text.slice(end), commands };
}

/** A lone quote, or `$tag$`, is one that did not end: otherwise it would have matched together with what it encloses. */
function isOpen(part: string, text: string, at: number): boolean {
  if (part === '$') return /^\$(?:[\p{L}_][\p{L}\p{N}_]*)?\$/u.test(text.slice(at, at + 80));
  return part === '"' || part === "'" || /^[eE]'$/.test(part);
}

function isBlank(part: string): boolean {
  return part === '/*' || part.startsWith('--') || part.trim() === '';
}

/** Comments may lie in each other. */
function commentEnd(text: string, start: number): number | undefined {
  const marks = /\/\*|\*\//g;
  marks.lastIndex = start;
  let depth = 0;
  for (let mark = marks.exec(text); mark; mark = marks.exec(text)) {
    depth += mark[0] === '/*' ? 1 : -1;
    if (depth === 0) return marks.lastIndex;
  }
  return undefined;
}

/** Whether a text has more words and signs than any allowed statement could: parsing it would take seconds. */
export function hasTooManyWords(text: string): boolean {
  const words = /[\p{L}\p{N}_]+|[^\s\p{L}\p{N}_]/gu;
  for (let count = 0; count <= LIMITS.words; count += 1) if (!words.test(text)) return false;
  return true;
}
