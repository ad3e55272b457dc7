import { COLUMN_TYPES, SERIAL_TYPES } from './column-types.ts';
import { quoteIdentifier } from './identifiers.ts';
import type { ColumnType } from './schema-draft.ts';

/** The type as the catalog's `format_type` prints it: `character varying(255)`, `numeric(12,2)`, `text[]`. */
export function formatType(type: ColumnType): string {
  const name = SERIAL_TYPES.get(type.name) ?? type.name;
  const builtIn = COLUMN_TYPES.get(name);
  const base = builtIn ? printed(name, builtIn.prints, type.modifiers) : quoteIdentifier(name);
  // The catalog does not know how many dimensions an array has.
  return type.arrayDimensions > 0 ? `${base}[]` : base;
}

function printed(name: string, prints: string, modifiers: readonly number[]): string {
  if (name === 'bpchar' && modifiers.length === 0) return 'bpchar';
  if (modifiers.length === 0) return prints.replace('*', '');
  const whole = name === 'numeric' && modifiers.length === 1 ? [...modifiers, 0] : modifiers;
  return prints.replace('*', `(${whole.join(',')})`);
}
