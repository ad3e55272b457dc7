import type { DatabaseSchema } from '../../../domain/database-schema.ts';

/** One clause as SQL. */
export interface ClauseChange {
  readonly sql: string;
  readonly reasoning: string;
  readonly warnings?: readonly string[] | undefined;
}

/** What a form of a sentence found in it, by name; a part that was left out is empty. */
export type ClauseParts = Readonly<Record<string, string>>;

/** Undefined when the parts name something that the schema does not have. */
export type ClauseReader = (schema: DatabaseSchema, parts: ClauseParts) => ClauseChange | undefined;

/** `a phone number, an address and a city` */
export function listOf(text: string): readonly string[] {
  return text
    .replace(/\(([^)]*)\)/g, (whole) => whole.replaceAll(',', '|'))
    .split(/\s*,\s*(?:and\s+)?|\s+and\s+(?:also\s+)?/i)
    .map((part) => part.trim().replace(/^(?:an?|the|their|its|some|one)\s+/i, ''))
    .filter(Boolean);
}

/** A name as SQL has it. */
export function q(name: string): string {
  return /^[a-z_][a-z0-9_]*$/.test(name) ? name : `"${name.replaceAll('"', '""')}"`;
}
