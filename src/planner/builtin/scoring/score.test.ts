import assert from 'node:assert/strict';
import { test } from 'node:test';
import { likelihood } from './score.ts';

test('is even where nothing was seen, and as sure as what was believed before', () => {
  const none = likelihood('table', ['never seen']);
  assert.equal(likelihood('table', []), none);
  assert.ok(likelihood('table', [], 9) > none);
  assert.ok(likelihood('table', [], 1 / 9) < none);
});

test('takes what has columns of its own for a table rather than what is one word of software', () => {
  assert.ok(likelihood('table', ['several columns told', 'has columns']) > likelihood('table', ['software word']));
});
