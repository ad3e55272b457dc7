import { inputSchema, type Column } from './column.ts';

// What columns hold: one function for each type of Postgres that has a shape of its own in JSON, `written` for the rest.

interface TextLimits {
  readonly minLength?: number;
  readonly maxLength?: number;
  readonly pattern?: string;
  readonly format?: 'email' | 'uri';
}

interface NumberLimits {
  readonly minimum?: number;
  readonly maximum?: number;
  readonly exclusiveMinimum?: number;
  readonly exclusiveMaximum?: number;
}

export const text = (limits: TextLimits = {}): Column<string> => ({
  type: 'text',
  schema: { type: 'string', ...limits },
});

export const smallint = (limits: NumberLimits = {}): Column<number> => wholeNumber('smallint', 2 ** 15, limits);

export const integer = (limits: NumberLimits = {}): Column<number> => wholeNumber('integer', 2 ** 31, limits);

/** 64 bits: a number as far as JavaScript can count (2^53 - 1), digits in a string beyond. */
export const bigint = (limits: NumberLimits = {}): Column<number | string> => ({
  type: 'bigint',
  schema: {
    type: ['integer', 'string'],
    pattern: '^-?[0-9]{1,19}$',
    minimum: Number.MIN_SAFE_INTEGER,
    maximum: Number.MAX_SAFE_INTEGER,
    ...limits,
  },
  readable: (given) => /^-?\d{1,19}$/.test(given),
});

/** A moment as a whole number that counts from 1970: never more than JavaScript can count. */
export const unixTime = (limits: NumberLimits = {}): Column<number> => ({
  type: 'bigint',
  schema: { type: 'integer', minimum: Number.MIN_SAFE_INTEGER, maximum: Number.MAX_SAFE_INTEGER, ...limits },
  readable: (given) => /^-?\d{1,16}$/.test(given) && Number.isSafeInteger(Number(given)),
});

/** Exact decimals: always a string in an answer, a string or a number of at most 15 digits in a request. */
export const numeric = (precision?: number, scale = 0, limits: NumberLimits = {}): Column<string> => {
  const pattern = decimalPattern(precision, scale);
  const isDecimal = new RegExp(pattern);
  return {
    type: 'numeric',
    schema: { type: 'string', description: 'An exact decimal number.', examples: ['1'] },
    input: { type: ['string', 'number'], pattern, ...limits },
    complain: (value) => {
      const digits = String(value);
      if (!isDecimal.test(digits)) return 'must be a decimal number that fits the column';
      if (typeof value === 'number' && digits.replace(/\D/g, '').length > 15)
        return 'must be a string to keep all its digits';
      return outside(Number(value), limits);
    },
    readable: (given) => /^-?\d+(\.\d+)?$/.test(given),
  };
};

export const real = (limits: NumberLimits = {}): Column<number> => floatingPoint('real', limits);

export const double = (limits: NumberLimits = {}): Column<number> => floatingPoint('double precision', limits);

export const boolean = (): Column<boolean> => ({
  type: 'boolean',
  schema: { type: 'boolean' },
  readable: (given) => given === 'true' || given === 'false',
});

export const uuid = (): Column<string> => ({
  type: 'uuid',
  schema: { type: 'string', format: 'uuid' },
  readable: (given) => /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i.test(given),
});

// Postgres reads more times than these, such as `today`, and drops a time zone that its type has no place for.

export const date = (): Column<string> => ({
  type: 'date',
  schema: { type: 'string', format: 'date' },
  readable: (given) => /^\d{4}-\d{2}-\d{2}$/.test(given),
});

/** A moment, with its distance to UTC: `2026-03-01T12:00:00Z`. */
export const moment = (): Column<string> => ({
  type: 'timestamp with time zone',
  schema: { type: 'string', format: 'date-time' },
  readable: (given) => /^\d{4}-\d{2}-\d{2}[T ]\d{2}:\d{2}:\d{2}(\.\d+)?(Z|[+-]\d{2}:?\d{2})$/i.test(given),
});

/** What a clock on the wall shows, wherever that is: `2026-03-01T12:00:00`. */
export const localTime = (): Column<string> => ({
  type: 'timestamp without time zone',
  ...ofPattern('^\\d{4}-\\d{2}-\\d{2}T\\d{2}:\\d{2}(:\\d{2}(\\.\\d{1,6})?)?$'),
});

