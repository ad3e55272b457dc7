import assert from 'node:assert/strict';
import { test } from 'node:test';
import { findSql } from './sql-texts.ts';

function find(content: string, path = 'src/stats.ts') {
  const { texts, builtLater } = findSql([{ path, content }]);
  return { sql: texts.map((text) => text.sql), lines: texts.map((text) => text.lineAt(0)), builtLater };
}

test('finds statements by what they look like, and by whom they are handed to', () => {
  const source = `
    // SELECT nothing FROM comments
    const all = 'SELECT id FROM posts';
    db.read({ text: "select 1", values: ['SELECT x FROM lists'] });
    client.query('select 2');
    const summary = 'Select a post from the list';
    const method = 'DELETE';
    const quoted = /'SELECT \\d FROM expressions'/.test(all);`;
  const { sql, lines, builtLater } = find(source);
  assert.deepEqual(sql, ['SELECT id FROM posts', 'select 1', 'select 2']);
  assert.deepEqual(lines, [3, 4, 5]);
  assert.equal(builtLater, 1, 'what stands in a list may be a part');
});

test('puts together what the source puts together, constants of the file included', () => {
  const source = [
    "const COLUMNS = 'id, title';",
    'const a = `SELECT ${COLUMNS}',
    '  FROM posts`;',
    "const b = 'DELETE FROM posts ' +",
    "  'WHERE id = $1';",
    'const c = `SELECT ${columnsOf({ a: `}` })} FROM posts`;',
    "const d = 'SELECT id FROM posts ' + order;",
  ].join('\n');
  const { sql, builtLater } = find(source);
  assert.deepEqual(sql, ['SELECT id, title\n  FROM posts', 'DELETE FROM posts WHERE id = $1']);
  assert.equal(builtLater, 2);
});

test('knows the line of every place in a statement', () => {
  const source = "\nconst a = `SELECT id\n  FROM posts`;\nconst b = 'DELETE ' +\n  'FROM posts';";
  const [a, b] = findSql([{ path: 'src/a.ts', content: source }]).texts;
  assert.deepEqual([a?.lineAt(0), a?.lineAt(15)], [2, 3]);
  assert.deepEqual([b?.lineAt(0), b?.lineAt(10)], [4, 5]);
});

test('looks at nothing but the source', () => {
  assert.deepEqual(find("const a = 'SELECT 1 FROM b'", 'test/a.test.ts').sql, []);
});
