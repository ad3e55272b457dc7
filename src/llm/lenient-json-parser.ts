import { plainRecord } from '../domain/plain-record.ts';
import type { Json } from './model-call.ts';

const DEEPEST = 100;

const ESCAPES: Readonly<Record<string, string>> = plainRecord<string>(
  Object.entries({ n: '\n', t: '\t', r: '\r', b: '', f: '' }),
);

const WORDS: Readonly<Record<string, Json>> = plainRecord<Json>(
  Object.entries({
    true: true,
    false: false,
    null: null,
    True: true,
    False: false,
    None: null,
    undefined: null,
  }),
);

/** Reads one JSON value with the mistakes that models make; what cannot be read ends the attempt. */
export class LenientJsonParser {
  readonly #text: string;
  #at: number;

  constructor(text: string, at: number) {
    this.#text = text;
    this.#at = at;
  }

  /** The value that begins here and where it ends; undefined when it is not JSON or is cut off. */
  read(): { readonly value: Json; readonly end: number } | undefined {
    try {
      const value = this.#value(0);
      return { value, end: this.#at };
    } catch (error) {
      if (error instanceof NotJson) return undefined;
      throw error;
    }
  }

  #value(depth: number): Json {
    if (depth > DEEPEST) throw new NotJson();
    this.#skipBlanks();
    const start = this.#text[this.#at];
    if (start === '{') return this.#object(depth);
    if (start === '[') return this.#array(depth);
    if (start === '"' || start === "'" || start === '`') return this.#string(start);
    return this.#word();
  }

  #object(depth: number): Json {
    const entries: [string, Json][] = [];
    this.#at += 1;
    while (!this.#closes('}')) {
      const key = this.#key();
      this.#skipBlanks();
      this.#expect(':');
      entries.push([key, this.#value(depth + 1)]);
      this.#separate('}');
    }
    return Object.fromEntries(entries);
  }

  #array(depth: number): Json {
    const values: Json[] = [];
    this.#at += 1;
    while (!this.#closes(']')) {
      values.push(this.#value(depth + 1));
      this.#separate(']');
    }
    return values;
  }

  #key(): string {
    const start = this.#text[this.#at];
    if (start === '"' || start === "'" || start === '`') return this.#string(start);
    return this.#match(/[A-Za-z_$][\w$-]*/y);
  }

  #string(quote: string): string {
    const parts: string[] = [];
    const plain = new RegExp(`[^\\\\${quote}]+`, 'y');
    this.#at += 1;
    for (;;) {
      const next = this.#text[this.#at];
      if (next === undefined) throw new NotJson();
      if (next === quote) break;
      parts.push(next === '\\' ? this.#escape() : this.#match(plain));
    }
    this.#at += 1;
    return parts.join('');
  }

  #escape(): string {
    const letter = this.#text[this.#at + 1];
    if (letter === undefined) throw new NotJson();
    this.#at += 2;
    const code = letter === 'u' ? /[0-9a-fA-F]{4}/y : undefined;
    if (code) return String.fromCharCode(Number.parseInt(this.#match(code), 16));
    return ESCAPES[letter] ?? letter;
  }

  #word(): Json {
    const word = this.#match(/[\w.+-]+/y);
    const known = WORDS[word];
    if (known !== undefined) return known;
    const number = Number(word);
    if (!/\d/.test(word) || !Number.isFinite(number)) throw new NotJson();
    return number;
  }

  /** A comma, or the end. One comma too many at the end is no matter. */
  #separate(end: string): void {
    this.#skipBlanks();
    const next = this.#text[this.#at];
    if (next === ',') this.#at += 1;
    else if (next !== end) throw new NotJson();
  }

  #closes(end: string): boolean {
    this.#skipBlanks();
    if (this.#text[this.#at] !== end) return false;
    this.#at += 1;
    return true;
  }

  #expect(sign: string): void {
    if (this.#text[this.#at] !== sign) throw new NotJson();
    this.#at += 1;
  }

  #match(pattern: RegExp): string {
    pattern.lastIndex = this.#at;
    const found = pattern.exec(this.#text)?.[0];
    if (found === undefined) throw new NotJson();
    this.#at += found.length;
    return found;
  }

  /** Blanks, and comments as JavaScript has them. */
  #skipBlanks(): void {
    const blanks = /(?:\s+|\/\/[^\n]*|\/\*[\s\S]*?\*\/)*/y;
    blanks.lastIndex = this.#at;
    this.#at += blanks.exec(this.#text)?.[0].length ?? 0;
  }
}

class NotJson extends Error {}
