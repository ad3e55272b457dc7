import { isDeepStrictEqual } from 'node:util';
import type { Node } from 'libpg-query';
import { POSITION_FIELDS } from './allowed-syntax.ts';

/** Whether two trees say the same, wherever in the text their nodes stood. */
export function sameSyntax(one: object, other: object): boolean {
  return isDeepStrictEqual(bare(one), bare(other));
}

/** Equal for statements that say the same; `IF NOT EXISTS` makes no difference in a database that is new. */
export function syntaxKey(statement: Node): string {
  return JSON.stringify(bare(statement), (field, value: unknown) => (field === 'if_not_exists' ? undefined : value));
}

/** The tree without positions, and without what the parser leaves out when it is false or empty. */
function bare(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(bare);
  if (typeof value !== 'object' || value === null) return value;
  const told = Object.entries(value).filter(([field, part]) => !POSITION_FIELDS.has(field) && !isNothing(part));
  return Object.fromEntries(told.map(([field, part]) => [field, bare(part)]));
}

function isNothing(value: unknown): boolean {
  return value === undefined || value === false || (Array.isArray(value) && value.length === 0);
}
