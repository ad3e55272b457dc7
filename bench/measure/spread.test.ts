import assert from 'node:assert/strict';
import { test } from 'node:test';
import { ratioOf, ratioText, spreadOf, spreadText } from './spread.ts';

test('the median of an even number of samples lies between the two in the middle', () => {
  assert.deepEqual(spreadOf([4, 1, 3, 2]), { median: 2.5, min: 1, max: 4 });
  assert.deepEqual(spreadOf([30, 4, 100]), { median: 30, min: 4, max: 100 });
  assert.deepEqual(spreadOf([7]), { median: 7, min: 7, max: 7 });
});

test('a ratio is taken round by round, so that a slow round does not count', () => {
  assert.deepEqual(ratioOf([10, 200, 30], [5, 100, 10]), { median: 2, min: 2, max: 3 });
});

test('a spread is written with its least and its most', () => {
  assert.equal(spreadText({ median: 12.34, min: 11, max: 14.8 }), '12.3 (11.0–14.8)');
  assert.equal(spreadText({ median: 1234.5, min: 999.6, max: 2000 }, 0), '1235 (1000–2000)');
  assert.equal(ratioText({ median: 1.4, min: 1.375, max: 2 }), '1.40x (1.38–2.00)');
});
