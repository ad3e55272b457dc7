import assert from 'node:assert/strict';
import { test } from 'node:test';
import { linesAfter } from './logs.ts';

test('finds what a log has grown by', () => {
  assert.deepEqual(linesAfter([], ['a']), ['a']);
  assert.deepEqual(linesAfter(['a', 'b'], ['a', 'b']), []);
  assert.deepEqual(linesAfter(['a', 'b'], ['a', 'b', 'c']), ['c']);
});

test('also when the window has moved or the log began anew', () => {
  assert.deepEqual(linesAfter(['a', 'b', 'c'], ['b', 'c', 'd']), ['d']);
  assert.deepEqual(linesAfter(['a', 'b'], ['x']), ['x']);
  assert.deepEqual(linesAfter(['a', 'a', 'a'], ['a', 'a', 'a', 'a']), ['a']);
});
