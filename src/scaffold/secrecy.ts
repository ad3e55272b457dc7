import type { Column, DatabaseSchema, Table } from '../domain/database-schema.ts';
import { columnType, type ColumnType } from '../samples/column-type.ts';

export type Secrecy =
  | { readonly kind: 'open' }
  /** Kept as given, told to nobody. */
  | { readonly kind: 'hidden' }
  /** Only a hash is kept, of at most `hashLength` characters; undefined leaves the choice to the backend. */
  | { readonly kind: 'hashed'; readonly hashLength: number | undefined };

/** How the backend treats what the column holds, judged by the column's name: whole words of it, never a part of one. */
export function secrecyOf(column: Column, table: Table, type: ColumnType): Secrecy {
  const isText = ['text', 'citext', 'character varying', 'character', 'bpchar'].includes(type.name) && !type.isArray;
  const isKey =
    table.primaryKey.includes(column.name) || table.foreignKeys.some((key) => key.columns.includes(column.name));
  if (isKey || column.generated !== undefined) return { kind: 'open' };
  const name = column.name.replaceAll(/([a-z0-9])([A-Z])/g, '$1_$2');
  const isPassword = PASSWORD.test(name) || (LOGIN_PASSWORD.test(name) && hasLogin(table));
  if (isText && isPassword) {
    const room = type.modifiers[0] ?? (type.name === 'character' ? 1 : undefined);
    return room === undefined || room >= SHORTEST_HASH
      ? { kind: 'hashed', hashLength: room === undefined || room >= 128 ? undefined : room }
      : { kind: 'hidden' };
  }
  const isHidden = isPassword || TOKEN.test(name) || isSaltOfPassword(name, table);
  return (isText || type.name === 'bytea') && isHidden ? { kind: 'hidden' } : { kind: 'open' };
}

/** Whether a salted hash is kept in place of what is given: the same value twice is stored as two. */
export function isHashed(column: Column, table: Table): boolean {
  return secrecyOf(column, table, columnType(column.type, NO_ENUMS)).kind === 'hashed';
}

/** Only texts are hashed. */
const NO_ENUMS: DatabaseSchema = { enums: [], tables: [] };

/** 16 characters of salt, one between, 15 of hash (88 bits): below that a hash protects nothing. */
const SHORTEST_HASH = 32;

/** What is hashed is lost for good: no word that also means something else, such as a season's pass. */
const PASSWORD =
  /(^|_)(user|encrypted|hashed)?(password|passwd|pwd|passcode|passphrase)(_?(hash|hashed|digest|encrypted))?$|(^|_)(token|pin|otp)_?(hash|digest)$/i;

/** A password where somebody can log in, a ticket elsewhere. */
const LOGIN_PASSWORD = /^(user_?|login_?)?pass(_?(hash|hashed|digest))?$/i;

function hasLogin(table: Table): boolean {
  return table.columns.some(({ name }) => /^(e_?mail|user_?name|login|user)$/i.test(name));
}

const TOKEN =
  /(^|_)(access|refresh|auth|api|session|reset|bearer|private|signing|encryption|secret)_?(token|key)(_?(hash|digest))?$|(^|_)secret(_?(hash|hashed|digest))?$|(^|_)password_?salt$/i;

/** Beside a password the other half of its hash; in a kitchen, salt. */
function isSaltOfPassword(name: string, table: Table): boolean {
  return /^salt$/i.test(name) && table.columns.some((other) => PASSWORD.test(other.name));
}
