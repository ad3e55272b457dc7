import assert from 'node:assert/strict';
import { test } from 'node:test';
import { tableText } from './table.ts';

test('figures are aligned to the right, names and explanations to the left', () => {
  const text = tableText(
    ['way', '', 'ms'],
    [
      ['hot', 'from the pool', '9.5'],
      ['by hand', 'all of it', '100.0'],
    ],
  );
  assert.deepEqual(text.split('\n'), [
    '  way                        ms',
    '  hot      from the pool    9.5',
    '  by hand  all of it      100.0',
  ]);
});
