import {
  isObject,
  propertiesOf,
  requiredOf,
  schemaFaults,
  schemaTypes,
  type JsonSchema,
  type ResolveReference,
} from '../json-schema.ts';
import { dereference } from './hostile-input.ts';
import { sampleText } from './sample-text.ts';

/**
 * A value that fits the schema as far as its keywords tell: the first of its examples that does, else the plainest there
 * is. The `number`th of several that should differ.
 */
export function sampleValue(schema: JsonSchema, resolve: ResolveReference, depth = 0, number = 0): unknown {
  const known = whole(schema, resolve);
  if (typeof known === 'boolean' || depth > 8) return {};
  const given = givenValue(known, resolve, number);
  if (given !== undefined) return given;
  const option = optionOf(known, resolve, depth);
  if (option !== undefined) return option;
  const type = schemaTypes(known).find((one) => one !== 'null') ?? impliedType(known);
  switch (type) {
    case 'object':
      return sampleObject(known, resolve, depth);
    case 'array':
      return sampleArray(known, resolve, depth);
    case 'integer':
    case 'number':
      return sampleNumber(known, type, number);
    case 'boolean':
      return number % 2 === 0;
    case 'null':
      return null;
    default:
      return sampleText(known, number);
  }
}

/** Whether the schema says, for all that it requires, what a value that means something looks like. */
export function hasExample(schema: JsonSchema, resolve: ResolveReference, depth = 0): boolean {
  const known = whole(schema, resolve);
  if (typeof known === 'boolean' || depth > 8) return false;
  if (givenValue(known, resolve) !== undefined) return true;
  const required = requiredOf(known);
  const properties = propertiesOf(known);
  return required.length > 0 && required.every((name) => hasExample(properties[name] ?? true, resolve, depth + 1));
}

type Known = Exclude<JsonSchema, boolean>;

/** The schema with what it is made of (`allOf`) put together. */
function whole(schema: JsonSchema, resolve: ResolveReference): JsonSchema {
  const known = dereference(schema, resolve);
  if (typeof known === 'boolean' || !Array.isArray(known['allOf'])) return known;
  const { allOf, ...rest } = known;
  const parts = [rest, ...(allOf as JsonSchema[]).map((part) => whole(part, resolve))].filter((part) => isObject(part));
  return {
    ...Object.assign({}, ...parts),
    required: parts.flatMap((part) => requiredOf(part)),
    properties: Object.assign({}, ...parts.map((part) => propertiesOf(part))) as Known,
  };
}

function impliedType(schema: Known): string {
  if (schema['properties']) return 'object';
  if (schema['items']) return 'array';
  return schema['minimum'] === undefined && schema['multipleOf'] === undefined ? 'string' : 'number';
}

/** What the schema names itself; an example that breaks it is none. */
function givenValue(schema: Known, resolve: ResolveReference, number = 0): unknown {
  if ('const' in schema) return schema['const'];
  const examples = Array.isArray(schema['examples']) ? (schema['examples'] as unknown[]) : [];
  const known = [...examples, schema['example'], schema['default']].filter((value) => value !== undefined);
  const values = Array.isArray(schema['enum']) ? [...known, ...(schema['enum'] as unknown[])] : known;
  const fitting = values.filter((value) => schemaFaults(value, schema, resolve).length === 0);
  return fitting[number % Math.max(1, fitting.length)];
}

/** The first alternative of which there is a sample that fits the whole. */
function optionOf(schema: Known, resolve: ResolveReference, depth: number): unknown {
  const options = (schema['oneOf'] ?? schema['anyOf']) as readonly JsonSchema[] | undefined;
  if (!Array.isArray(options)) return undefined;
  const { oneOf: _, anyOf: __, ...rest } = schema;
  const samples = options.map((option) => sampleValue({ allOf: [rest, option] }, resolve, depth + 1));
  return samples.find((sample) => schemaFaults(sample, schema, resolve).length === 0);
}

function sampleObject(schema: Known, resolve: ResolveReference, depth: number): Record<string, unknown> {
  const required = new Set(requiredOf(schema));
  return Object.fromEntries(
    Object.entries(propertiesOf(schema))
      .filter(([name, property]) => (required.size === 0 || required.has(name)) && !isReadOnly(property))
      .map(([name, property]) => [name, sampleValue(property, resolve, depth + 1)]),
  );
}

function isReadOnly(schema: JsonSchema): boolean {
  return typeof schema === 'object' && schema['readOnly'] === true;
}

function sampleArray(schema: Known, resolve: ResolveReference, depth: number): unknown[] {
  const length = Math.min(Math.max(1, Number(schema['minItems'] ?? 1)), Number(schema['maxItems'] ?? Infinity));
  const item = (schema['items'] ?? { type: 'string' }) as JsonSchema;
  return Array.from({ length }, (_, index) => sampleValue(item, resolve, depth + 1, index));
}

function sampleNumber(schema: Known, type: 'integer' | 'number', number: number): number {
  const step = Number(schema['multipleOf'] ?? 1);
  const margin = type === 'integer' ? 1 : Math.min(1, step);
  const least = Number(schema['minimum'] ?? Number(schema['exclusiveMinimum'] ?? -Infinity) + margin);
  const most = Number(schema['maximum'] ?? Number(schema['exclusiveMaximum'] ?? Infinity) - margin);
  const wanted = Math.min(Math.max(1, least), most) + number * step;
  const multiple = Math.ceil(wanted / step) * step;
  const fitting = multiple <= most ? multiple : Math.floor(most / step) * step;
  if (fitting >= least) return Number(fitting.toPrecision(12));
  return type === 'integer' ? Math.floor(most) : (Math.max(least, -1e9) + Math.min(most, 1e9)) / 2;
}
