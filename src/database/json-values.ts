import { types } from 'pg';

type Parse = (text: string) => unknown;

const { BOOL, INT2, INT4, INT8, OID, FLOAT4, FLOAT8, NUMERIC, JSON: JSON_TEXT, JSONB } = types.builtins;
const { TEXT, VARCHAR, BPCHAR, UUID, DATE, TIMESTAMP, TIMESTAMPTZ } = types.builtins;

const asText: Parse = (text) => text;

// NaN and the infinities are no JSON.
const asNumber: Parse = (text) => (Number.isFinite(Number(text)) ? Number(text) : text);

const SCALARS = new Map<number, Parse>([
  [BOOL, (text) => text === 't'],
  ...[INT2, INT4, OID, FLOAT4, FLOAT8].map((type) => [type, asNumber] as const),
  ...[JSON_TEXT, JSONB].map((type) => [type, (text: string) => JSON.parse(text) as unknown] as const),
]);

/** The types of the arrays of each of these. */
const ARRAYS = new Map<number, number>([
  [1000, BOOL],
  [1005, INT2],
  [1007, INT4],
  [1016, INT8],
  [1028, OID],
  [1021, FLOAT4],
  [1022, FLOAT8],
  [1231, NUMERIC],
  [199, JSON_TEXT],
  [3807, JSONB],
  [1009, TEXT],
  [1015, VARCHAR],
  [1014, BPCHAR],
  [2951, UUID],
  [1182, DATE],
  [1115, TIMESTAMP],
  [1185, TIMESTAMPTZ],
]);

// Its declared type is that of another version.
const arrays = types.arrayParser as unknown as {
  create(text: string, parseElement: Parse): { parse(): unknown[] };
};

/** Values as JSON can hold them, nothing lost: what is no JSON number, boolean, array or object stays Postgres' text. */
export const jsonTypes = {
  getTypeParser(type: number): Parse {
    const element = ARRAYS.get(type);
    return element === undefined ? parserOf(type) : (text) => arrays.create(text, parserOf(element)).parse();
  },
};

function parserOf(type: number): Parse {
  return SCALARS.get(type) ?? asText;
}
