/** A CHECK's condition, as far as it could be read. */
export type Expression =
  | { readonly kind: 'constant'; readonly value: string | number | boolean | null }
  | { readonly kind: 'column'; readonly name: string }
  | { readonly kind: 'list'; readonly items: readonly Expression[] }
  | { readonly kind: 'operation'; readonly operator: string; readonly operands: readonly Expression[] }
  | { readonly kind: 'call'; readonly name: string; readonly args: readonly Expression[] };

/** Reads an SQL condition as Postgres prints it or people write it; undefined when it holds something else. */
export function parseCheck(sql: string): Expression | undefined {
  const tokens = tokenize(sql);
  if (!tokens) return undefined;
  try {
    const reader = new TokenReader(tokens);
    const expression = readOr(reader);
    return reader.peek() === undefined ? expression : undefined;
  } catch (error) {
    if (error instanceof Unreadable) return undefined;
    throw error;
  }
}

class Unreadable extends Error {}

interface Token {
  readonly kind: 'word' | 'name' | 'string' | 'number' | 'symbol';
  readonly text: string;
}

const TOKEN =
  /\s*(?:(?<word>[A-Za-z_][\w$]*)|"(?<name>(?:[^"]|"")+)"|(?<escape>[eE])?'(?<string>(?:[^']|'')*)'|(?<number>\d+(?:\.\d+)?(?:[eE][+-]?\d+)?)|(?<symbol>::|<=|>=|<>|!=|!~\*|!~~\*|!~~|!~|~\*|~~\*|~~|\|\||[-+*/%()[\],.<>=~]))/y;

function tokenize(sql: string): Token[] | undefined {
  const tokens: Token[] = [];
  TOKEN.lastIndex = 0;
  const text = sql.trim();
  for (let at = 0; at < text.length; at = TOKEN.lastIndex) {
    TOKEN.lastIndex = at;
    const groups = TOKEN.exec(text)?.groups;
    if (!groups) return undefined;
    tokens.push(tokenOf(groups));
  }
  return tokens;
}

function tokenOf(groups: Readonly<Record<string, string | undefined>>): Token {
  const { word, name, string, number, symbol = '', escape } = groups;
  if (word !== undefined) return { kind: 'word', text: word.toLowerCase() };
  if (name !== undefined) return { kind: 'name', text: name.replaceAll('""', '"') };
  if (number !== undefined) return { kind: 'number', text: number };
  if (string === undefined) return { kind: 'symbol', text: symbol };
  const plain = string.replaceAll("''", "'");
  return { kind: 'string', text: escape ? plain.replaceAll('\\\\', '\\') : plain };
}

class TokenReader {
  readonly #tokens: readonly Token[];
  #at = 0;

  constructor(tokens: readonly Token[]) {
    this.#tokens = tokens;
  }

  peek(ahead = 0): Token | undefined {
    return this.#tokens[this.#at + ahead];
  }

  next(): Token {
    const token = this.#tokens[this.#at++];
    if (!token) throw new Unreadable();
    return token;
  }

  /** Takes the words or symbols if they come next. */
  take(...texts: string[]): boolean {
    const isNext = texts.every((text, index) => {
      const token = this.peek(index);
      return token !== undefined && token.text === text && (token.kind === 'word' || token.kind === 'symbol');
    });
    if (isNext) this.#at += texts.length;
    return isNext;
  }

  expect(text: string): void {
    if (!this.take(text)) throw new Unreadable();
  }
}

function readOr(reader: TokenReader): Expression {
  const operands = [readAnd(reader)];
  while (reader.take('or')) operands.push(readAnd(reader));
  return operands.length === 1 ? (operands[0] ?? NULL) : { kind: 'operation', operator: 'or', operands };
}

function readAnd(reader: TokenReader): Expression {
  const operands = [readNot(reader)];
  while (reader.take('and')) operands.push(readNot(reader));
  return operands.length === 1 ? (operands[0] ?? NULL) : { kind: 'operation', operator: 'and', operands };
}

