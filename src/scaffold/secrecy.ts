import type { Column, Table } from '../domain/database-schema.ts';
import type { ColumnType } from '../samples/column-type.ts';

export type Secrecy =
  | { readonly kind: 'open' }
  /** Kept as given, told to nobody. */
  | { readonly kind: 'hidden' }
  /** Only a hash is kept, of at most `hashLength` characters; undefined leaves the choice to the backend. */
  | { readonly kind: 'hashed'; readonly hashLength: number | undefined };

/** How the backend treats what the column holds, judged by the column's name. */
export function secrecyOf(column: Column, table: Table, type: ColumnType): Secrecy {
  const isText = ['text', 'citext', 'character varying', 'character', 'bpchar'].includes(type.name) && !type.isArray;
  const isKey =
    table.primaryKey.includes(column.name) || table.foreignKeys.some((key) => key.columns.includes(column.name));
  if (isKey || column.generated !== undefined) return { kind: 'open' };
  const name = column.name.replaceAll(/([a-z])([A-Z])/g, '$1_$2');
  if (isText && PASSWORD.test(name)) {
    const room = type.modifiers[0] ?? (type.name === 'character' ? 1 : undefined);
    return room === undefined || room >= SHORTEST_HASH
      ? { kind: 'hashed', hashLength: room === undefined || room >= 128 ? undefined : room }
      : { kind: 'hidden' };
  }
  if ((isText || type.name === 'bytea') && (PASSWORD.test(name) || TOKEN.test(name))) return { kind: 'hidden' };
  return { kind: 'open' };
}

/** 16 characters of salt, one between, 15 of hash (88 bits): below that a hash protects nothing. */
const SHORTEST_HASH = 32;

const PASSWORD =
  /((password|passwd|passcode|passphrase)|(^|_)(pwd|secret|pass))(_?(hash|hashed|digest))?$|(^|_)(token|key|pin|otp|code)_?(hash|digest)$/i;

const TOKEN =
  /(^|_)(access|refresh|auth|api|session|reset|bearer|private|signing|encryption)_?(token|key)$|(^|_)salt$/i;
