import assert from 'node:assert/strict';
import { test } from 'node:test';
import { nounRole, roleColumns } from './noun-roles.ts';

test('knows by its last word what a row is, and by its ending what happens', () => {
  assert.equal(nounRole('driver_payouts'), 'payment');
  assert.equal(nounRole('gift_aid_declarations'), 'document');
  assert.equal(nounRole('kilns'), 'machine');
  assert.equal(nounRole('feedings'), 'happening');
  assert.equal(nounRole('pollinations'), 'happening');
  assert.equal(nounRole('buildings'), undefined);
  assert.equal(nounRole('widgets'), undefined);
});

test('gives what happens a time, a payment an amount, a document a title and a text', () => {
  assert.deepEqual(columns('launches'), ['occurred_at bigint', 'notes text']);
  assert.equal(columns('payouts')?.[0], 'amount numeric(12,2)');
  assert.deepEqual(columns('chapters'), ['title varchar(255)', 'body text']);
  assert.equal(columns('widgets'), undefined);
});

function columns(table: string): string[] | undefined {
  return roleColumns(table)?.map(({ name, type }) => `${name} ${type}`);
}
