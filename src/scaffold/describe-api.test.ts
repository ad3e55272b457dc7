import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Column, DatabaseSchema, Table } from '../domain/database-schema.ts';
import { describeApi } from './describe-api.ts';

const id: Column = { name: 'id', type: 'character varying(21)', nullable: false };

test('a table with a key has every operation and lists its children', () => {
  const [users] = describeApi(schema(table('user', [id, text('name')], ['id']), posts('author_id')));
  assert.deepEqual(users, {
    table: 'user',
    collectionPath: '/v1/users',
    itemPath: '/v1/users/{id}',
    keyColumns: ['id'],
    operations: ['list', 'create', 'read', 'update', 'delete'],
    nested: [{ path: '/v1/users/{id}/blog-posts', table: 'BlogPost', column: 'author_id' }],
  });
});

test('two references to one table make two lists, named by their roles', () => {
  const [users] = describeApi(schema(table('user', [id], ['id']), posts('author_id', 'editor_id')));
  assert.deepEqual(
    users?.nested.map(({ path }) => path),
    ['/v1/users/{id}/blog-posts-as-author', '/v1/users/{id}/blog-posts-as-editor'],
  );
});

test('a table without a key can be listed and added to', () => {
  const [lines] = describeApi(schema(table('log_lines', [text('line')], [])));
  assert.equal(lines?.itemPath, undefined);
  assert.deepEqual(lines?.operations, ['list', 'create']);
});

test('a unique key that is never null serves where there is no primary key', () => {
  const unique = { name: 'u', columns: ['code'], nullsNotDistinct: false };
  const [codes] = describeApi(schema({ ...table('codes', [text('code'), text('label')], []), uniques: [unique] }));
  assert.equal(codes?.itemPath, '/v1/codes/{code}');
});

test('a row that is nothing but its key cannot be changed', () => {
  const [tags] = describeApi(schema(table('post_tags', [text('post'), text('tag')], ['post', 'tag'])));
  assert.equal(tags?.itemPath, '/v1/post-tags/{post}/{tag}');
  assert.deepEqual(tags?.operations, ['list', 'create', 'read', 'delete']);
});

test('names that differ in letters no path can show get paths of their own', () => {
  const tables = ['posts', 'post', 'Posts', 'new_posts', '日本', '!!!', '2fast'].map((name) =>
    table(name, [id], ['id']),
  );
  const paths = describeApi(schema(...tables)).map(({ collectionPath }) => collectionPath);
  assert.equal(new Set(paths).size, paths.length);
  for (const path of paths) assert.match(path, /^\/v1\/[a-z][a-z0-9-]*$/);
});

function schema(...tables: readonly Table[]): DatabaseSchema {
  return { enums: [], tables };
}

function table(name: string, columns: readonly Column[], primaryKey: readonly string[]): Table {
  return { name, columns, primaryKey, foreignKeys: [], uniques: [], checks: [], indexes: [] };
}

function text(name: string): Column {
  return { name, type: 'text', nullable: false };
}

function posts(...references: readonly string[]): Table {
  const rule = {
    referencedTable: 'user',
    referencedColumns: ['id'],
    onDelete: 'cascade',
    onUpdate: 'no action',
  } as const;
  return {
    ...table('BlogPost', [id, ...references.map(text)], ['id']),
    foreignKeys: references.map((name) => ({ name, columns: [name], ...rule })),
  };
}
