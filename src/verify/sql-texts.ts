import type { SourceFile } from '../domain/source-file.ts';
import { readTokens, type Token } from './source-tokens.ts';

/** A statement that stands in the source as one text, or as a few that are put together there. */
export interface SqlText {
  readonly file: string;
  readonly sql: string;
  /** The line of the source for a place in `sql`, counted in characters from 0. */
  lineAt(offset: number): number;
}

export interface FoundSql {
  readonly texts: readonly SqlText[];
  /** How many more are put together when the program runs. */
  readonly builtLater: number;
}

/** The SQL in a backend's code: what is written like a statement, and whatever is handed to the database. */
export function findSql(files: readonly SourceFile[]): FoundSql {
  const found = files
    .filter(({ path }) => path.startsWith('src/') && path.endsWith('.ts'))
    .flatMap(({ path, content }) => sqlIn(path, readTokens(content)));
  return {
    texts: found.filter((one) => one !== undefined),
    builtLater: found.filter((one) => one === undefined).length,
  };
}

interface Part {
  readonly text: string;
  readonly line: number;
  /** Its line breaks are the source's. */
  readonly multiline: boolean;
}

/** Undefined for each statement that is built later. */
function sqlIn(file: string, tokens: readonly Token[]): (SqlText | undefined)[] {
  const constants = constantsOf(tokens);
  const found: (SqlText | undefined)[] = [];
  for (let at = 0; at < tokens.length;) {
    const { parts, open, end } = readSum(tokens, at, constants);
    const sql = parts.map(({ text }) => text).join('');
    if (parts.length > 0 && isStatement(sql, tokens, at)) {
      found.push(open ? undefined : { file, sql, lineAt: (offset) => lineAt(parts, offset) });
    }
    at = Math.max(end, at + 1);
  }
  return found;
}

/** Texts with a plus between them, from `at` on. `open`: something that is no text is among them. */
function readSum(
  tokens: readonly Token[],
  at: number,
  constants: ReadonlyMap<string, string>,
): { readonly parts: readonly Part[]; readonly open: boolean; readonly end: number } {
  const parts: Part[] = [];
  let open = tokens[at - 1]?.text === '+' || tokens[at]?.list === true;
  for (let next = at; ; next += 2) {
    const token = tokens[next];
    if (token?.kind === 'text') {
      const filled = fill(token, constants);
      parts.push({ text: filled ?? token.parts.join(''), line: token.line, multiline: token.multiline });
      open ||= filled === undefined;
    } else if (next > at) {
      open = true;
    } else {
      return { parts, open, end: at };
    }
    if (tokens[next + 1]?.text !== '+') return { parts, open, end: next + 1 };
  }
}

/** A template's text with the constants of its file in their places; undefined when there is more in it. */
function fill({ parts, holes }: Extract<Token, { kind: 'text' }>, constants: ReadonlyMap<string, string>) {
  const values = holes.map((hole) => constants.get(hole.trim()));
  if (values.includes(undefined)) return undefined;
  return parts.map((part, index) => part + (values[index] ?? '')).join('');
}

/** `const COLUMNS = 'id, name';` at whatever depth. */
function constantsOf(tokens: readonly Token[]): Map<string, string> {
  const constants = new Map<string, string>();
  for (const [at, token] of tokens.entries()) {
    if (!isConstant(tokens, at) || token.kind !== 'text' || token.holes.length > 0) continue;
    if (tokens[at + 1]?.text === '+') continue;
    constants.set(tokens[at - 2]?.text ?? '', token.parts.join(''));
  }
  return constants;
}

function isConstant(tokens: readonly Token[], at: number): boolean {
  return tokens[at - 3]?.text === 'const' && tokens[at - 1]?.text === '=' && isFragment(tokens, at);
}

/** A constant that is no whole statement is only good as a part of one. */
function isFragment(tokens: readonly Token[], at: number): boolean {
  const token = tokens[at];
  return token?.kind === 'text' && !WRITTEN_LIKE_ONE.test(token.parts.join(' '));
}

const START = String.raw`^(?:\s|--[^\n]*\n)*`;
const WRITTEN_LIKE_ONE = new RegExp(
  `${START}(?:SELECT\\s|INSERT\\s+INTO\\s|UPDATE\\s[^]+?\\sSET\\s|DELETE\\s+FROM\\s|MERGE\\s+INTO\\s|VALUES\\s*\\(|WITH\\s[^]+?\\sAS\\s)`,
);
const ANY_CASE = new RegExp(WRITTEN_LIKE_ONE.source, 'i');

/** In prose no word is all capitals; what is handed to the database is SQL however it is written. */
function isStatement(sql: string, tokens: readonly Token[], at: number): boolean {
  if (WRITTEN_LIKE_ONE.test(sql)) return true;
  if (!ANY_CASE.test(sql)) return false;
  const [before, name] = [tokens[at - 1]?.text, tokens[at - 2]?.text ?? ''];
  return (before === ':' && name === 'text') || (before === '(' && ['read', 'write', 'query'].includes(name));
}

function lineAt(parts: readonly Part[], offset: number): number {
  let left = offset;
  for (const { text, line, multiline } of parts) {
    if (left <= text.length) return line + (multiline ? text.slice(0, left).split('\n').length - 1 : 0);
    left -= text.length;
  }
  return parts[0]?.line ?? 1;
}
