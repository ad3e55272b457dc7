import assert from 'node:assert/strict';
import { test } from 'node:test';
import { inferColumn } from './infer-column.ts';

test('tells the type from the name', () => {
  const types = {
    title: 'varchar(255)',
    description: 'text',
    price: 'numeric(12,2)',
    quantity: 'integer',
    order_date: 'bigint',
    starts_at: 'bigint',
    is_active: 'boolean',
    email: 'varchar(254)',
    latitude: 'double precision',
    metadata: 'jsonb',
    weight: 'numeric',
    phone_number: 'varchar(32)',
    date_of_birth: 'bigint',
    number_of_pages: 'integer',
  };
  for (const [name, type] of Object.entries(types)) assert.equal(inferColumn(name).type, type, name);
});

test('keeps passwords hashed and names flags as such', () => {
  assert.equal(inferColumn('password').name, 'password_hash');
  assert.equal(inferColumn('published').name, 'is_published');
});

test('keeps counts and prices from going below zero', () => {
  assert.equal(inferColumn('stock').check, '>= 0');
  assert.equal(inferColumn('unit_price').check, '>= 0');
});
