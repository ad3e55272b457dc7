import assert from 'node:assert/strict';
import { test } from 'node:test';
import { schemaFaults, type JsonSchema } from '../json-schema.ts';
import { dereference, hostileBodies, hostileQueries } from './hostile-input.ts';

const nothing = () => undefined;
const resolve = () => ({ type: 'integer' });
const values = (given: JsonSchema) => hostileQueries('q', given, nothing).map(({ input }) => input.query?.['q']);
const schema: JsonSchema = {
  type: 'object',
  required: ['email'],
  additionalProperties: false,
  properties: {
    email: { type: 'string', maxLength: 20 },
    age: { type: ['integer', 'null'], minimum: 0, maximum: 2_147_483_647 },
    meta: {},
  },
};
const valid = { email: 'a@example.com', age: 3, meta: { a: 1 } };

test('what is taken for wrong by its type is wrong by the document', () => {
  const bodies = hostileBodies(valid, schema, nothing).filter(({ input }) => input.json !== undefined);
  const faultless = bodies
    .filter(({ what }) => !what.includes('NUL') && !what.includes('surrogate'))
    .filter(({ input }) => schemaFaults(input.json, schema, nothing).length === 0);
  assert.deepEqual(faultless, []);
  assert.ok(bodies.length >= 12, String(bodies.length));
});

test('breaks each part of a body in turn', () => {
  const what = hostileBodies(valid, schema, nothing).map((one) => one.what);
  for (const expected of [
    'email is missing',
    'email is too long',
    'email holds NUL',
    'email holds half a surrogate pair',
    'email is null',
    'age is 0.5',
    'age is 1e400',
    'age is 99999999999999999999',
    'an unknown property',
    'broken JSON',
    'a body of 2 MB',
    '__proto__ of another object',
    'constructor of another object',
  ])
    assert.ok(what.includes(expected), expected);
  assert.ok(!what.includes('age is null'), 'null is allowed there');
  assert.ok(!what.some((one) => one.startsWith('meta is')), 'any value is allowed there');
});

test('writes numbers that JSON.stringify would not', () => {
  const raw = hostileBodies(valid, schema, nothing).find((one) => one.what === 'age is 1e400')?.input.raw;
  assert.equal(raw, '{"email":"a@example.com","age":1e400,"meta":{"a":1}}');
});

test('knows which query values a type refuses', () => {
  assert.deepEqual(values({ type: ['integer', 'string'] }), [
    'abc',
    '1.5',
    '1e400',
    '99999999999999999999',
    "1' OR '1'='1",
  ]);
  assert.deepEqual(values({ type: 'boolean' }), ['2', 'perhaps']);
  assert.deepEqual(values({ type: 'string' }), ['\u0000']);
});

test('looks through references and null', () => {
  assert.deepEqual(dereference({ $ref: '#/x' }, resolve), { type: 'integer' });
  assert.deepEqual(dereference({ anyOf: [{ $ref: '#/x' }, { type: 'null' }] }, resolve), { type: ['integer', 'null'] });
});
