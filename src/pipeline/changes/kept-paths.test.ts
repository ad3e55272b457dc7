import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { ChangeStep } from '../../changes/changes.ts';
import type { DatabaseSchema, Table } from '../../domain/database-schema.ts';
import { describeApi } from '../../scaffold/scaffold.ts';
import { keptPaths, withPaths } from './kept-paths.ts';
import { meantBySteps } from './meant-by-steps.ts';

const varchar = (name: string) => ({ name, type: 'character varying(21)', nullable: name !== 'id' });

function table(name: string, columns: readonly string[], keys: Readonly<Record<string, string>> = {}): Table {
  return {
    name,
    columns: columns.map(varchar),
    primaryKey: ['id'],
    foreignKeys: Object.entries(keys).map(([column, referencedTable]) => ({
      name: `${name}_${column}_fkey`,
      columns: [column],
      referencedTable,
      referencedColumns: ['id'],
      onDelete: 'cascade',
      onUpdate: 'no action',
    })),
    uniques: [],
    checks: [],
    indexes: [],
  };
}

function schemaOf(...tables: readonly Table[]): DatabaseSchema {
  return { enums: [], tables };
}

const users = table('users', ['id']);
const before = schemaOf(users, table('posts', ['id', 'author_id'], { author_id: 'users' }));
const after = schemaOf(
  users,
  table('posts', ['id', 'author_id', 'editor_id'], { author_id: 'users', editor_id: 'users' }),
);
const added = { kind: 'add-column', table: 'posts', column: { name: 'editor_id' } } as unknown as ChangeStep;
const renamed: ChangeStep = { kind: 'rename-column', table: 'posts', from: 'author_id', to: 'writer_id' };

const listsOf = (schema: DatabaseSchema) => describeApi(schema)[0]?.nested.map(({ path }) => path);

test('a list keeps its path when a second key to the same table is added', () => {
  const paths = keptPaths([added], before, after);
  assert.deepEqual(paths, [{ table: 'posts', foreignKey: 'posts_author_id_fkey', segment: 'posts' }]);
  assert.deepEqual(listsOf(withPaths(after, paths)), ['/v1/users/{id}/posts', '/v1/users/{id}/posts-as-editor']);
});

test('a list keeps the path of its role when the other key is dropped', () => {
  const dropped = { kind: 'drop-column', table: 'posts', column: { name: 'author_id' } } as unknown as ChangeStep;
  const left = schemaOf(users, table('posts', ['id', 'editor_id'], { editor_id: 'users' }));
  const paths = keptPaths([dropped], after, left);
  assert.deepEqual(listsOf(withPaths(left, paths)), ['/v1/users/{id}/posts-as-editor']);
});

test('a change that moves nothing keeps nothing', () => {
  assert.deepEqual(keptPaths([], before, before), []);
});

test('what is renamed is meant to be found by its new name', () => {
  const now = schemaOf(users, table('posts', ['id', 'writer_id'], { writer_id: 'users' }));
  const meant = meantBySteps([renamed], before, now, []);
  assert.deepEqual(meant.rows['/v1/users/{id}/posts']?.renamed, { author_id: 'writer_id' });
  assert.deepEqual(meant.paths['/v1/users/{id}/posts'], '/v1/users/{id}/posts');
  assert.deepEqual(meant.reasons, ['posts.author_id is called writer_id']);
});

test('the paths of a dropped table are meant to be gone, and those of another are not', () => {
  const drop = { kind: 'drop-table', table: { name: 'posts' } } as unknown as ChangeStep;
  const { paths, reasons } = meantBySteps([drop], before, schemaOf(users), []);
  assert.deepEqual(paths, { '/v1/users/{id}/posts': null, '/v1/posts': null, '/v1/posts/{id}': null });
  assert.equal(reasons[0], 'posts is gone');
});
