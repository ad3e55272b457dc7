import type { TypeName } from 'libpg-query';
import { textsOf } from '../syntax-nodes.ts';
import { constantNumber } from './constants.ts';
import { bounded, numericOf, unbounded, type Extent, type ValueKind } from './extent.ts';

/** What a column of the type can hold. */
export function typeExtent(type: TypeName, column: string): Extent {
  const name = textsOf(type.names).at(-1) ?? '';
  if ((type.arrayBounds ?? []).length > 0) return unbounded('other', column);
  const modifiers = (type.typmods ?? []).map((node) => constantNumber(node) ?? 0);
  if (name === 'numeric') return numericExtent(modifiers, column);
  if (TEXTS.has(name)) return textExtent(name, modifiers, column);
  if (name === 'bit') return bounded('other', modifiers[0] ?? 1);
  if (name === 'numrange' || name === 'nummultirange') return { ...unbounded('other', column), digits: 'sparse' };
  return VARIABLE.has(name) ? unbounded('other', column) : bounded(NUMBERS.get(name) ?? 'other');
}

const TEXTS: ReadonlySet<string> = new Set(['text', 'varchar', 'bpchar', 'citext']);

const VARIABLE: ReadonlySet<string> = new Set(
  `json jsonb bytea varbit path polygon tsvector tsquery hstore ltree int4multirange int8multirange
   datemultirange tsmultirange tstzmultirange`.split(/\s+/),
);

const NUMBERS: ReadonlyMap<string, ValueKind> = new Map([
  ...['int2', 'int4', 'int8', 'serial', 'bigserial', 'smallserial', 'serial2', 'serial4', 'serial8'].map(
    (name) => [name, 'integer'] as const,
  ),
  ['float4', 'float'],
  ['float8', 'float'],
]);

function numericExtent([precision, scale = 0]: readonly number[], column: string): Extent {
  return precision === undefined
    ? { ...unbounded('numeric', column), digits: 'sparse' }
    : numericOf(Math.max(precision, Math.abs(scale)) + Math.abs(scale));
}

/** A letter has four bytes at most; `char(n)` is filled up with spaces. */
function textExtent(name: string, [length]: readonly number[], column: string): Extent {
  const open = unbounded('text', column);
  if (length === undefined) return open;
  return { ...open, most: 4 * length, fixed: name === 'bpchar' ? length : 0 };
}
