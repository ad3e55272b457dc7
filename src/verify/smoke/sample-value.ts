import { propertiesOf, requiredOf, schemaTypes, type JsonSchema, type ResolveReference } from '../json-schema.ts';
import { dereference } from './hostile-input.ts';

/** A value that fits the schema as far as its keywords tell: its example if it gives one, else the plainest there is. */
export function sampleValue(schema: JsonSchema, resolve: ResolveReference, depth = 0): unknown {
  const known = dereference(schema, resolve);
  if (typeof known === 'boolean' || depth > 8) return {};
  const given = givenValue(known);
  if (given !== undefined) return given;
  const type = schemaTypes(known).find((one) => one !== 'null') ?? (known['properties'] ? 'object' : 'string');
  switch (type) {
    case 'object':
      return sampleObject(known, resolve, depth);
    case 'array':
      return sampleArray(known, resolve, depth);
    case 'integer':
    case 'number':
      return sampleNumber(known);
    case 'boolean':
      return true;
    case 'null':
      return null;
    default:
      return sampleText(known);
  }
}

/** Whether the schema says, for all that it requires, what a value that means something looks like. */
export function hasExample(schema: JsonSchema, resolve: ResolveReference, depth = 0): boolean {
  const known = dereference(schema, resolve);
  if (typeof known === 'boolean' || depth > 8) return false;
  if (givenValue(known) !== undefined) return true;
  const required = requiredOf(known);
  const properties = propertiesOf(known);
  return required.length > 0 && required.every((name) => hasExample(properties[name] ?? true, resolve, depth + 1));
}

type Known = Exclude<JsonSchema, boolean>;

function givenValue(schema: Known): unknown {
  if ('const' in schema) return schema['const'];
  for (const keyword of ['examples', 'enum']) {
    const values = schema[keyword];
    if (Array.isArray(values) && values.length > 0) return values[0] as unknown;
  }
  return schema['example'] ?? schema['default'];
}

function sampleObject(schema: Known, resolve: ResolveReference, depth: number): Record<string, unknown> {
  const required = new Set(requiredOf(schema));
  return Object.fromEntries(
    Object.entries(propertiesOf(schema))
      .filter(([name]) => required.size === 0 || required.has(name))
      .map(([name, property]) => [name, sampleValue(property, resolve, depth + 1)]),
  );
}

function sampleArray(schema: Known, resolve: ResolveReference, depth: number): unknown[] {
  const length = Math.max(1, Number(schema['minItems'] ?? 1));
  const item = (schema['items'] ?? { type: 'string' }) as JsonSchema;
  return Array.from({ length }, () => sampleValue(item, resolve, depth + 1));
}

function sampleNumber(schema: Known): number {
  const least = Number(schema['minimum'] ?? Number(schema['exclusiveMinimum'] ?? 0) + 1);
  const most = Number(schema['maximum'] ?? Number(schema['exclusiveMaximum'] ?? Infinity) - 1);
  return Math.min(Math.max(1, least), most);
}

const FORMATS: Readonly<Record<string, string>> = {
  'date-time': '2026-03-01T12:00:00Z',
  date: '2026-03-01',
  time: '12:00:00Z',
  uuid: '11111111-1111-4111-8111-111111111111',
  email: 'someone@example.com',
  uri: 'https://example.com/',
};

function sampleText(schema: Known): string {
  const text = FORMATS[String(schema['format'])] ?? 'sample';
  const least = Number(schema['minLength'] ?? 0);
  return text.padEnd(least, 'x').slice(0, Number(schema['maxLength'] ?? Infinity));
}
