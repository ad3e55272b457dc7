import assert from 'node:assert/strict';
import { test } from 'node:test';
import { proseLine, quoted } from './code-text.ts';
import { markdownCellCode, markdownText } from './markdown-text.ts';

test('text from outside is neither markup nor HTML', () => {
  assert.equal(markdownText('# a\n<b> [x](y) `z`'), '\\# a \\<b\\> \\[x\\]\\(y\\) \\`z\\`');
});

test('code holds backticks and bars', () => {
  assert.equal(markdownCellCode('a`b|c'), '`` a`b\\|c ``');
});

test('prose ends no comment and turns no text around', () => {
  assert.equal(proseLine('a */ b\u202e\nc'), 'a * / b c');
});

test('a literal holds any text', () => {
  // eslint-disable-next-line no-eval
  for (const text of [`it's`, `"`, `'"\\`, '\u2028\u202e\0\n', '${x}`']) assert.equal(eval(quoted(text)), text);
});
