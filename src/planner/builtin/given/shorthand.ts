import type { DraftTable } from '../draft.ts';
import type { TableNotation } from '../notation.ts';
import { parseTable } from '../notation.ts';
import { fromNotations } from './from-notations.ts';

/** Marks that nobody writes in prose: a type after a colon, an arrow, `!` or `?` at a column. */
const MARKS = /(?:^|,)\s*\w+\s*:\s*[a-z]|-+>|<-+>|[a-z_][!?]\s*(?:,|$)|\|/i;

/** How prose opens an aside: «(such as parks and bridges)». */
const ASIDE = /^\s*(?:for example|for instance|e\.g|i\.e|such as|including|like|who|which|that|and|or)\b|\betc\b/i;

/** No column is told in more, values and marks counted. */
const MAX_WORDS = 8;

const TABLE = /(?:^|[\s,;:.])(?:table\s+|entity\s+|model\s+)?([A-Za-z_][\w]*)\s*\(([^()]*(?:\([^()]*\)[^()]*)*)\)/g;

/** `posts(title, body:text, author->users, tags<->)`; empty when nothing in the prompt is written so. */
export function readShorthand(prompt: string): DraftTable[] {
  const found = [...prompt.matchAll(TABLE)].filter(([, name = '', columns = '']) => isTable(name, columns));
  const tables = found
    .map(([, name = '', columns = '']) => parseTable(name, columns))
    .filter((table) => table !== undefined);
  const isMarked = found.some(([, , columns = '']) => MARKS.test(columns));
  return isMarked || isMostOf(prompt, found) ? fromNotations(withColumns(tables)) : [];
}

/**
 * The prompt with its tables in shorthand as prose has them, `posts (title, body, author)`, so that what stands around
 * them is read too; undefined when nothing does.
 */
export function proseAround(prompt: string): string | undefined {
  const rest = prompt.replace(TABLE, (text, name: string, columns: string) => (isTable(name, columns) ? ' ' : text));
  if (
    !/\p{L}{4,}/u.test(
      rest.replace(/\b(?:with|and|tables?|entit(?:y|ies)|models?|this|make|build|create|please)\b/gi, ''),
    )
  ) {
    return undefined;
  }
  return prompt.replace(TABLE, (text, name: string, columns: string) => {
    if (!isTable(name, columns)) return text;
    const lead = text.slice(0, text.indexOf(name));
    return `${lead}${name} (${columns.split(',').map(plainColumn).join(', ')})`;
  });
}

/** `author->users` is `author`, `status:draft|published` is `status`. */
function plainColumn(column: string): string {
  return (
    column
      .trim()
      .split(/[:!?|]|<?-+>/, 1)[0]
      ?.trim() ?? ''
  );
}

function isTable(name: string, columns: string): boolean {
  if (/^\s*(?:[nm1]\s*:\s*[nm1]|(?:many|one)[ -]to[ -](?:many|one))\s*$/i.test(columns)) return false;
  const parts = columns.split(',').map((part) => part.trim());
  if (ASIDE.test(columns) || parts.some((part) => part.split(/\s+/).length > MAX_WORDS)) return false;
  if (/^(check|in|references|varchar|numeric|decimal|primary|unique|key|enum|char|default|now|e|g|such)$/i.test(name))
    return false;
  return MARKS.test(columns) || (parts.length > 1 && parts.every((part) => /^[a-z_]\w*( [a-z]+)?$/i.test(part)));
}

/** Without marks, the brackets must be what the prompt is made of: prose has them as asides. */
function isMostOf(prompt: string, found: readonly RegExpMatchArray[]): boolean {
  const plain = found.filter((match) => !isNamedInProse(prompt, match));
  const chars = plain.reduce((sum, match) => sum + match[0].length, 0);
  return plain.length > 0 && chars * 2 > prompt.length;
}

/** «my vinyl collection (artist, year)»: the word before the brackets is the last of a longer name. */
function isNamedInProse(prompt: string, match: RegExpMatchArray): boolean {
  return /\w\s+\(/.test(match[0]) && /\p{L} ?$/u.test(prompt.slice(0, match.index));
}

function withColumns(tables: readonly TableNotation[]): TableNotation[] {
  return tables.filter((table) => table.columns.length > 0 || table.links.length > 0);
}
