import assert from 'node:assert/strict';
import { test } from 'node:test';
import { sourceHash } from './source-file.ts';

test('the hash depends on paths and contents, not on their order', () => {
  const a = { path: 'a.ts', content: '1' };
  const b = { path: 'b.ts', content: '2' };
  assert.equal(sourceHash([a, b]), sourceHash([b, a]));
  assert.notEqual(sourceHash([a]), sourceHash([a, b]));
});

test('content cannot pass for a path', () => {
  assert.notEqual(sourceHash([{ path: 'ab', content: 'c' }]), sourceHash([{ path: 'a', content: 'bc' }]));
});
