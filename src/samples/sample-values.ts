import { isTimeName } from '../domain/made-by-backend.ts';
import type { Column } from '../domain/database-schema.ts';
import type { ColumnLimits } from './column-limits.ts';
import type { ColumnType } from './column-type.ts';
import { sampleMatching } from './sample-matching.ts';
import { sampleText } from './sample-text.ts';

/** Where a value goes and which of the many possible ones is wanted. */
export interface Place {
  /** The table's name in words, one row of it. */
  readonly singular: string;
  readonly column: Column;
  readonly type: ColumnType;
  readonly limits: ColumnLimits;
  /** The column's position in its table: later columns get later times. */
  readonly position: number;
  /** The row's index, from 0. */
  readonly row: number;
  /** Which attempt this is: 0 gives the nicest values, others vary them. */
  readonly attempt: number;
}

/** A value for the place as the API's JSON has it. The same place gives the same value. */
export function sampleValue(place: Place): unknown {
  const { type } = place;
  if (!type.isArray) return sampleElement(place);
  const element = { ...place, type: { ...type, isArray: false }, limits: {} };
  const items = [0, 1].map((offset) => sampleElement({ ...element, row: place.row * 2 + offset }));
  return [...new Set(items)];
}

function sampleElement(place: Place): unknown {
  const { type, limits } = place;
  const words = type.words ?? limits.words;
  if (words) return words[(place.row + place.attempt) % words.length];
  switch (type.name) {
    case 'smallint':
    case 'integer':
    case 'bigint':
      return sampleInteger(place);
    case 'numeric':
      return sampleDecimal(place);
    case 'real':
    case 'double precision':
      return within(limits, place, (place.row % 100) + 0.5, 1 / 8);
    case 'boolean':
      return (place.row + place.attempt) % 2 === 0;
    case 'json':
    case 'jsonb':
      return { note: `Example ${place.row + 1}` };
    default:
      return sampleWritten(place);
  }
}

function sampleInteger(place: Place): number {
  const { column, type, limits, row, attempt } = place;
  if (isTimeName(column.name) && type.name !== 'smallint') {
    return inUnitsOf(column, MOMENT_SECONDS + (row * 24 + place.position) * 3600 + attempt * 60);
  }
  const range = { smallint: 30_000, integer: 2_000_000_000, bigint: Number.MAX_SAFE_INTEGER }[type.name] ?? 30_000;
  const start = /year/i.test(column.name) ? 2020 : /rating|stars|score/i.test(column.name) ? 1 : 10;
  return Math.min(range, within(limits, place, start + row, 1));
}

/** Thousandths where the default says so. */
function inUnitsOf(column: Column, seconds: number): number {
  return /1000/.test(column.default ?? '') || /_ms$|millis/i.test(column.name) ? seconds * 1000 : seconds;
}

/** 2026-01-05T09:00:00Z, a Monday. */
const MOMENT_SECONDS = 1_767_603_600;

function sampleDecimal(place: Place): string {
  const [precision, scale = 0] = place.type.modifiers;
  if (precision !== undefined && (scale < 0 || scale >= precision)) return sampleFarFromPoint(place, precision, scale);
  const digits = precision === undefined ? 2 : scale;
  const room = precision === undefined ? 1000 : 10 ** Math.min(6, precision - scale);
  const wanted = ((10 + place.row) % Math.max(1, room)) + (digits >= 2 ? 0.5 : 0);
  const value = within(place.limits, place, wanted, digits > 0 ? 10 ** -Math.min(digits, 3) : 1);
  // JavaScript writes a hundred places, Postgres a thousand.
  return value
    .toFixed(Math.min(digits, 100))
    .padEnd(digits > 100 ? String(Math.trunc(value)).length + 1 + digits : 0, '0');
}

/** Of `numeric(3,5)` and `numeric(3,-2)`, whose digits all stand behind the point, or before others. */
function sampleFarFromPoint({ row, attempt }: Place, precision: number, scale: number): string {
  const digits = String(1 + ((row + attempt) % Math.min(1000, 10 ** precision - 1)));
  return scale < 0 ? `${digits}${'0'.repeat(-scale)}` : `0.${digits.padStart(scale, '0')}`;
}

/** The wanted number, moved with each attempt, or one near the limit that it breaks. */
function within(limits: ColumnLimits, { row, attempt }: Place, wanted: number, step: number): number {
  const low = limits.minimum ?? (limits.exclusiveMinimum === undefined ? undefined : limits.exclusiveMinimum + step);
  const high = limits.maximum ?? (limits.exclusiveMaximum === undefined ? undefined : limits.exclusiveMaximum - step);
  const moved = wanted + attempt;
  if ((low === undefined || moved >= low) && (high === undefined || moved <= high)) return moved;
  const shift = row + attempt;
  if (low !== undefined && high !== undefined) {
    const places = Math.floor((high - low) / step) + 1;
    return low + (shift % Math.max(1, places)) * step;
  }
  return low !== undefined ? low + shift : (high ?? 0) - shift;
}

