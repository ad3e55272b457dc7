import type { Node } from 'libpg-query';
import type { Finding } from '../domain/schema-design.ts';
import { ALLOWED_FUNCTIONS, FUNCTION_SUGGESTIONS } from './allowed-functions.ts';
import { COLUMN_TYPES, SERIAL_TYPES, TYPE_SUGGESTIONS } from './column-types.ts';
import { byteLength, MAX_NAME_BYTES, toSnakeCase } from './identifiers.ts';
import { LIMITS } from './limits.ts';
import { parseMending } from './mend-statement.ts';
import type { PostgresParser, SyntaxFailure, Token } from './postgres-parser.ts';
import { hasTooManyWords, splitStatements, takeMetaCommands } from './split-statements.ts';

/** One statement of a proposal's text. */
export interface SourceStatement {
  readonly node: Node;
  /** Cut to 200 characters, for findings. */
  readonly excerpt: string;
}

/** How a text is read: a model's may be wrapped into Markdown, and has names in camelCase that Postgres would run together. */
export interface TextReading {
  readonly isModels: boolean;
}

/**
 * Takes SQL text apart into statements, each parsed by itself, so that one that cannot be read hides no other. A text
 * of the user's own is read as it stands; a model's is freed of Markdown, and its unquoted camelCase names become
 * snake_case.
 */
export function sourceStatements(
  parser: PostgresParser,
  sql: string,
  { isModels }: TextReading,
  findings: Finding[],
): readonly SourceStatement[] {
  const problem = unreadable(sql);
  if (problem) {
    findings.push({ severity: 'error', ...problem, statement: excerptOf(sql) });
    return [];
  }
  const text = refuseMetaCommands(isModels ? withoutFences(parser, sql) : sql, findings);
  const pieces = splitStatements(text);
  if (!pieces) {
    const message = 'A quote, a comment or a $$ does not end';
    findings.push({ severity: 'error', code: 'syntax', message, statement: excerptOf(text), fix: 'Close it.' });
    return [];
  }
  if (pieces.length > LIMITS.statements) {
    const message = `There are more than ${LIMITS.statements} statements`;
    findings.push({ severity: 'error', code: 'too-large', message, fix: 'Make the schema smaller.' });
    return [];
  }
  return pieces.flatMap((piece) => readPiece(parser, piece, isModels, findings));
}

function excerptOf(text: string): string {
  return Array.from(text.trim().slice(0, 400)).slice(0, 200).join('').toWellFormed();
}

/** What keeps a text from being parsed at all. */
function unreadable(sql: string): Pick<Finding, 'code' | 'message' | 'fix'> | undefined {
  // The parser stops at NUL and would not see what comes after.
  if (sql.includes('\0')) return { code: 'syntax', message: 'The SQL text holds a NUL character', fix: 'Remove it.' };
  if (!sql.isWellFormed())
    return { code: 'syntax', message: 'The SQL text is not valid Unicode', fix: 'Write it as UTF-8.' };
  return undefined;
}

/**
 * Models wrap SQL into Markdown: what lies inside fences is taken, or the text as it is when there are none. Fences in
 * a comment or a string of what is SQL already belong to it.
 */
