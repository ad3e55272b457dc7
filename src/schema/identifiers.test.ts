import assert from 'node:assert/strict';
import { test } from 'node:test';
import { objectName, toSnakeCase } from './identifiers.ts';
import { isReservedWord, quoteIdentifier } from './schema.ts';

test('knows the words that cannot be a bare name', () => {
  for (const word of ['user', 'ORDER', 'group', 'end', 'like', 'left']) assert.ok(isReservedWord(word), word);
  for (const word of ['users', 'name', 'status', 'type', 'value', 'constructor'])
    assert.ok(!isReservedWord(word), word);
});

test('quotes what needs it', () => {
  assert.equal(quoteIdentifier('users'), 'users');
  for (const name of ['order', 'Users', '1st', 'a b', 'é', 'time', ''])
    assert.equal(quoteIdentifier(name), `"${name}"`);
  assert.equal(quoteIdentifier('a"b'), '"a""b"');
});

test('spells names in snake_case', () => {
  const names = {
    userId: 'user_id',
    UserID: 'user_id',
    'User Name': 'user_name',
    HTMLPage: 'html_page',
    a1B: 'a1_b',
    _x: '_x',
    ' _X y-': '_x_y',
    'naïve-flag': 'naïve_flag',
    ok: 'ok',
  };
  for (const [name, snake] of Object.entries(names)) assert.equal(toSnakeCase(name), snake);
});

test('cuts a made-up name to what Postgres keeps, and steps aside for one that is taken', () => {
  assert.equal(
    objectName('posts', 'author_id', 'fkey', () => false),
    'posts_author_id_fkey',
  );
  assert.equal(
    objectName('posts', '', 'pkey', (name) => name === 'posts_pkey'),
    'posts_pkey1',
  );
  const long = objectName('t'.repeat(60), 'é'.repeat(30), 'idx', () => false);
  assert.ok(Buffer.byteLength(long) <= 63 && long.isWellFormed() && long.endsWith('_idx'));
});
