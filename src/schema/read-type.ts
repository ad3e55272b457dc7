import type { TypeName } from 'libpg-query';
import { COLUMN_TYPES, EXTENSION_TYPES, SERIAL_TYPES, TYPE_SUGGESTIONS } from './column-types.ts';
import { quoteIdentifier } from './identifiers.ts';
import { placeOf, refuse, type Reading } from './reading.ts';
import type { ColumnType } from './schema-draft.ts';
import type { SchemaNames } from './schema-names.ts';
import { textsOf } from './syntax-nodes.ts';

const MAX_ARRAY_DIMENSIONS = 2;
/** `char(n)` and `bit(n)` fill up what is shorter, so a long one would make much of little. */
const MAX_FILLED = 4096;
const MAX_LENGTH = 10_485_760;

type Bounds = readonly [least: number, most: number];

/** What each number in a type's parentheses may be. */
const MODIFIERS = new Map<string, readonly Bounds[]>([
  [
    'numeric',
    [
      [1, 1000],
      [-1000, 1000],
    ],
  ],
  ['varchar', [[1, MAX_LENGTH]]],
  ['varbit', [[1, MAX_LENGTH]]],
  ['bpchar', [[1, MAX_FILLED]]],
  ['bit', [[1, MAX_FILLED]]],
  ['time', [[0, 6]]],
  ['timetz', [[0, 6]]],
  ['timestamp', [[0, 6]]],
  ['timestamptz', [[0, 6]]],
]);

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
  if (name !== undefined && reading.names.refused.has(name)) return undefined;
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
    'A_Const' in node && node.A_Const.ival ? (node.A_Const.ival.ival ?? 0) : Number.NaN,
  );
  const limits = MODIFIERS.get(name) ?? [];
  const fits =
    modifiers.length <= limits.length &&
    modifiers.every((modifier, index) => modifier >= limits[index]![0] && modifier <= limits[index]![1]);
  if (fits) return modifiers;
  const shown = name === 'bpchar' ? 'char' : name;
  return refuse(
    reading,
    'type-refused',
    `${placeOf(reading, column)}: ${shown}(${modifiers.join(',')}) is not a type that can be had`,
    adviceFor(shown, limits),
  );
}

function adviceFor(name: string, [length, scale]: readonly Bounds[]): string {
  if (scale) return 'Write numeric(12,2), with a precision of 1 to 1000.';
  return length ? `Write ${name}(n) with n from ${length[0]} to ${length[1]}.` : `Write ${name} without parentheses.`;
}
