import { randomBytes } from 'node:crypto';

const ALPHABET = '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ_abcdefghijklmnopqrstuvwxyz-';

/** 21 random characters (fewer where the column is shorter) that need no escaping in a URL: 126 bits. */
export function nanoId(maxLength = 21): string {
  const bytes = randomBytes(Math.min(21, maxLength));
  // 64 letters: six bits of each byte choose one, none likelier than another.
  return Array.from(bytes, (byte) => ALPHABET[byte & 63]).join('');
}
