import type { CallInput } from '../prober.ts';
import {
  propertiesOf,
  requiredOf,
  schemaFaults,
  schemaTypes,
  type JsonSchema,
  type ResolveReference,
} from '../json-schema.ts';

/** Input that a backend has to refuse with a 4xx. */
export interface HostileInput {
  /** Why: «email is missing». */
  readonly what: string;
  readonly input: CallInput;
  /** 400 where nothing else would do, else any 4xx. */
  readonly expected: '400' | '4xx';
}

/** Takes the place of a value until the body is JSON text, for what `JSON.stringify` does not write. */
const RAW = '«raw»';

/** Bodies made from a valid one by breaking it in one place each. */
export function hostileBodies(
  valid: Readonly<Record<string, unknown>>,
  schema: JsonSchema,
  resolve: ResolveReference,
): HostileInput[] {
  const object = dereference(schema, resolve);
  return [
    ...brokenDocuments(valid),
    ...foreignPrototypes(valid, propertiesOf(object)),
    ...requiredOf(object).map((name) => refused(`${name} is missing`, { json: without(valid, name) })),
    ...Object.entries(propertiesOf(object)).flatMap(([name, property]) =>
      brokenProperty(valid, name, dereference(property, resolve), resolve),
    ),
  ];
}

function brokenDocuments(valid: Readonly<Record<string, unknown>>): HostileInput[] {
  const text = JSON.stringify(valid);
  return [
    { what: 'broken JSON', input: { raw: text.slice(0, -1) }, expected: '400' },
    { what: 'no JSON at all', input: { raw: 'hello' }, expected: '400' },
    { what: 'an empty body', input: { raw: '' }, expected: '400' },
    refused('an array for an object', { json: [valid] }),
    refused('null for an object', { json: null }),
    refused('plain text', { raw: text, headers: { 'content-type': 'text/plain' } }),
    refused('XML', { raw: '<a/>', headers: { 'content-type': 'application/xml' } }),
    refused('an unknown property', { json: { ...valid, no_such_property: 1 } }),
    refused('20 000 nested arrays', { raw: '['.repeat(20_000) + ']'.repeat(20_000) }),
    refused('a body of 2 MB', { raw: JSON.stringify({ ...valid, padding: 'x'.repeat(2_000_000) }) }),
  ];
}

/** What would reach every other object; a column may have one of these names, and then any value of its type. */
function foreignPrototypes(
  valid: Readonly<Record<string, unknown>>,
  properties: Readonly<Record<string, JsonSchema>>,
): HostileInput[] {
  const rest = JSON.stringify(valid).slice(1);
  const hostile = {
    ['__proto__']: `{"__proto__":{"polluted":true},${rest}`,
    constructor: `{"constructor":{"prototype":{"polluted":true}},${rest}`,
  };
  return Object.entries(hostile).flatMap(([name, raw]) =>
    Object.hasOwn(properties, name) ? [] : [refused(`${name} of another object`, { raw })],
  );
}

function brokenProperty(
  valid: Readonly<Record<string, unknown>>,
  name: string,
  schema: JsonSchema,
  resolve: ResolveReference,
): HostileInput[] {
  const wrong = WRONG_VALUES.filter((value) => schemaFaults(value, schema, resolve).length > 0).slice(
    0,
    WRONG_VALUES_EACH,
  );
  const values = wrong.map((value) =>
    refused(`${name} is ${JSON.stringify(value)}`, { json: { ...valid, [name]: value } }),
  );
  return [...values, ...brokenText(valid, name, schema), ...brokenNumber(valid, name, schema)];
}

const WRONG_VALUES: readonly unknown[] = [null, { x: 1 }, 'neither a number nor a date', true, 12.5, ['x']];
const WRONG_VALUES_EACH = 3;

function brokenText(valid: Readonly<Record<string, unknown>>, name: string, schema: JsonSchema): HostileInput[] {
  if (!schemaTypes(schema).includes('string')) return [];
  const text = typeof valid[name] === 'string' ? valid[name] : 'a';
  const limit = maximumLength(schema);
  const tooLong =
    limit === undefined ? [] : [refused(`${name} is too long`, { json: { ...valid, [name]: 'a'.repeat(limit + 1) } })];
  return [
    ...tooLong,
    refused(`${name} holds NUL`, { json: { ...valid, [name]: `${text.slice(0, -1)}\u0000` } }),
    refused(`${name} holds half a surrogate pair`, { json: { ...valid, [name]: `${text.slice(0, -1)}\ud800` } }),
  ];
}

function brokenNumber(valid: Readonly<Record<string, unknown>>, name: string, schema: JsonSchema): HostileInput[] {
  const types = schemaTypes(schema);
  if (!types.includes('integer') && !types.includes('number')) return [];
  const integer = types.includes('integer');
  const raws = integer ? ['1e400', '1e30', '99999999999999999999', '0.5'] : ['1e400', '-1e400'];
  return raws.map((raw) => refused(`${name} is ${raw}`, { raw: withRaw(valid, name, raw) }));
}

/** Values for a query parameter that it has to refuse, by what its document says. */
export function hostileQueries(name: string, schema: JsonSchema, resolve: ResolveReference): HostileInput[] {
  const type = schemaTypes(dereference(schema, resolve)).find((one) => one !== 'null');
  const query = (value: string) => refused(`${name}=${value.slice(0, 30)}`, { query: { [name]: value } });
  return (BAD_QUERIES[type ?? 'string'] ?? ['\u0000']).map(query);
}

const BAD_QUERIES: Readonly<Record<string, readonly string[]>> = {
  integer: ['abc', '1.5', '1e400', '99999999999999999999', "1' OR '1'='1"],
  number: ['abc', '1e400', "1' OR '1'='1"],
  boolean: ['2', 'perhaps'],
};

/** Follows references and looks through «this or null» to the schema that says what a value is. */
export function dereference(schema: JsonSchema, resolve: ResolveReference): JsonSchema {
  if (typeof schema === 'boolean') return schema;
  if (typeof schema['$ref'] === 'string') return dereference(resolve(schema['$ref']) ?? true, resolve);
  const options = schema['anyOf'] ?? schema['oneOf'];
  if (!Array.isArray(options)) return schema;
  const known = (options as JsonSchema[]).map((option) => dereference(option, resolve));
  const others = known.filter((option) => schemaTypes(option).join() !== 'null');
  const [only] = others;
  if (others.length !== 1 || typeof only !== 'object') return schema;
  // The value may still be null: that has to stay known, or null would be taken for a wrong value.
  return others.length < known.length ? { ...only, type: [...schemaTypes(only), 'null'] } : only;
}

function maximumLength(schema: JsonSchema): number | undefined {
  return typeof schema === 'object' && typeof schema['maxLength'] === 'number' ? schema['maxLength'] : undefined;
}

function refused(what: string, input: CallInput): HostileInput {
  return { what, input, expected: '4xx' };
}

function without(value: Readonly<Record<string, unknown>>, name: string): Record<string, unknown> {
  return Object.fromEntries(Object.entries(value).filter(([key]) => key !== name));
}

function withRaw(valid: Readonly<Record<string, unknown>>, name: string, raw: string): string {
  return JSON.stringify({ ...valid, [name]: RAW }).replace(JSON.stringify(RAW), raw);
}