export const timeOfDay = (): Column<string> => ({
  type: 'time without time zone',
  ...ofPattern('^\\d{2}:\\d{2}(:\\d{2}(\\.\\d{1,6})?)?$'),
});

export const json = (type: 'json' | 'jsonb' = 'jsonb'): Column => ({
  type,
  schema: {},
  opaque: true,
  encode: (value) => JSON.stringify(value),
});

/** Bytes, written in base64. */
export const bytes = (): Column<string> => ({
  type: 'bytea',
  schema: { type: 'string', contentEncoding: 'base64' },
  opaque: true,
  complain: (value) => (isBase64(String(value)) ? undefined : 'must be base64'),
  encode: (value) => Buffer.from(String(value), 'base64'),
});

/** One of a fixed set of words. */
export const oneOf = <const Word extends string>(words: readonly Word[], type = 'text'): Column<Word> => ({
  type,
  schema: { type: 'string', enum: words },
  readable: (given) => words.some((word) => word === given),
});

export const array = <Value>(of: Column<Value>): Column<readonly Value[]> => ({
  type: `${of.type}[]`,
  schema: { type: 'array', items: of.schema },
  input: { type: 'array', items: inputSchema(of) },
  opaque: true,
  ...(hasOwnArrayReader(of) ? {} : { readAs: 'text[]' as const }),
  complain: (value) => firstComplaint(of, value as readonly unknown[]),
  encode: (value) => (value as readonly unknown[]).map((item) => (of.encode ? of.encode(item) : item)),
});

/** Any other type of Postgres, written the way Postgres writes it. */
export const written = (type: string): Column<string> => ({
  type,
  schema: { type: 'string', description: `As Postgres writes a value of type ${type}.` },
});

function ofPattern(pattern: string): Pick<Column, 'schema' | 'readable'> {
  return { schema: { type: 'string', pattern }, readable: (given) => new RegExp(pattern).test(given) };
}

function wholeNumber(type: string, range: number, limits: NumberLimits): Column<number> {
  return {
    type,
    schema: { type: 'integer', minimum: -range, maximum: range - 1, ...limits },
    readable: (given) => /^-?\d{1,10}$/.test(given) && Number(given) >= -range && Number(given) < range,
  };
}

function floatingPoint(type: string, limits: NumberLimits): Column<number> {
  return {
    type,
    schema: { type: 'number', ...limits },
    readable: (given) => /^-?\d+(\.\d+)?(e[+-]?\d{1,3})?$/i.test(given),
  };
}

function decimalPattern(precision: number | undefined, scale: number): string {
  if (precision === undefined) return '^-?[0-9]{1,1000}(\\.[0-9]{1,1000})?$';
  const whole = Math.max(1, precision - scale);
  return scale > 0 ? `^-?[0-9]{1,${whole}}(\\.[0-9]{1,${scale}})?$` : `^-?[0-9]{1,${whole}}$`;
}

function outside(value: number, limits: NumberLimits): string | undefined {
  if (limits.minimum !== undefined && value < limits.minimum) return `must be >= ${limits.minimum}`;
  if (limits.maximum !== undefined && value > limits.maximum) return `must be <= ${limits.maximum}`;
  if (limits.exclusiveMinimum !== undefined && value <= limits.exclusiveMinimum)
    return `must be > ${limits.exclusiveMinimum}`;
  if (limits.exclusiveMaximum !== undefined && value >= limits.exclusiveMaximum)
    return `must be < ${limits.exclusiveMaximum}`;
  return undefined;
}

function isBase64(given: string): boolean {
  return given.length % 4 === 0 && /^[A-Za-z0-9+/]*={0,2}$/.test(given);
}

function firstComplaint(column: Column, values: readonly unknown[]): string | undefined {
  for (const [index, value] of values.entries()) {
    const complaint = column.complain?.(value);
    if (complaint) return `item ${index} ${complaint}`;
  }
  return undefined;
}

/** Whether the driver turns an array of these into a JavaScript array by itself. */
function hasOwnArrayReader(column: Column): boolean {
  return KNOWN_TO_DRIVER.has(column.type);
}

const KNOWN_TO_DRIVER = new Set([
  'smallint',
  'integer',
  'bigint',
  'real',
  'double precision',
  'numeric',
  'boolean',
  'text',
  'uuid',
  'json',
  'jsonb',
  'bytea',
  'date',
  'timestamp with time zone',
  'timestamp without time zone',
  'time without time zone',
  'interval',
  'inet',
  'cidr',
  'macaddr',
]);
