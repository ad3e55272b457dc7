import assert from 'node:assert/strict';
import { test } from 'node:test';
import { schemaFaults, type JsonSchema } from '../json-schema.ts';
import { sampleValue } from './sample-value.ts';

const nothing = () => undefined;

test('a sample fits its schema', () => {
  const schemas: JsonSchema[] = [
    { type: 'string', minLength: 10 },
    { type: 'string', maxLength: 3 },
    { type: 'string', format: 'date-time' },
    { type: 'integer', minimum: 7, maximum: 9 },
    { type: 'number', exclusiveMaximum: 0, minimum: -5 },
    { enum: ['a', 'b'] },
    { type: ['boolean', 'null'] },
    { type: 'array', minItems: 2, items: { type: 'integer' } },
    { type: 'string', pattern: '^[A-Z]{2}\\d{2}[A-Z0-9]{11,30}$' },
    { type: 'string', pattern: '^[a-z0-9]+(?:-[a-z0-9]+)*$', minLength: 12, maxLength: 20 },
    { type: 'string', pattern: '^(?:red|green) \\w{3,}$' },
    { type: 'string', pattern: '^\\+[1-9][0-9]{6,14}$' },
    { type: 'string', pattern: '^#[0-9a-fA-F]{6}$', maxLength: 7 },
    { type: 'string', pattern: '^[^\\s@]+@[^\\s@]+\\.[a-z]{2,}$', maxLength: 30 },
    { type: 'string', pattern: '\\d', minLength: 5 },
    { type: 'string', format: 'email', maxLength: 40 },
    { type: 'string', format: 'ipv6' },
    { type: 'integer', multipleOf: 5, minimum: 12 },
    { type: 'number', multipleOf: 0.05, exclusiveMinimum: 1, maximum: 1.1 },
    { type: 'integer', minimum: -8, maximum: -3, multipleOf: 4 },
    { type: 'array', minItems: 3, uniqueItems: true, items: { type: 'string', minLength: 3 } },
    { type: 'array', minItems: 3, uniqueItems: true, items: { enum: ['a', 'b', 'c'] } },
    { type: 'array', minItems: 2, uniqueItems: true, items: { type: 'string', pattern: '^[a-z]{4}$' } },
    { type: 'array', minItems: 2, uniqueItems: true, items: { type: 'string', format: 'date' } },
    { type: 'integer', minimum: 5, examples: [1, 7], default: 2 },
    {
      allOf: [
        { type: 'object', required: ['a'], properties: { a: { type: 'integer' } } },
        { required: ['b'], properties: { b: { const: 4 } } },
      ],
    },
    {
      oneOf: [
        { type: 'string', pattern: '^never(?!r)$', maxLength: 2 },
        { type: 'integer', minimum: 3 },
      ],
    },
    { anyOf: [{ type: 'integer' }, { type: 'null' }] },
    {
      type: 'object',
      required: ['name'],
      properties: { name: { type: 'string', examples: ['Ada'] }, other: { type: 'integer' } },
    },
  ];
  for (const schema of schemas) {
    const value = sampleValue(schema, nothing);
    assert.deepEqual(schemaFaults(value, schema, nothing), [], JSON.stringify([schema, value]));
  }
  assert.deepEqual(sampleValue(schemas.at(-1) ?? true, nothing), { name: 'Ada' });
});

test('a schema that holds itself comes to an end', () => {
  const node: JsonSchema = { type: 'object', properties: { next: { $ref: '#/node' } } };
  assert.equal(typeof sampleValue(node, () => node), 'object');
});
