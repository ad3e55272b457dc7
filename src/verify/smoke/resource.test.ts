import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { DatabaseSchema, Table } from '../../domain/database-schema.ts';
import type { ResourceApi } from '../../scaffold/scaffold.ts';
import { readApiDocument } from '../api-document.ts';
import { bodyFor, keyOf, readPage, resourcesOf, sameValue } from './resource.ts';

const column = (name: string) => ({ name, type: 'integer', nullable: false });
const bare = { uniques: [], checks: [], indexes: [] };
const users: Table = { ...bare, name: 'users', columns: [column('id')], primaryKey: ['id'], foreignKeys: [] };
const seats: Table = {
  ...bare,
  name: 'seats',
  columns: [column('row'), column('user_id')],
  primaryKey: ['row', 'user_id'],
  foreignKeys: [
    {
      name: 'seats_user',
      columns: ['user_id'],
      referencedTable: 'users',
      referencedColumns: ['id'],
      onDelete: 'cascade',
      onUpdate: 'no action',
    },
  ],
};
const schema: DatabaseSchema = { enums: [], tables: [users, seats] };
const apis: ResourceApi[] = [
  {
    table: 'users',
    collectionPath: '/users',
    itemPath: '/users/{id}',
    keyColumns: ['id'],
    operations: ['list', 'create', 'read'],
    nested: [{ path: '/users/{id}/seats', table: 'seats', column: 'user_id' }],
  },
  {
    table: 'seats',
    collectionPath: '/seats',
    itemPath: '/seats/{key1}/{key2}',
    keyColumns: ['row', 'user_id'],
    operations: ['read'],
    nested: [],
  },
];
const responses = { 200: { description: '' } };
const path = (...names: string[]) => names.map((name) => ({ name, in: 'path', required: true, schema: {} }));
const { document } = readApiDocument({
  openapi: '3.1.0',
  info: { title: 'x', version: '1' },
  paths: {
    '/users': { get: { responses }, post: { responses } },
    '/users/{id}/seats': { parameters: path('id'), get: { responses } },
    '/seats/{key1}/{key2}': { parameters: path('key1', 'key2'), get: { responses } },
  },
});
const { resources, missing } = resourcesOf(schema, apis, document);

test('finds the operations of each table and names those that the document lacks', () => {
  assert.deepEqual(missing, ['GET /users/{id}']);
  assert.deepEqual(
    resources.map(({ list, create, read, nested }) => [list?.id, create?.id, read?.id, nested.length]),
    [
      ['GET /users', 'POST /users', undefined, 1],
      [undefined, undefined, 'GET /seats/{key1}/{key2}', 0],
    ],
  );
});

test('addresses a row by its key columns, in the order of the path', () => {
  const seat = resources[1];
  assert.ok(seat?.read);
  assert.deepEqual(keyOf(seat, seat.read, { row: 7, user_id: 'u1' }), { key1: '7', key2: 'u1' });
});

test('sends what the operation takes, with the keys that the parents were given', () => {
  const [user, seat] = resources;
  assert.ok(user && seat);
  user.stored.push({ sample: { id: 1 }, sent: {}, body: { id: 4711 } });
  const sample = { row: 1, user_id: 1, comment: 'no column of the body' };
  assert.deepEqual({ ...bodyFor(sample, seat, resources, ['row', 'user_id']) }, { row: 1, user_id: 4711 });
  user.stored.pop();
});

test('reads a page', () => {
  const { rows, next } = readPage({ data: [{ id: 1 }], nextCursor: 'abc' });
  assert.deepEqual([rows.map((row) => ({ ...row })), next], [[{ id: 1 }], 'abc']);
  assert.equal(rows[0]?.['constructor'], undefined, 'a row has no members but its own');
  assert.deepEqual(readPage({ data: [], next_cursor: null }), { rows: [], next: undefined });
  assert.deepEqual(readPage('no page'), { rows: [], next: undefined });
});

test('knows one value in its several spellings', () => {
  for (const [a, b] of [
    ['10.50', '10.5'],
    [10, '10'],
    ['2026-03-01T12:00:00Z', '2026-03-01T12:00:00.000Z'],
    [
      { a: 1, b: [2] },
      { b: [2], a: 1 },
    ],
    ['ab', 'ab  '],
    [null, null],
  ])
    assert.ok(sameValue(a, b), JSON.stringify([a, b]));
  for (const [a, b] of [
    ['10.50', '10.51'],
    ['12345678901234567890', '12345678901234567891'],
    [null, ''],
    ['a', 'A'],
    [{ a: 1 }, { a: 2 }],
    [undefined, null],
  ])
    assert.ok(!sameValue(a, b), JSON.stringify([a, b]));
});
