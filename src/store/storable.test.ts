import assert from 'node:assert/strict';
import { test } from 'node:test';
import { storableJson, storableText } from './storable.ts';

test('what Postgres cannot hold is replaced, the rest stays', () => {
  assert.equal(storableText('a\0b'), 'a\u{FFFD}b');
  assert.equal(storableText('\ud83d'), '\u{FFFD}');
  assert.equal(storableText('😀 \\u0000'), '😀 \\u0000');
});

test('strings deep inside JSON are made storable, and undefined is NULL', () => {
  assert.equal(storableJson({ a: ['\0'] }), '{"a":["\u{FFFD}"]}');
  assert.equal(storableJson(undefined), null);
});
