import assert from 'node:assert/strict';
import { test } from 'node:test';
import { splitStatements } from './split-statements.ts';

test('splits at semicolons that stand outside of quotes and comments', () => {
  const statements = [
    `a ';' "x;""y" b`,
    `E'\\';' c`,
    'd $$;$$ e',
    'f $tag$; $$ ; $tag$ g',
    `h /* ; /* ; */ ; */ i -- ;\n j`,
    'a$b$ 1',
    `é 'it''s;'`,
  ];
  assert.deepEqual(splitStatements(statements.join(' ; ')), statements);
});

test('leaves out comments around a statement and statements without words', () => {
  assert.deepEqual(splitStatements(' ;; -- x\n /* y */ a /* z */ ; -- end'), ['a']);
  assert.deepEqual(splitStatements(''), []);
});

test('says when a quote or a comment does not end', () => {
  for (const text of ["a 'b", 'a "b', 'a /* b', '/* /* */', "a E'b\\'", 'a $x$ b $$', '$$'])
    assert.equal(splitStatements(text), undefined, text);
});

test('takes a megabyte in a moment', () => {
  for (const text of [';', 'a;', ' ', '$', '$$', '/*', '--\n', "'"]) {
    const startedAt = performance.now();
    splitStatements(text.repeat(1_000_000 / text.length));
    assert.ok(performance.now() - startedAt < 5000, text);
  }
  const tags = Array.from({ length: 100_000 }, (_, index) => `$t${index}$`).join(' ');
  assert.equal(splitStatements(tags), undefined);
});
