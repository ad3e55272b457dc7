import assert from 'node:assert/strict';
import { test } from 'node:test';
import { isFirm, isPartOf } from './ties.ts';

test('a row that is on one thing of several may leave the others empty', () => {
  assert.ok(isFirm('comments', 'post_id', 1));
  assert.ok(!isFirm('comments', 'post_id', 2));
});

test('what a row is sorted under may be missing', () => {
  assert.ok(!isFirm('expenses', 'category_id', 1));
  assert.ok(isFirm('claims', 'policy_id', 1));
});

test('a line goes with its order and never with its product, and money stays', () => {
  assert.ok(isPartOf('order_items', 'orders'));
  assert.ok(!isPartOf('order_items', 'products'));
  assert.ok(!isPartOf('payments', 'invoices'));
  assert.ok(isPartOf('comments', 'posts'));
});
