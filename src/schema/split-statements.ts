import { LIMITS } from './limits.ts';

/**
 * What SQL text is made of, as far as it matters for finding the semicolons between statements. The first that matches
 * counts: a string with escapes, a word (`$` belongs to it, so it starts no quote), a plain string, a quoted name, a
 * comment to the end of the line, a `$tag$` quote, the start of a comment, anything else.
 */
const PART =
  /[eE]'(?:[^'\\]|\\[\s\S]|'')*'|[eE]'|[\p{L}_][\p{L}\p{M}\p{N}_$]*|'(?:[^']|'')*'|"(?:[^"]|"")*"|--[^\n]*|(\$(?:[\p{L}_][\p{L}\p{N}_]*)?\$)[\s\S]*?\1|\/\*|\s+|[\s\S]/guy;

/**
 * The statements of a text, comments around them left out; undefined when a quote or a comment does not end. That
 * Postgres might see other bounds does no harm: each piece is parsed by itself, and every statement in it is judged.
 */
export function splitStatements(text: string): readonly string[] | undefined {
  const statements: string[] = [];
  let [start, end] = [-1, -1];
  const finish = (): void => {
    if (start >= 0) statements.push(text.slice(start, end));
    start = -1;
  };
  for (let at = 0; at < text.length;) {
    PART.lastIndex = at;
    const part = PART.exec(text)?.[0] ?? '';
    const next = part === '/*' ? commentEnd(text, at) : at + part.length;
    if (next === undefined || isOpen(part, text, at)) return undefined;
    if (part === ';') finish();
    else if (!isBlank(part)) [start, end] = [start < 0 ? at : start, next];
    at = next;
  }
  finish();
  return statements;
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