function withoutFences(parser: PostgresParser, sql: string): string {
  if (!/^[ \t]*```/m.test(sql) || isSqlAlready(parser, sql)) return sql;
  const fenced = [...sql.matchAll(/^[ \t]*```[^\n]*\n([\s\S]*?)(?:^[ \t]*```|$(?![\s\S]))/gm)].map(
    ([, inner]) => inner,
  );
  return fenced.length > 0 ? fenced.join('\n') : sql.replaceAll(/^[ \t]*```.*$/gm, '');
}

function isSqlAlready(parser: PostgresParser, sql: string): boolean {
  const pieces = byteLength(sql) <= LIMITS.totalBytes ? splitStatements(sql) : undefined;
  if (!pieces || pieces.length > LIMITS.statements) return false;
  return pieces.every((piece) => !hasTooManyWords(piece) && 'nodes' in parseMending(parser, piece));
}

/** psql's own commands (`\connect`) are no SQL. */
function refuseMetaCommands(text: string, findings: Finding[]): string {
  const { sql, commands } = takeMetaCommands(text);
  for (const command of commands) {
    const message = `${command.slice(0, 80)} is a command of psql, not SQL`;
    findings.push({
      severity: 'error',
      code: 'statement-refused',
      message,
      statement: excerptOf(command),
      fix: 'Remove it.',
    });
  }
  return sql;
}

interface Piece {
  readonly text: string;
  readonly tokens: readonly Token[];
}

function readPiece(parser: PostgresParser, source: string, foldNames: boolean, findings: Finding[]): SourceStatement[] {
  const excerpt = excerptOf(source);
  const tell = (finding: Omit<Finding, 'statement'>) => findings.push({ ...finding, statement: excerpt });
  if (byteLength(source) > LIMITS.statementBytes || hasTooManyWords(source)) {
    tell({
      severity: 'error',
      code: 'too-large',
      message: 'The statement is larger than 64 KB, or has too many words',
      fix: 'Take it apart.',
    });
    return [];
  }
  const tokens = (parser.scan(source) ?? []).filter(({ kind }) => kind !== 'comment');
  const piece: Piece = { text: source, tokens };
  for (const name of longNames(piece.tokens)) {
    const message = `The name ${name.slice(0, 40)}… is longer than ${MAX_NAME_BYTES} bytes, where Postgres would cut it`;
    tell({ severity: 'error', code: 'name-refused', message, fix: 'Choose a shorter name.' });
  }
  const { text, folded } = foldNames ? foldCamelCase(piece) : { text: piece.text, folded: [] };
  const parsed = parseMending(parser, text);
  if ('failure' in parsed) {
    tell({ severity: 'error', code: 'syntax', ...explainFailure(text, parsed.failure) });
    return [];
  }
  if (folded.length > 0) {
    tell({
      severity: 'change',
      code: 'name-normalised',
      message: `Names are written in snake_case: ${folded.join(', ')}`,
    });
  }
  for (const word of parsed.quotedWords) {
    tell({
      severity: 'change',
      code: 'reserved-word',
      message: `"${word}" is a reserved word: it was quoted to serve as a name`,
    });
  }
  return parsed.nodes.map((node) => ({ node, excerpt }));
}

/** The tree holds names already cut, so their length can be seen in the tokens only. */
function longNames(tokens: readonly Token[]): readonly string[] {
  return tokens
    .filter((token) => token.kind === 'name')
    .map((token) => token.text.replace(/^(?:U&)?"([\s\S]*)"$/i, '$1').replaceAll('""', '"'))
    .filter((name) => byteLength(name) > MAX_NAME_BYTES);
}

function foldCamelCase(piece: Piece): { readonly text: string; readonly folded: readonly string[] } {
  const folded = new Set<string>();
  const bytes = Buffer.from(piece.text);
  const parts: string[] = [];
  let end = 0;
  for (const token of piece.tokens) {
    const name = foldedName(token);
    if (name === undefined) continue;
    parts.push(bytes.subarray(end, token.start).toString(), name);
    end = token.end;
    folded.add(`${token.text} is ${name}`);
  }
  return { text: [...parts, bytes.subarray(end).toString()].join(''), folded: [...folded] };
}

/** How an unquoted name in camelCase is spelled; undefined for any other token. */
function foldedName(token: Token): string | undefined {
  if (token.kind !== 'name' || !/[a-z0-9][A-Z]/.test(token.text) || token.text.includes('"')) return undefined;
  if (isKnownWord(token.text.toLowerCase())) return undefined;
  const name = toSnakeCase(token.text);
  return byteLength(name) > MAX_NAME_BYTES ? undefined : name;
}

/** `VarChar`, `BigInt` and `dateTime` are types in a fancy spelling, not names. */
function isKnownWord(word: string): boolean {
  return [COLUMN_TYPES, SERIAL_TYPES, TYPE_SUGGESTIONS, ALLOWED_FUNCTIONS, FUNCTION_SUGGESTIONS].some((known) =>
    known.has(word),
  );
}

/** Words of other databases at which Postgres stumbles, and what to write instead. */
const FOREIGN_WORDS: readonly (readonly [RegExp, string])[] = [
  [/^auto_?increment\b|^identity\b/i, 'Write GENERATED BY DEFAULT AS IDENTITY.'],
  [/^```/, 'Take the SQL out of the Markdown around it.'],
  [/^`/, 'Quote names with double quotes, or not at all.'],
  [/^\[/, 'Quote names with double quotes, or not at all.'],
  [/^unsigned\b/i, 'Leave it out; add CHECK (column >= 0).'],
  [/^engine\b|^charset\b|^character set\b/i, 'End the statement after the closing parenthesis.'],
  [/^(?:key|index)\b/i, 'Write a CREATE INDEX after the table.'],
  [/^enum\b|^\(\s*'/i, 'Declare the values first: CREATE TYPE … AS ENUM (…).'],
  [/^current_timestamp\b|^update\b/i, 'Leave ON UPDATE out; the backend sets the time.'],
  [/^comment\b/i, 'Write COMMENT ON COLUMN … IS … after the table.'],
  [/^\)/, 'Remove the comma before it, or add what is missing.'],
];

function explainFailure(text: string, failure: SyntaxFailure): Pick<Finding, 'message' | 'fix'> {
  const rest = failure.at === undefined ? '' : Array.from(text).slice(failure.at).join('');
  const line =
    failure.at === undefined
      ? undefined
      : Array.from(text)
          .slice(0, failure.at)
          .filter((char) => char === '\n').length + 1;
  const where = line === undefined ? '' : `, line ${line} of the statement`;
  const hint = FOREIGN_WORDS.find(([pattern]) => pattern.test(rest))?.[1];
  return {
    message: `Postgres cannot read this: ${failure.message}${where}`,
    fix: hint ?? 'Write it in PostgreSQL’s syntax.',
  };
}