function sampleWritten(place: Place): unknown {
  const { type, row, attempt, position } = place;
  const number = row + attempt * 7;
  const time = new Date((MOMENT_SECONDS + (row * 24 + position) * 3600 + attempt * 60) * 1000).toISOString();
  switch (type.name) {
    case 'timestamp with time zone':
      return time.replace('.000Z', 'Z');
    case 'timestamp without time zone':
      return time.slice(0, 19);
    case 'date':
      return new Date((MOMENT_SECONDS + (row + position + attempt) * 86_400) * 1000).toISOString().slice(0, 10);
    case 'time without time zone':
      return `${String(8 + (position % 10)).padStart(2, '0')}:${String((row + attempt) % 60).padStart(2, '0')}:00`;
    case 'time with time zone':
      return `09:${String(number % 60).padStart(2, '0')}:00+00`;
    case 'interval':
      return `PT${1 + (number % 20)}H`;
    case 'uuid':
      return `00000000-0000-4000-8${hex(position, 3)}-${hex(row + 1 + attempt * 4096, 12)}`;
    case 'bytea':
      return Buffer.from(`example ${number + 1}`).toString('base64');
    default:
      return sampleBits(type, number) ?? sampleSpecial(type.name, number) ?? sampleCharacters(place);
  }
}

/** As many bits as `bit(n)` has, no more than `varbit(n)` takes. */
function sampleBits({ name, modifiers }: ColumnType, number: number): string | undefined {
  if (name !== 'bit' && name !== 'bit varying') return undefined;
  const length = modifiers[0] ?? (name === 'bit' ? 1 : 8);
  const bits = ((number + 1) % 2 ** Math.min(length, 30)).toString(2);
  return name === 'bit' ? bits.padStart(length, '0') : bits;
}

function sampleSpecial(type: string, number: number): string | undefined {
  const byte = number % 250;
  const samples: Readonly<Record<string, string>> = {
    ...sampleMultiranges(byte),
    inet: `192.0.2.${byte}`,
    cidr: `198.51.${byte}.0/24`,
    macaddr: `02:00:5e:00:00:${hex(byte, 2)}`,
    macaddr8: `02:00:5e:ff:fe:00:00:${hex(byte, 2)}`,
    money: `$${byte + 1}.00`,
    point: `(${byte},${byte})`,
    line: `{1,-1,${byte}}`,
    lseg: `[(0,0),(1,${byte})]`,
    box: `(${byte + 1},1),(0,0)`,
    path: `((0,0),(1,${byte}))`,
    polygon: `((0,0),(1,1),(1,${byte}))`,
    circle: `<(0,0),${byte + 1}>`,
    int4range: `[${byte},${byte + 10})`,
    int8range: `[${byte},${byte + 10})`,
    numrange: `[${byte},${byte + 10})`,
    daterange: `[2026-01-01,2026-02-${String(1 + (byte % 28)).padStart(2, '0')})`,
    tsrange: `["2026-01-01 09:00:00","2026-01-01 10:${String(byte % 60).padStart(2, '0')}:00")`,
    tstzrange: `["2026-01-01 09:00:00+00","2026-01-01 10:${String(byte % 60).padStart(2, '0')}:00+00")`,
    tsvector: "'example'",
    tsquery: "'example'",
    xml: `<example>${byte}</example>`,
    ltree: `top.branch_${byte}`,
    hstore: `"number"=>"${byte}"`,
    oid: String(byte + 1),
    pg_lsn: `0/${hex(byte + 1, 2).toUpperCase()}`,
    jsonpath: `$."a${byte}"`,
  };
  return Object.hasOwn(samples, type) ? samples[type] : undefined;
}

/** As Postgres writes them: it joins ranges that touch. */
function sampleMultiranges(byte: number): Readonly<Record<string, string>> {
  const days = `{[2026-01-01,2026-02-${String(1 + (byte % 28)).padStart(2, '0')})}`;
  const minute = String(byte % 60).padStart(2, '0');
  return {
    int4multirange: `{[${byte},${byte + 10})}`,
    int8multirange: `{[${byte},${byte + 10})}`,
    nummultirange: `{[${byte},${byte + 10})}`,
    datemultirange: days,
    tsmultirange: `{["2026-01-01 09:00:00","2026-01-01 10:${minute}:00")}`,
    tstzmultirange: `{["2026-01-01 09:00:00+00","2026-01-01 10:${minute}:00+00")}`,
  };
}

function sampleCharacters(place: Place): string {
  const { type, limits, row, attempt, column } = place;
  const declared = ['character', 'bpchar'].includes(type.name) ? (type.modifiers[0] ?? 1) : type.modifiers[0];
  const maxLength = Math.min(declared ?? Infinity, limits.maxLength ?? Infinity);
  const minLength = limits.minLength ?? 0;
  if (limits.pattern !== undefined) return sampleMatching(limits.pattern, row + attempt * 31);
  return sampleText({ singular: place.singular, name: column.name, number: row + attempt * 5, minLength, maxLength });
}

function hex(number: number, length: number): string {
  return number.toString(16).padStart(length, '0');
}
