import assert from 'node:assert/strict';
import { test } from 'node:test';
import { nearestName } from './nearest-name.ts';

const NAMES = ['blog', 'book-shop', 'up', 'list', 'lost'];

test('finds the name that was mistyped, the nearest first', () => {
  assert.equal(nearestName('blgo', NAMES), 'blog');
  assert.equal(nearestName('Blog', NAMES), 'blog');
  assert.equal(nearestName('bok-shp', NAMES), 'book-shop');
  assert.equal(nearestName('losst', NAMES), 'lost');
});

test('knows nothing that is near to an unlike word, or to a name of two letters', () => {
  assert.equal(nearestName('warehouse', NAMES), undefined);
  assert.equal(nearestName('us', NAMES), undefined);
  assert.equal(nearestName('', NAMES), undefined);
});
