import assert from 'node:assert/strict';
import { test } from 'node:test';
import { formatCost, formatDuration, formatElapsed, oneLine, padEnd, textWidth, truncate, wrap } from './text.ts';

test('text from outside becomes one line that cannot steer the terminal', () => {
  assert.equal(oneLine('a\nb\u001b[2Jc\u0007\u202ed'), 'a bc d');
});

test('width counts columns: wide signs are two, marks and escape sequences none', () => {
  assert.equal(textWidth('plain'), 5);
  assert.equal(textWidth('\u001b[31mred\u001b[39m'), 3);
  assert.equal(textWidth('漢字'), 4);
  assert.equal(textWidth('e\u0301'), 1);
  assert.equal(textWidth('🙂'), 2);
});

test('truncate never exceeds the width', () => {
  assert.equal(truncate('hello world', 8, '…'), 'hello w…');
  assert.equal(truncate('hello', 5, '…'), 'hello');
  assert.equal(truncate('漢字漢字', 5, '…'), '漢字…');
  assert.equal(truncate('hello', 2, '...'), '..');
  assert.equal(truncate('hello', 0, '…'), '');
  assert.equal(padEnd('漢', 4), '漢  ');
});

test('wrap breaks at spaces and leaves long words whole', () => {
  assert.deepEqual(wrap('one two three', 8), ['one two', 'three']);
  assert.deepEqual(wrap('a verylongword b', 5), ['a', 'verylongword', 'b']);
  assert.deepEqual(wrap('', 5), ['']);
});

test('durations and costs read at a glance', () => {
  assert.deepEqual([812, 3400, 59_940, 59_960, 125_000].map(formatDuration), [
    '812ms',
    '3.4s',
    '59.9s',
    '1m 00s',
    '2m 05s',
  ]);
  assert.deepEqual([-5, 40, 3400].map(formatElapsed), ['0.0s', '0.0s', '3.4s']);
  assert.deepEqual([0, 0.004, 1.2].map(formatCost), ['$0.00', '$0.0040', '$1.20']);
});
