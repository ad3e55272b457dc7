import assert from 'node:assert/strict';
import { test } from 'node:test';
import { BUNDLES } from './bundles.ts';
import { findBundle, findEntity } from './entity-library.ts';

test('finds an entity by any of its names and in any number', () => {
  assert.equal(findEntity('Clients')?.name, 'customers');
  assert.equal(findEntity('order item')?.name, 'order_items');
  assert.equal(findEntity('gadgetoid'), undefined);
});

test('knows every table that a bundle names', () => {
  const tables = BUNDLES.split('\n')
    .filter(Boolean)
    .flatMap((line) => (line.split(': ')[1] ?? '').split(', '));
  const strangers = tables.filter((table) => findEntity(table) === undefined && table !== 'items');
  assert.deepEqual(strangers, []);
});

test('prefers the longest name of a product', () => {
  assert.deepEqual(findBundle(['a', 'food', 'delivery', 'app'])?.slice(0, 2), ['customers', 'restaurants']);
  assert.equal(findBundle(['nothing', 'known']), undefined);
});
