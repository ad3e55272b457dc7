import assert from 'node:assert/strict';
import { test } from 'node:test';
import { readView } from './mcp-access.ts';

test('a query says what a connection sees', () => {
  assert.deepEqual(readView({}), { readOnly: false, project: undefined });
  assert.deepEqual(readView({ read_only: 'true' }), { readOnly: true, project: undefined });
  assert.deepEqual(readView({ read_only: '', project: 'blog' }), { readOnly: true, project: 'blog' });
  assert.deepEqual(readView({ read_only: 'false' }), { readOnly: false, project: undefined });
});

test('what it does not know is refused, rather than giving more than was asked for', () => {
  for (const query of [
    { readonly: 'true' },
    { read_only: 'yes' },
    { read_only: ['true', 'false'] },
    { read_only: 'constructor' },
    { project: '' },
    { project: ['a', 'b'] },
  ]) {
    assert.throws(() => readView(query), { code: 'USAGE' }, JSON.stringify(query));
  }
});
