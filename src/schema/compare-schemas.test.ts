import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { DatabaseSchema, Table } from '../domain/database-schema.ts';
import { compareSchemas } from './schema.ts';

const posts: Table = {
  name: 'posts',
  columns: [
    { name: 'id', type: 'character varying', nullable: false, default: 'gen_random_uuid()' },
    { name: 'user_id', type: 'character varying', nullable: true },
  ],
  primaryKey: ['id'],
  foreignKeys: [
    {
      name: 'posts_user_id_fkey',
      columns: ['user_id'],
      referencedTable: 'users',
      referencedColumns: ['id'],
      onDelete: 'set null',
      onUpdate: 'no action',
    },
  ],
  uniques: [{ name: 'posts_key', columns: ['id', 'user_id'], nullsNotDistinct: false }],
  checks: [{ name: 'posts_check', expression: 'id > user_id' }],
  indexes: [{ name: 'posts_idx', method: 'btree', unique: false, keys: ['user_id', 'lower(id)'] }],
};
const expected: DatabaseSchema = { enums: [{ name: 'mood', values: ['ok', 'bad'] }], tables: [posts] };

test('finds nothing where expressions are only worded differently', () => {
  const found = {
    ...posts,
    columns: [{ ...posts.columns[0]!, default: '(gen_random_uuid())::text' }, posts.columns[1]!],
    checks: [{ name: 'posts_check', expression: '((id)::text > (user_id)::text)' }],
    indexes: [{ ...posts.indexes[0]!, keys: ['user_id', 'lower((id)::text)'] }],
  };
  assert.deepEqual(compareSchemas(expected, { ...expected, tables: [found] }), []);
});

const differences: Readonly<Record<string, [Partial<Table>, string]>> = {
  'a type': [
    { columns: [posts.columns[0]!, { ...posts.columns[1]!, type: 'text' }] },
    'The type of posts.user_id should be character varying, and is text',
  ],
  nullability: [
    { columns: [posts.columns[0]!, { ...posts.columns[1]!, nullable: false }] },
    'Whether posts.user_id may be NULL should be yes, and is no',
  ],
  'a default': [
    { columns: [{ ...posts.columns[0]!, default: undefined }, posts.columns[1]!] },
    'Whether posts.id has a default should be yes, and is no',
  ],
  'a missing column': [{ columns: [posts.columns[0]!] }, 'The column of posts: user_id is missing'],
  'a column too many': [
    { columns: [...posts.columns, { name: 'x', type: 'text', nullable: true }] },
    'The column of posts: x is not in the design',
  ],
  'the primary key': [{ primaryKey: ['user_id'] }, 'The primary key of posts should be id, and is user_id'],
  'an action': [
    { foreignKeys: [{ ...posts.foreignKeys[0]!, onDelete: 'cascade' }] },
    'The foreign key posts_user_id_fkey should be (user_id) to users (id) on delete set null on update no action, and is (user_id) to users (id) on delete cascade on update no action',
  ],
  'a unique key': [{ uniques: [] }, 'The unique key of posts: posts_key is missing'],
  'an index': [
    { indexes: [{ ...posts.indexes[0]!, keys: ['id', 'lower(id)'] }] },
    'The keys of the index posts_idx should be user_id, an expression, and is id, an expression',
  ],
};

for (const [what, [change, sentence]] of Object.entries(differences)) {
  test(`tells a difference in ${what}`, () => {
    assert.deepEqual(compareSchemas(expected, { ...expected, tables: [{ ...posts, ...change }] }), [sentence]);
  });
}

test('tells missing tables, other tables and other enum values', () => {
  const found: DatabaseSchema = {
    enums: [{ name: 'mood', values: ['bad', 'ok'] }],
    tables: [{ ...posts, name: 'users' }],
  };
  assert.deepEqual(compareSchemas(expected, found), [
    'The values of the enum mood should be ok, bad, and is bad, ok',
    'The table posts is missing',
    'The table users is not in the design',
  ]);
});
