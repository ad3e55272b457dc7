import { inferColumn } from '../infer-column.ts';
import { snakeCase } from '../names.ts';

/** The SQL type of a column by the values that were pasted for it; by its name where there are none. */
export function typeOfValues(name: string, values: readonly unknown[]): string {
  const known = values.filter((value) => value !== null && value !== undefined && value !== '');
  if (known.length === 0) return inferColumn(snakeCase(name)).type;
  if (CODE.test(snakeCase(name))) return 'varchar(255)';
  const all = (test: (value: unknown) => boolean) => known.every(test);
  if (all((value) => typeof value === 'boolean' || value === 'true' || value === 'false')) return 'boolean';
  if (all(isWhole)) return all((value) => Math.abs(Number(value)) < 2 ** 31) ? wholeType(name) : 'bigint';
  if (all(isNumber)) return numberType(name);
  if (all((value) => typeof value === 'string')) return textType(name, known as string[]);
  return 'jsonb';
}

/** Digits that nobody calculates with. */
const CODE =
  /(^|_)(isbn|phone|mobile|fax|zip|zip_code|postcode|postal_code|barcode|iban|vat_number|ssn|sku|ean|serial_number)$/;

const DAY = /^\d{4}-\d{2}-\d{2}$/;
const MOMENT = /^\d{4}-\d{2}-\d{2}[T ]\d{2}:\d{2}/;
const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i;

function textType(name: string, values: readonly string[]): string {
  if (values.every((value) => DAY.test(value))) return 'date';
  if (values.every((value) => MOMENT.test(value))) return 'timestamptz';
  if (values.every((value) => UUID.test(value))) return 'uuid';
  const inferred = inferColumn(snakeCase(name)).type;
  return /^(?:varchar|text)/.test(inferred) ? inferred : 'text';
}

function isNumber(value: unknown): boolean {
  return typeof value === 'number' || (typeof value === 'string' && /^-?\d+(?:\.\d+)?$/.test(value));
}

/** A text with a leading zero is a code, not a number. */
function isWhole(value: unknown): boolean {
  if (typeof value === 'string') return /^-?(?:0|[1-9]\d{0,17})$/.test(value);
  return typeof value === 'number' && Number.isInteger(value);
}

/** A price of 20 is money all the same. */
function wholeType(name: string): string {
  const inferred = inferColumn(snakeCase(name)).type;
  return inferred.startsWith('numeric') ? inferred : 'integer';
}

function numberType(name: string): string {
  const inferred = inferColumn(snakeCase(name)).type;
  return /^(?:numeric|double)/.test(inferred) ? inferred : 'double precision';
}
