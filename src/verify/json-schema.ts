import { plainRecord } from '../domain/plain-record.ts';

/** A schema of JSON Schema 2020-12, as OpenAPI 3.1 documents carry it. */
export type JsonSchema = boolean | SchemaObject;

interface SchemaObject {
  readonly [keyword: string]: unknown;
}

/** Looks up a `$ref`; undefined when it leads nowhere. */
export type ResolveReference = (reference: string) => JsonSchema | undefined;

/**
 * What is wrong with the value, a line each, led by where: `/data/0/email: must be a string`. Knows the keywords that
 * describe data; annotations and keywords it does not know are passed over.
 */
export function schemaFaults(value: unknown, schema: JsonSchema, resolve: ResolveReference): string[] {
  return faultsAt(value, schema, '', { resolve, closed: false });
}

/** The same, and an object that documents some properties may hold no others, even if its schema leaves that open. */
export function closedSchemaFaults(value: unknown, schema: JsonSchema, resolve: ResolveReference): string[] {
  return faultsAt(value, schema, '', { resolve, closed: true });
}

interface Rules {
  readonly resolve: ResolveReference;
  readonly closed: boolean;
}

function faultsAt(value: unknown, schema: JsonSchema, at: string, rules: Rules): string[] {
  if (schema === true) return [];
  if (schema === false) return [`${at || '/'}: nothing is allowed here`];
  const check = (inner: unknown, innerSchema: JsonSchema, path: string) => faultsAt(inner, innerSchema, path, rules);
  return [
    ...referenceFaults(value, schema, at, rules),
    ...typeFaults(value, schema, at),
    ...combinationFaults(value, schema, at, check),
    ...(typeof value === 'string' ? stringFaults(value, schema, at) : []),
    ...(typeof value === 'number' ? numberFaults(value, schema, at) : []),
    ...(Array.isArray(value) ? arrayFaults(value, schema, at, check) : []),
    ...(isObject(value) ? objectFaults(value, schema, at, check, rules.closed) : []),
  ];
}

type Check = (value: unknown, schema: JsonSchema, at: string) => string[];

function referenceFaults(value: unknown, schema: SchemaObject, at: string, rules: Rules): string[] {
  if (typeof schema['$ref'] !== 'string') return [];
  const target = rules.resolve(schema['$ref']);
  return target === undefined ? [`${at || '/'}: ${schema['$ref']} leads nowhere`] : faultsAt(value, target, at, rules);
}

function typeFaults(value: unknown, schema: SchemaObject, at: string): string[] {
  const faults: string[] = [];
  const types = schemaTypes(schema);
  if (types.length > 0 && !types.some((type) => isOfType(value, type)))
    faults.push(`${at || '/'}: must be ${types.join(' or ')}, is ${describe(value)}`);
  if (Array.isArray(schema['enum']) && !schema['enum'].some((allowed) => same(allowed, value)))
    faults.push(`${at || '/'}: must be one of ${JSON.stringify(schema['enum'])}, is ${describe(value)}`);
  if ('const' in schema && !same(schema['const'], value))
    faults.push(`${at || '/'}: must be ${JSON.stringify(schema['const'])}, is ${describe(value)}`);
  return faults;
}

function combinationFaults(value: unknown, schema: SchemaObject, at: string, check: Check): string[] {
  const fitting = (schemas: unknown) =>
    listOf(schemas).filter((option) => check(value, option, at).length === 0).length;
  const faults = listOf(schema['allOf']).flatMap((part) => check(value, part, at));
  if (schema['anyOf'] && fitting(schema['anyOf']) === 0) faults.push(`${at || '/'}: fits none of the alternatives`);
  if (schema['oneOf'] && fitting(schema['oneOf']) !== 1) faults.push(`${at || '/'}: must fit exactly one alternative`);
  if (schema['not'] !== undefined && check(value, schema['not'] as JsonSchema, at).length === 0)
    faults.push(`${at || '/'}: must not be ${describe(value)}`);
  return faults;
}

function stringFaults(value: string, schema: SchemaObject, at: string): string[] {
  const length = Array.from(value).length;
  const least = limitOf(schema, 'minLength', 0);
  const most = limitOf(schema, 'maxLength', Infinity);
  const { pattern, format } = schema;
  const isOfFormat = typeof format === 'string' ? FORMATS[format] : undefined;
  return [
    ...(length < least ? [`${at}: is shorter than ${least}`] : []),
    ...(length > most ? [`${at}: is longer than ${most}`] : []),
    ...(typeof pattern === 'string' && !patternOf(pattern).test(value) ? [`${at}: does not match ${pattern}`] : []),
    ...(isOfFormat && !isOfFormat.test(value) ? [`${at}: is no ${String(format)}: ${describe(value)}`] : []),
  ];
}

/** Patterns are written for Unicode; some are not valid as such. */
function patternOf(pattern: string): RegExp {
  try {
    return new RegExp(pattern, 'u');
  } catch {
    return new RegExp(pattern);
  }
}

