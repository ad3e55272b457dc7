import assert from 'node:assert/strict';
import { test } from 'node:test';
import { columnName, joinName, singularName, snakeCase, tableName } from './names.ts';

test('makes snake_case of any writing', () => {
  assert.equal(snakeCase("Customer's ID-Number"), 'customer_id_number');
  assert.equal(snakeCase('orderItem'), 'order_item');
  assert.equal(snakeCase('Größe'), 'grosse');
  assert.equal(snakeCase('ユーザー'), '');
});

test('names tables in the plural and never by a reserved word', () => {
  assert.equal(tableName('order item'), 'order_items');
  assert.equal(tableName('equipment'), 'equipment');
  assert.equal(tableName('bus'), 'buses');
  assert.equal(columnName('user'), 'user_value');
  assert.equal(columnName('pg_secret'), 'a_pg_secret');
  assert.equal(tableName('😀'), undefined);
});

test('finds back the singular', () => {
  for (const word of ['statuses', 'buses', 'menus', 'categories', 'criteria'])
    assert.equal(tableName(singularName(word)), word);
});

test('keeps what Postgres would cut', () => {
  assert.ok(Buffer.byteLength(joinName('t'.repeat(60), 'c'.repeat(60), 'idx')) <= 62);
  assert.ok(Buffer.byteLength(tableName('very long name '.repeat(20)) ?? '') <= 62);
});