function readNot(reader: TokenReader): Expression {
  return reader.take('not') ? operation('not', readNot(reader)) : readComparison(reader);
}

const COMPARISONS = ['<=', '>=', '<>', '!=', '<', '>', '=', '~', '~*', '!~', '!~*', '~~', '!~~', '~~*', '!~~*'];

function readComparison(reader: TokenReader): Expression {
  const left = readSum(reader);
  if (reader.take('is', 'not', 'null')) return operation('not', operation('is null', left));
  if (reader.take('is', 'null')) return operation('is null', left);
  if (reader.take('not', 'in')) return operation('not', operation('in', left, readParenthesizedList(reader)));
  if (reader.take('in')) return operation('in', left, readParenthesizedList(reader));
  if (reader.take('between')) return readBetween(reader, left);
  if (reader.take('like')) return operation('~~', left, readSum(reader));
  const operator = COMPARISONS.find((symbol) => reader.take(symbol));
  if (!operator) return left;
  if (operator === '=' && reader.take('any')) return operation('in', left, readOperand(reader));
  if (operator === '<>' && reader.take('all')) return operation('not', operation('in', left, readOperand(reader)));
  return operation(operator === '!=' ? '<>' : operator, left, readSum(reader));
}

function readBetween(reader: TokenReader, value: Expression): Expression {
  const low = readSum(reader);
  reader.expect('and');
  return operation('and', operation('>=', value, low), operation('<=', value, readSum(reader)));
}

function readSum(reader: TokenReader): Expression {
  let left = readProduct(reader);
  for (;;) {
    const operator = ['+', '-', '||'].find((symbol) => reader.take(symbol));
    if (!operator) return left;
    left = operation(operator, left, readProduct(reader));
  }
}

function readProduct(reader: TokenReader): Expression {
  let left = readOperand(reader);
  for (;;) {
    const operator = ['*', '/', '%'].find((symbol) => reader.take(symbol));
    if (!operator) return left;
    left = operation(operator, left, readOperand(reader));
  }
}

function readOperand(reader: TokenReader): Expression {
  const expression = readPrimary(reader);
  while (reader.take('::')) skipType(reader);
  return expression;
}

function readPrimary(reader: TokenReader): Expression {
  if (reader.take('(')) {
    const inner = readOr(reader);
    reader.expect(')');
    return inner;
  }
  if (reader.take('-')) return operation('-', { kind: 'constant', value: 0 }, readOperand(reader));
  if (reader.take('array', '[')) return readList(reader, ']');
  const token = reader.next();
  if (token.kind === 'string') return { kind: 'constant', value: token.text };
  if (token.kind === 'number') return { kind: 'constant', value: Number(token.text) };
  if (token.kind === 'name') return { kind: 'column', name: token.text };
  if (token.kind === 'symbol') throw new Unreadable();
  if (token.text === 'true' || token.text === 'false') return { kind: 'constant', value: token.text === 'true' };
  if (token.text === 'null') return NULL;
  if (reader.take('(')) return { kind: 'call', name: token.text, args: readList(reader, ')').items };
  return { kind: 'column', name: token.text };
}

function readParenthesizedList(reader: TokenReader): Expression {
  reader.expect('(');
  return readList(reader, ')');
}

function readList(reader: TokenReader, end: string): Expression & { readonly kind: 'list' } {
  const items: Expression[] = [];
  while (!reader.take(end)) {
    if (items.length > 0) reader.expect(',');
    items.push(readOr(reader));
  }
  return { kind: 'list', items };
}

/** `character varying(20)[]`, `timestamp without time zone`: a cast says nothing about which values pass. */
function skipType(reader: TokenReader): void {
  reader.next();
  while (['varying', 'precision', 'without', 'with', 'time', 'zone'].some((word) => reader.take(word)));
  if (reader.take('(')) {
    while (!reader.take(')')) reader.next();
  }
  while (reader.take('[')) reader.expect(']');
}

const NULL: Expression = { kind: 'constant', value: null };

function operation(operator: string, ...operands: Expression[]): Expression {
  return { kind: 'operation', operator, operands };
}
