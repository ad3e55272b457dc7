import { COLUMN_NAME_WORDS, RESERVED_WORDS } from './reserved-words.ts';

/** Postgres cuts a name silently after this many bytes of UTF-8. */
export const MAX_NAME_BYTES = 63;

/** Whether SQL text has to quote this word to use it as the name of a table or a column. */
export function isReservedWord(name: string): boolean {
  return RESERVED_WORDS.has(name.toLowerCase());
}

/** The name as SQL text spells it: bare where that is safe, in double quotes otherwise, as Postgres' `quote_ident`. */
export function quoteIdentifier(name: string): string {
  const bare = /^[a-z_][a-z0-9_]*$/.test(name) && !RESERVED_WORDS.has(name) && !COLUMN_NAME_WORDS.has(name);
  return bare ? name : `"${name.replaceAll('"', '""')}"`;
}

/** `userId`, `User ID` and `user-id` all become `user_id`; what is snake_case stays as it is. */
export function toSnakeCase(name: string): string {
  return name
    .replaceAll(/^[^\p{L}\p{M}\p{N}_]+|[^\p{L}\p{M}\p{N}_]+$/gu, '')
    .replaceAll(/([a-z0-9])([A-Z])/g, '$1_$2')
    .replaceAll(/([A-Z])([A-Z][a-z])/g, '$1_$2')
    .replaceAll(/[^\p{L}\p{M}\p{N}_]+/gu, '_')
    .toLowerCase();
}

/**
 * `<table>_<columns>_<suffix>` as Postgres itself would name a constraint or an index: the longer part is cut until the
 * name fits, and a number is appended while the name is taken.
 */
export function objectName(table: string, columns: string, suffix: string, isTaken: (name: string) => boolean): string {
  for (let attempt = 0; ; attempt += 1) {
    const name = fittedName(table, columns, `_${suffix}${attempt || ''}`);
    if (!isTaken(name)) return name;
  }
}

function fittedName(table: string, columns: string, ending: string): string {
  const separator = columns ? '_' : '';
  let [first, second] = [table, columns];
  while (byteLength(first + separator + second + ending) > MAX_NAME_BYTES) {
    if (byteLength(first) > byteLength(second)) first = withoutLast(first);
    else second = withoutLast(second);
  }
  return first + separator + second + ending;
}

export function byteLength(text: string): number {
  return Buffer.byteLength(text);
}

function withoutLast(text: string): string {
  return Array.from(text).slice(0, -1).join('');
}
