import type { Node, ScanToken } from 'libpg-query';

/** Postgres' own parser, and the printer that turns a syntax tree back into text. */
export interface PostgresParser {
  /** Throws a `SyntaxFailure`. Comments and empty statements yield nothing. */
  parse(sql: string): readonly Node[];
  /** The tokens of a text, comments included; undefined when a quote or a comment does not end. */
  scan(sql: string): readonly Token[] | undefined;
  /** Throws when it does not know a node. */
  print(node: Node): string;
}

export interface Token {
  readonly text: string;
  /** Bytes into the text's UTF-8. */
  readonly start: number;
  readonly end: number;
  readonly kind: 'name' | 'keyword' | 'reserved' | 'comment' | 'other';
}

/** Postgres could not read a text; `at` is the byte where it stopped, undefined when that is not known. */
export interface SyntaxFailure {
  readonly message: string;
  readonly at: number | undefined;
}

/** Loads the parser when it is first asked for: it is 2 MB of WebAssembly that most commands never need. */
export async function loadPostgresParser(): Promise<PostgresParser> {
  const [query, printer] = await Promise.all([import('libpg-query'), import('pgsql-deparser')]);
  await query.loadModule();
  return {
    parse: (sql) => (query.parseSync(sql).stmts ?? []).flatMap((statement) => statement.stmt ?? []),
    // The scanner itself refuses an empty text.
    scan: (sql) => (sql === '' ? [] : scanOrNothing(() => query.scanSync(sql).tokens)),
    print: (node) => printer.deparseSync(node, { pretty: true }),
  };
}

function scanOrNothing(scan: () => readonly ScanToken[]): readonly Token[] | undefined {
  try {
    return scan().map(({ text, start, end, ...token }) => ({ text, start, end, kind: kindOf(token) }));
  } catch {
    return undefined;
  }
}

function kindOf(token: Pick<ScanToken, 'tokenName' | 'keywordName'>): Token['kind'] {
  if (token.tokenName === 'SQL_COMMENT' || token.tokenName === 'C_COMMENT') return 'comment';
  if (token.tokenName === 'IDENT' || token.tokenName === 'UIDENT') return 'name';
  if (token.keywordName === 'RESERVED_KEYWORD' || token.keywordName === 'TYPE_FUNC_NAME_KEYWORD') return 'reserved';
  return token.keywordName === 'NO_KEYWORD' ? 'other' : 'keyword';
}

/** What the parser threw, in our words. */
export function syntaxFailure(error: unknown): SyntaxFailure {
  if (error instanceof RangeError) return { message: 'the statement is nested too deeply', at: undefined };
  const details = (error as { sqlDetails?: { cursorPosition?: number } }).sqlDetails;
  return { message: (error as Error).message.split('\n', 1)[0] ?? '', at: details?.cursorPosition };
}
