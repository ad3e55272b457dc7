import pg from 'pg';
import { parseJson } from './exact-json.ts';

type Parser = (text: string) => unknown;

/** 64-bit integers: numbers as long as JavaScript can hold them exactly, digits beyond. */
const int8: Parser = (text) => {
  const number = Number(text);
  return Number.isSafeInteger(number) ? number : text;
};

const float: Parser = (text) => {
  const number = Number(text);
  return Number.isFinite(number) ? number : text;
};

const asWritten: Parser = (text) => text;

const base64: Parser = (text) => Buffer.from(text.slice(2), 'hex').toString('base64');

/** `2026-03-01 12:00:00.5+00` as `2026-03-01T12:00:00.5Z`, to the microsecond. */
const isoTime: Parser = (text) => text.replace(' ', 'T').replace(/\+00$/, 'Z');

// By the object ids that Postgres gives its own types: the type's, then its array's.
const PARSERS: readonly (readonly [number, number, Parser])[] = [
  [20, 1016, int8],
  [700, 1021, float],
  [701, 1022, float],
  [1700, 1231, asWritten],
  [17, 1001, base64],
  [1082, 1182, asWritten],
  [1083, 1183, asWritten],
  [1114, 1115, isoTime],
  [1184, 1185, isoTime],
  [1186, 1187, asWritten],
  // Nothing but spaces fills a char(n) up.
  [1042, 1014, (text) => text.replace(/ +$/, '')],
  [600, 1017, asWritten],
  [718, 719, asWritten],
  [869, 1041, asWritten],
  [650, 651, asWritten],
  [829, 1040, asWritten],
  [2950, 2951, asWritten],
  [114, 199, parseJson],
  [3802, 3807, parseJson],
];

const textArray = builtIn(1009) as (text: string) => unknown[];

const parsers = new Map<number, Parser>(
  PARSERS.flatMap(([type, arrayType, parse]) => [
    [type, parse] as const,
    [arrayType, (text: string) => mapDeep(textArray(text), parse)] as const,
  ]),
);

/** How values come in from Postgres: in the shape in which an answer shows them, and without loss. */
export const wireTypes: pg.CustomTypesConfig = {
  getTypeParser: ((oid: number, format?: 'text' | 'binary') =>
    parsers.get(oid) ?? builtIn(oid, format)) as pg.CustomTypesConfig['getTypeParser'],
};

function mapDeep(items: readonly unknown[], parse: Parser): unknown[] {
  return items.map((item) => {
    if (Array.isArray(item)) return mapDeep(item, parse);
    return typeof item === 'string' ? parse(item) : item;
  });
}

/** The driver's own reader of a type. */
function builtIn(oid: number, format: 'text' | 'binary' = 'text'): Parser {
  return pg.types.getTypeParser(oid, format as 'text') as Parser;
}
