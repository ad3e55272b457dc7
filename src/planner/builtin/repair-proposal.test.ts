import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Finding } from '../../domain/schema-design.ts';
import { designSchema } from './design-schema.ts';
import { repairProposal } from './repair-proposal.ts';

const proposal = designSchema('a REST API for a blog with users, posts and comments');

function objection(finding: Partial<Finding>): Finding {
  return { severity: 'error', code: 'refused', message: 'refused', ...finding };
}

test('drops the column that is objected to', () => {
  const finding = objection({ table: 'posts', message: 'column "slug" is not wanted' });
  const { tables, warnings } = repairProposal({ proposal, findings: [finding] });
  const posts = tables.find(({ tableName }) => tableName === 'posts');
  assert.ok(posts?.columns?.every(({ name }) => name !== 'slug'));
  assert.doesNotMatch(posts?.createQuery ?? '', /slug/);
  assert.match(warnings.at(-1) ?? '', /Changed table posts/);
});

test('drops a table with the keys that point at it when nothing less helps', () => {
  const { tables } = repairProposal({ proposal, findings: [objection({ table: 'posts' })] });
  assert.deepEqual(
    tables.map(({ tableName }) => tableName),
    ['users', 'comments'],
  );
  assert.doesNotMatch(tables.map(({ createQuery }) => createQuery).join('\n'), /posts|post_id/);
});

test('drops the index that is objected to', () => {
  const statement = 'CREATE INDEX comments_post_id_idx ON comments (post_id)';
  const { tables } = repairProposal({ proposal, findings: [objection({ table: 'comments', statement })] });
  assert.doesNotMatch(tables.map(({ createQuery }) => createQuery).join('\n'), /comments_post_id_idx/);
});

test('gives up with a fix when it cannot tell what to change', () => {
  assert.throws(() => repairProposal({ proposal, findings: [objection({ fix: 'Write it by hand.' })] }), {
    code: 'SCHEMA_DESIGN_FAILED',
    fix: 'Write it by hand.',
  });
});
