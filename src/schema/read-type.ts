import type { TypeName } from 'libpg-query';
import { COLUMN_TYPES, EXTENSION_TYPES, SERIAL_TYPES, TYPE_SUGGESTIONS } from './column-types.ts';
import { quoteIdentifier } from './identifiers.ts';
import { placeOf, refuse, type Reading } from './reading.ts';
import type { ColumnType } from './schema-draft.ts';
import type { SchemaNames } from './schema-names.ts';
import { textsOf } from './syntax-nodes.ts';

const MAX_MODIFIER = 10_485_760;
const MAX_ARRAY_DIMENSIONS = 2;
const SERIAL_ALIASES = new Map([
  ['serial2', 'smallserial'],
  ['serial4', 'serial'],
  ['serial8', 'bigserial'],
]);

/** The type of a column or a cast; undefined when it is refused. */
export function readType(reading: Reading, type: TypeName, column?: string): ColumnType | undefined {
  const name = typeNameOf(reading, textsOf(type.names), column);
  if (name === undefined) return undefined;
  const modifiers = readModifiers(reading, name, type, column);
  const arrayDimensions = type.arrayBounds?.length ?? 0;
  if (arrayDimensions > MAX_ARRAY_DIMENSIONS) {
    return refuse(
      reading,
      'type-refused',
      `${placeOf(reading, column)}: an array of more than two dimensions`,
      'Use jsonb.',
    );
  }
  return modifiers && { name, modifiers, arrayDimensions };
}

function typeNameOf(reading: Reading, names: readonly string[], column: string | undefined): string | undefined {
  const [schema, name] = names.length === 2 ? names : [undefined, names[0]];
  const known = names.length <= 2 && name !== undefined && isKnownType(reading.names, schema, name);
  if (known && !(column === undefined && SERIAL_TYPES.has(name))) return SERIAL_ALIASES.get(name) ?? name;
  const written = names.join('.');
  const missing = schema === undefined ? EXTENSION_TYPES.get(written) : undefined;
  const fix = missing
    ? `Add CREATE EXTENSION ${missing}, or write text.`
    : `Write ${suggestType(reading.names, written)}.`;
  return refuse(
    reading,
    'type-refused',
    `${placeOf(reading, column)}: the type ${quoteType(written)} is not known or not allowed`,
    fix,
  );
}

function isKnownType(names: SchemaNames, schema: string | undefined, name: string): boolean {
  const extension = EXTENSION_TYPES.get(name);
  const isOurs = names.enums.has(name) || (extension !== undefined && names.extensions.has(extension));
  if (schema === 'public') return isOurs;
  const isBuiltIn = COLUMN_TYPES.has(name) || (SERIAL_TYPES.has(name) && schema === undefined);
  return isBuiltIn || (schema === undefined && isOurs);
}

function quoteType(written: string): string {
  return `"${written.slice(0, 63)}"`;
}

/** The type that was most likely meant. */
function suggestType(names: SchemaNames, written: string): string {
  const folded = written.toLowerCase().replaceAll(/[^a-z0-9]/g, '');
  const meant = TYPE_SUGGESTIONS.get(folded);
  if (meant !== undefined) return meant;
  const candidates = [...COLUMN_TYPES.keys(), ...names.enums];
  const [closest] = candidates
    .map((candidate) => ({ candidate, distance: editDistance(folded, candidate) }))
    .toSorted((a, b) => a.distance - b.distance);
  if (!closest || closest.distance > 2)
    return 'text, varchar, bigint, numeric, boolean, jsonb or an enum that the schema defines';
  return names.enums.has(closest.candidate) ? quoteIdentifier(closest.candidate) : closest.candidate;
}

/** How many letters have to be changed, added or left out to get from one word to the other. */
function editDistance(from: string, to: string): number {
  let row = Array.from({ length: to.length + 1 }, (_, index) => index);
  for (const [i, letter] of Array.from(from.slice(0, 63)).entries()) {
    const next = [i + 1];
    for (let j = 0; j < to.length; j += 1) {
      next.push(Math.min(next[j]! + 1, row[j + 1]! + 1, row[j]! + (letter === to[j] ? 0 : 1)));
    }
    row = next;
  }
  return row.at(-1)!;
}

function readModifiers(
  reading: Reading,
  name: string,
  type: TypeName,
  column: string | undefined,
): number[] | undefined {
  // `interval(2)` is told as a range that means «no range» and a precision; we keep intervals whole.
  const modifiers = (type.typmods ?? []).map((node) =>
    'A_Const' in node && node.A_Const.ival ? (node.A_Const.ival.ival ?? 0) : -1,
  );
  const takesModifier = COLUMN_TYPES.get(name)?.prints.includes('*') ?? false;
  const most = name === 'numeric' ? 2 : takesModifier ? 1 : 0;
  const least = name === 'numeric' ? 0 : name.startsWith('time') ? 0 : 1;
  const fits =
    modifiers.length <= most &&
    modifiers.every((modifier, index) => modifier >= (index ? 0 : least) && modifier <= MAX_MODIFIER);
  if (fits) return modifiers;
  const fix = most
    ? `Write ${name}${most === 2 ? '(12,2)' : '(n)'} with sensible numbers.`
    : `Write ${name} without parentheses.`;
  return refuse(
    reading,
    'type-refused',
    `${placeOf(reading, column)}: ${name}(${modifiers.join(',')}) is not a type that can be had`,
    fix,
  );
}
