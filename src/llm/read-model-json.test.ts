import assert from 'node:assert/strict';
import { test } from 'node:test';
import { readModelJson } from './read-model-json.ts';

const need = { needsDatabase: true, reasoning: 'users stay' };

const spellings: Readonly<Record<string, string>> = {
  plain: '{"needsDatabase":true,"reasoning":"users stay"}',
  'in a fence': '```json\n{"needsDatabase": true, "reasoning": "users stay"}\n```',
  'between prose': 'Here it is:\n{"needsDatabase": true, "reasoning": "users stay"}\nHope this helps!',
  'after thoughts': '<think>maybe {"needsDatabase": false}</think>{"needsDatabase": true, "reasoning": "users stay"}',
  'with trailing commas': '{"needsDatabase": true, "reasoning": "users stay",}',
  'with comments': '{"needsDatabase": true, // yes\n /* why */ "reasoning": "users stay"}',
  'with single quotes and bare keys': "{needsDatabase: True, reasoning: 'users stay'}",
};

for (const [how, text] of Object.entries(spellings)) {
  test(`reads an object ${how}`, () => assert.deepEqual(readModelJson(text), [need]));
}

test('reads strings with raw line breaks, needless escapes and quotes of other kinds', () => {
  const text = '{"sql": "CREATE TABLE a (\n\tid text DEFAULT \\\'x\\\'\n)", "b": `it\'s`, "c": "\\u00e9\\n"}';
  assert.deepEqual(readModelJson(text), [{ sql: "CREATE TABLE a (\n\tid text DEFAULT 'x'\n)", b: "it's", c: 'é\n' }]);
});

test('finds every value in order, and passes over what is none', () => {
  assert.deepEqual(readModelJson('a {set} of [1, 2,] and {"x": {"y": [null, -1.5e3]}} or {broken'), [
    [1, 2],
    { x: { y: [null, -1500] } },
  ]);
});

test('what is cut off is not JSON', () => {
  assert.deepEqual(readModelJson('{"tables": [{"tableName": "users", "createQuery": "CREATE TAB'), []);
});

test('takes any text in little time', () => {
  const startedAt = performance.now();
  for (const text of [
    '{'.repeat(200_000),
    '[1,'.repeat(100_000),
    ' '.repeat(300_000),
    '"{'.repeat(100_000),
    '',
    '42',
  ]) {
    assert.deepEqual(readModelJson(text), []);
  }
  assert.ok(performance.now() - startedAt < 3000);
});

test('a key cannot reach an object’s prototype', () => {
  const [value] = readModelJson('{"__proto__": {"polluted": true},}');
  assert.deepEqual(Object.keys(value as object), ['__proto__']);
  assert.equal((value as Record<string, unknown>)['polluted'], undefined);
});