const FORMATS: Readonly<Record<string, RegExp>> = plainRecord(
  Object.entries({
    'date-time': /^\d{4}-\d\d-\d\d[Tt ]\d\d:\d\d:\d\d(\.\d+)?([Zz]|[+-]\d\d:?\d\d)$/,
    date: /^\d{4}-\d\d-\d\d$/,
    uuid: /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i,
    email: /^[^\s@]+@[^\s@]+$/,
    uri: /^[a-z][a-z0-9+.-]*:\S*$/i,
    ipv4: /^\d{1,3}(\.\d{1,3}){3}$/,
    ipv6: /^[0-9a-f:.]*:[0-9a-f:.]*$/i,
  }),
);

function numberFaults(value: number, schema: SchemaObject, at: string): string[] {
  const limits: readonly (readonly [keyword: string, breaks: (limit: number) => boolean, words: string])[] = [
    ['minimum', (limit) => value < limit, 'is below'],
    ['maximum', (limit) => value > limit, 'is above'],
    ['exclusiveMinimum', (limit) => value <= limit, 'is not above'],
    ['exclusiveMaximum', (limit) => value >= limit, 'is not below'],
    ['multipleOf', (step) => step > 0 && !isMultiple(value, step), 'is no multiple of'],
  ];
  return limits.flatMap(([keyword, breaks, words]) => {
    const limit = schema[keyword];
    return typeof limit === 'number' && breaks(limit) ? [`${at}: ${words} ${limit}`] : [];
  });
}

/** 0.3 is a multiple of 0.1, though not to a computer. */
function isMultiple(value: number, step: number): boolean {
  const times = value / step;
  return Math.abs(times - Math.round(times)) < 1e-9 * Math.max(1, Math.abs(times));
}

function arrayFaults(value: readonly unknown[], schema: SchemaObject, at: string, check: Check): string[] {
  const least = limitOf(schema, 'minItems', 0);
  const most = limitOf(schema, 'maxItems', Infinity);
  const items = schema['items'] as JsonSchema | undefined;
  return [
    ...(value.length < least ? [`${at}: has fewer than ${least} items`] : []),
    ...(value.length > most ? [`${at}: has more than ${most} items`] : []),
    ...(schema['uniqueItems'] === true && hasRepeated(value) ? [`${at}: holds an item twice`] : []),
    ...(items === undefined ? [] : value.flatMap((item, index) => check(item, items, `${at}/${index}`))),
  ];
}

function hasRepeated(items: readonly unknown[]): boolean {
  return new Set(items.map((item) => JSON.stringify(item))).size < items.length;
}

function objectFaults(
  value: Record<string, unknown>,
  schema: SchemaObject,
  at: string,
  check: Check,
  closed: boolean,
): string[] {
  const properties = propertiesOf(schema);
  const others = schema['additionalProperties'] as JsonSchema | undefined;
  const rest = others ?? (closed && schema['properties'] !== undefined ? false : undefined);
  const missing = requiredOf(schema).filter((name) => !Object.hasOwn(value, name));
  return [
    ...missing.map((name) => `${at}/${name}: is missing`),
    ...Object.entries(value).flatMap(([name, inner]) => {
      const property = Object.hasOwn(properties, name) ? properties[name] : undefined;
      if (property !== undefined) return check(inner, property, `${at}/${name}`);
      if (rest === false) return [`${at}/${name}: is not documented`];
      return rest === undefined ? [] : check(inner, rest, `${at}/${name}`);
    }),
  ];
}

/** The types a schema allows; empty when it does not say. */
export function schemaTypes(schema: JsonSchema): readonly string[] {
  if (typeof schema === 'boolean' || schema['type'] === undefined) return [];
  return (Array.isArray(schema['type']) ? schema['type'] : [schema['type']]).map(String);
}

export function propertiesOf(schema: JsonSchema): Readonly<Record<string, JsonSchema>> {
  return typeof schema === 'object' && isObject(schema['properties'])
    ? plainRecord(Object.entries(schema['properties'] as Record<string, JsonSchema>))
    : plainRecord([]);
}

export function requiredOf(schema: JsonSchema): readonly string[] {
  return typeof schema === 'object' && Array.isArray(schema['required']) ? schema['required'].map(String) : [];
}

export function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function isOfType(value: unknown, type: string): boolean {
  switch (type) {
    case 'null':
      return value === null;
    case 'integer':
      return typeof value === 'number' && Number.isInteger(value);
    case 'array':
      return Array.isArray(value);
    case 'object':
      return isObject(value);
    default:
      return typeof value === type;
  }
}

function listOf(value: unknown): readonly JsonSchema[] {
  return Array.isArray(value) ? (value as JsonSchema[]) : [];
}

function limitOf(schema: SchemaObject, keyword: string, otherwise: number): number {
  const limit = schema[keyword];
  return typeof limit === 'number' ? limit : otherwise;
}

function same(a: unknown, b: unknown): boolean {
  return JSON.stringify(a) === JSON.stringify(b);
}

function describe(value: unknown): string {
  const text = JSON.stringify(value) ?? 'undefined';
  return text.length > 60 ? `${text.slice(0, 60)}…` : text;
}
