/** A word, a sign, or a text of TypeScript source. Comments, numbers and regular expressions are left out. */
export type Token =
  | { readonly kind: 'other'; readonly text: string; readonly line: number; readonly list: boolean }
  | {
      readonly kind: 'text';
      /** Empty, so that it is taken for no sign. */
      readonly text: '';
      /** What stands between the holes, escapes resolved. */
      readonly parts: readonly string[];
      /** The source in a template's holes. */
      readonly holes: readonly string[];
      readonly multiline: boolean;
      readonly line: number;
      /** Whether the bracket around it is a list's. */
      readonly list: boolean;
    };

// In the order in which they are tried. A template is read by hand, since its holes nest.
const PIECES =
  /(?<space>\s+)|(?<comment>\/\/[^\n]*|\/\*[^]*?(?:\*\/|$))|(?<string>'(?:\\[^]|[^'\\\n])*'|"(?:\\[^]|[^"\\\n])*")|(?<template>`)|(?<number>\d[\w.]*)|(?<word>[\p{L}_$#][\p{L}\p{N}_$]*)|(?<sign>[^])/uy;
const EXPRESSION = /\/(?:\\.|\[(?:\\.|[^\]\\\n])*\]|[^/\\[\n])+\/[a-z]*/y;
/** After these a slash begins a regular expression. */
const BEFORE_EXPRESSION = /^(?:[^)\]}\p{L}\p{N}_$]|return|typeof|case|in|of|void|throw|await|yield)$/u;

export function readTokens(source: string): readonly Token[] {
  const tokens: Token[] = [];
  const brackets: string[] = [];
  let line = 1;
  for (let at = 0; at < source.length;) {
    const piece = readPiece(source, at, tokens.at(-1));
    const list = brackets.at(-1) === '[';
    if (piece.token) tokens.push({ ...piece.token, line, list });
    if (piece.token?.kind === 'other') keepBrackets(brackets, piece.token.text);
    line += source.slice(at, piece.end).split('\n').length - 1;
    at = piece.end;
  }
  return tokens;
}

type Placed<T> = T extends unknown ? Omit<T, 'line' | 'list'> : never;

interface Piece {
  /** Undefined for what says nothing. */
  readonly token?: Placed<Token>;
  readonly end: number;
}

function readPiece(source: string, at: number, before: Token | undefined): Piece {
  PIECES.lastIndex = at;
  const groups = PIECES.exec(source)?.groups ?? {};
  const { string, template, word, sign } = groups;
  const end = PIECES.lastIndex;
  if (string !== undefined) return { token: textToken([unescape(string.slice(1, -1))], [], false), end };
  if (template !== undefined) return readTemplate(source, at);
  if (word !== undefined) return { token: { kind: 'other', text: word }, end };
  if (groups['number'] !== undefined) return { token: { kind: 'other', text: '0' }, end };
  if (sign === undefined) return { end };
  if (sign === '/' && mayBeExpression(before)) {
    EXPRESSION.lastIndex = at;
    if (EXPRESSION.test(source)) return { token: { kind: 'other', text: '0' }, end: EXPRESSION.lastIndex };
  }
  return { token: { kind: 'other', text: sign }, end };
}

function mayBeExpression(before: Token | undefined): boolean {
  return before === undefined || (before.kind === 'other' && BEFORE_EXPRESSION.test(before.text));
}

function readTemplate(source: string, start: number): Piece {
  const parts: string[] = [];
  const holes: string[] = [];
  let part = start + 1;
  for (let at = part; at < source.length;) {
    if (source[at] === '\\') {
      at += 2;
    } else if (source[at] === '`') {
      parts.push(unescape(source.slice(part, at)));
      return { token: textToken(parts, holes, true), end: at + 1 };
    } else if (source.startsWith('${', at)) {
      const end = endOfHole(source, at + 2);
      parts.push(unescape(source.slice(part, at)));
      holes.push(source.slice(at + 2, end));
      at = end + 1;
      part = at;
    } else {
      at += 1;
    }
  }
  return { end: source.length };
}

/** Where the hole's closing brace is. */
function endOfHole(source: string, start: number): number {
  let depth = 0;
  let before: Token | undefined;
  for (let at = start; at < source.length;) {
    if (depth === 0 && source[at] === '}') return at;
    const { token, end } = readPiece(source, at, before);
    if (token) before = { ...token, line: 0, list: false };
    if (token?.text === '{') depth += 1;
    if (token?.text === '}') depth -= 1;
    at = end;
  }
  return source.length;
}

function textToken(parts: readonly string[], holes: readonly string[], multiline: boolean): Placed<Token> {
  return { kind: 'text', text: '', parts, holes, multiline };
}

const ESCAPES: Readonly<Record<string, string>> = { n: '\n', t: '\t', r: '\r', '\n': '' };

function unescape(text: string): string {
  return text.replace(/\\([^])/g, (_, character: string) => ESCAPES[character] ?? character);
}

function keepBrackets(brackets: string[], sign: string): void {
  if (sign === '(' || sign === '[' || sign === '{') brackets.push(sign);
  if (sign === ')' || sign === ']' || sign === '}') brackets.pop();
}
