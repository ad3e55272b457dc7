import { RESERVED_WORDS } from './reserved-words.ts';
import { syntaxFailure, type PostgresParser, type SyntaxFailure, type Token } from './postgres-parser.ts';
import type { Node } from 'libpg-query';

const MAX_MENDS = 40;

export type ParsedStatement =
  | { readonly nodes: readonly Node[]; readonly quotedWords: readonly string[] }
  | { readonly failure: SyntaxFailure };

/**
 * Parses one statement. Where Postgres stumbles over a reserved word used as a name (`CREATE TABLE order`), the word is
 * quoted and told in `quotedWords`. Text that cannot be mended this way fails as it first did.
 */
export function parseMending(parser: PostgresParser, sql: string): ParsedStatement {
  let [text, outcome] = [sql, tryParse(parser, sql)];
  const first = outcome;
  const quotedWords: string[] = [];
  while ('failure' in outcome && quotedWords.length < MAX_MENDS) {
    const mended = quoteNearFailure(parser, text, outcome.failure);
    if (!mended) return first;
    ({ text, outcome } = mended);
    quotedWords.push(mended.word);
  }
  return 'failure' in outcome ? first : { nodes: outcome.nodes, quotedWords: [...new Set(quotedWords)] };
}

function tryParse(parser: PostgresParser, sql: string): ParsedStatement {
  try {
    return { nodes: parser.parse(sql), quotedWords: [] };
  } catch (error) {
    return { failure: syntaxFailure(error) };
  }
}

interface Mended {
  readonly text: string;
  readonly outcome: ParsedStatement;
  readonly word: string;
}

/** Quotes the reserved word at the failure, or one of the two tokens before it, that lets the parser get further. */
function quoteNearFailure(parser: PostgresParser, text: string, failure: SyntaxFailure): Mended | undefined {
  if (failure.at === undefined) return undefined;
  // The parser counts characters, the scanner bytes.
  const failedAt = Buffer.byteLength(Array.from(text).slice(0, failure.at).join(''));
  const tokens = (parser.scan(text) ?? []).filter((token) => token.kind !== 'comment');
  const index = tokens.findLastIndex((token) => token.start <= failedAt);
  for (const token of tokens.slice(Math.max(0, index - 2), index + 1).toReversed()) {
    if (!RESERVED_WORDS.has(token.text.toLowerCase())) continue;
    const quoted = replaceToken(text, token, `"${token.text.toLowerCase()}"`);
    const outcome = tryParse(parser, quoted);
    // Two quotes were added: getting further means getting past them.
    if (!('failure' in outcome) || (outcome.failure.at ?? 0) > failure.at + 2) {
      return { text: quoted, outcome, word: token.text.toLowerCase() };
    }
  }
  return undefined;
}

function replaceToken(text: string, token: Token, replacement: string): string {
  const bytes = Buffer.from(text);
  return `${bytes.subarray(0, token.start).toString()}${replacement}${bytes.subarray(token.end).toString()}`;
}
