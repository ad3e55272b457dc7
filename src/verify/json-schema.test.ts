import assert from 'node:assert/strict';
import { test } from 'node:test';
import { closedSchemaFaults, schemaFaults, type JsonSchema } from './json-schema.ts';

const user: JsonSchema = {
  type: 'object',
  required: ['id', 'email'],
  additionalProperties: false,
  properties: {
    id: { type: 'string', minLength: 1, maxLength: 4 },
    email: { type: 'string', pattern: '@' },
    age: { type: ['integer', 'null'], minimum: 0, exclusiveMaximum: 150 },
    role: { enum: ['admin', 'member'] },
    born: { type: 'string', format: 'date' },
    tags: { type: 'array', items: { type: 'string' }, maxItems: 2 },
  },
};

const faultsOf = (value: unknown, schema: JsonSchema = user) => schemaFaults(value, schema, resolve);
const resolve = (reference: string) => (reference === '#/components/schemas/User' ? user : undefined);

test('finds nothing wrong with a value that fits', () => {
  const value = { id: 'u1', email: 'a@b', age: null, role: 'admin', born: '2026-01-31', tags: ['x'] };
  assert.deepEqual(faultsOf(value), []);
  assert.deepEqual(faultsOf({ id: '👍👍👍👍', email: '@', age: 0 }), []);
});

for (const [what, value, fault] of [
  ['a missing property', { id: 'u1' }, '/email: is missing'],
  ['an undocumented property', { id: 'u1', email: '@', hash: 'x' }, '/hash: is not documented'],
  ['a wrong type', { id: 1, email: '@' }, '/id: must be string, is 1'],
  ['an overlong string', { id: 'u1234', email: '@' }, '/id: is longer than 4'],
  ['a pattern', { id: 'u', email: 'nobody' }, '/email: does not match @'],
  ['a fraction for an integer', { id: 'u', email: '@', age: 1.5 }, '/age: must be integer or null, is 1.5'],
  ['a number out of range', { id: 'u', email: '@', age: 150 }, '/age: is not below 150'],
  [
    'a value outside the enumeration',
    { id: 'u', email: '@', role: 'x' },
    '/role: must be one of ["admin","member"], is "x"',
  ],
  ['a date that is none', { id: 'u', email: '@', born: 'today' }, '/born: is no date: "today"'],
  ['an item of a wrong type', { id: 'u', email: '@', tags: ['a', 2] }, '/tags/1: must be string, is 2'],
  ['too many items', { id: 'u', email: '@', tags: ['a', 'b', 'c'] }, '/tags: has more than 2 items'],
] as const) {
  test(`finds ${what}`, () => {
    assert.deepEqual(faultsOf(value), [fault]);
  });
}

test('follows references and says when one leads nowhere', () => {
  assert.deepEqual(faultsOf([{ id: 'u1' }], { items: { $ref: '#/components/schemas/User' } }), [
    '/0/email: is missing',
  ]);
  assert.deepEqual(faultsOf(1, { $ref: '#/nowhere' }), ['/: #/nowhere leads nowhere']);
});

test('weighs alternatives', () => {
  const schema: JsonSchema = { anyOf: [{ type: 'string' }, { type: 'null' }] };
  assert.deepEqual(faultsOf(null, schema), []);
  assert.deepEqual(faultsOf(1, schema), ['/: fits none of the alternatives']);
  assert.deepEqual(faultsOf(1, { oneOf: [{ type: 'number' }, { minimum: 0 }] }), [
    '/: must fit exactly one alternative',
  ]);
  assert.deepEqual(faultsOf(1, { allOf: [{ minimum: 2 }] }), [': is below 2']);
  assert.deepEqual(faultsOf({}, { not: {} }), ['/: must not be {}']);
});

test('a closed check allows no property beside the documented ones', () => {
  const open: JsonSchema = { type: 'object', properties: { id: { type: 'string' }, meta: {} } };
  assert.deepEqual(schemaFaults({ id: 'a', hash: 'x' }, open, resolve), []);
  assert.deepEqual(closedSchemaFaults({ id: 'a', hash: 'x' }, open, resolve), ['/hash: is not documented']);
  assert.deepEqual(closedSchemaFaults({ id: 'a', meta: { any: 1 } }, open, resolve), []);
});
