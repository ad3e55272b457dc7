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
