import assert from 'node:assert/strict';
import { test } from 'node:test';
import { OutputWindow } from './output-window.ts';

test('keeps everything that fits, whole characters across the border', () => {
  const window = new OutputWindow(4);
  for (const byte of Buffer.from('abcäef')) window.add(Buffer.from([byte]));
  assert.equal(window.text(), 'abcäef');
});

test('keeps the beginning and the end of what does not fit, and says how much it left out', () => {
  const window = new OutputWindow(4);
  window.add(Buffer.from('begin and'));
  window.add(Buffer.from(' a middle '));
  window.add(Buffer.from('the end'));
  assert.equal(window.totalBytes, 26);
  assert.equal(window.text(), 'begi\n… 18 bytes left out …\n end');
});
