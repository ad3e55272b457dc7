import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Column, DatabaseSchema, Table } from '../domain/database-schema.ts';
import { sampleRows } from './sample-rows.ts';

test('rows refer to rows that are there, and to no row twice where a reference is unique', () => {
  const users = table('users', [column('id', 'character varying(21)')], { primaryKey: ['id'] });
  const profiles = table('profiles', [column('user_id', 'character varying(21)')], {
    primaryKey: ['user_id'],
    foreignKeys: [reference('user_id', 'users')],
  });
  const rows = rowsOf(schema(users, profiles), 4);
  assert.deepEqual(
    rows['profiles']?.map((row) => row['user_id']).toSorted(),
    rows['users']?.map((row) => row['id']).toSorted(),
  );
});

test('a junction pairs each two rows at most once, and stops when all pairs are taken', () => {
  const left = table('tags', [column('id', 'text')], { primaryKey: ['id'] });
  const right = table('flags', [column('on', 'boolean')], { primaryKey: ['on'] });
  const junction = table('tag_flags', [column('tag', 'text'), column('flag', 'boolean')], {
    primaryKey: ['tag', 'flag'],
    foreignKeys: [reference('tag', 'tags'), reference('flag', 'flags', 'on')],
  });
  const rows = rowsOf(schema(left, right, junction), 9);
  assert.equal(rows['flags']?.length, 2);
  assert.equal(new Set(rows['tag_flags']?.map((row) => JSON.stringify([row['tag'], row['flag']]))).size, 9);
});

test('a row may refer to an earlier one of its own table; the first to none', () => {
  const categories = table('categories', [column('id', 'text'), column('parent_id', 'text', { nullable: true })], {
    primaryKey: ['id'],
    foreignKeys: [reference('parent_id', 'categories')],
  });
  const [first, second] = rowsOf(schema(categories), 2)['categories'] ?? [];
  assert.equal(first?.['parent_id'], null);
  assert.equal(second?.['parent_id'], first?.['id']);
});

test('where every row must refer to one of its own table, the first refers to itself', () => {
  const nodes = table('nodes', [column('id', 'integer'), column('parent', 'integer')], {
    primaryKey: ['id'],
    foreignKeys: [reference('parent', 'nodes')],
  });
  const [first] = rowsOf(schema(nodes), 1)['nodes'] ?? [];
  assert.equal(first?.['parent'], first?.['id']);
});

test('a numbered row is left to Postgres and referred to by its place', () => {
  const orders = table('orders', [column('id', 'bigint', { identity: 'always' }), column('note', 'text')], {
    primaryKey: ['id'],
  });
  const lines = table('lines', [column('order_id', 'bigint')], { foreignKeys: [reference('order_id', 'orders')] });
  const rows = rowsOf(schema(orders, lines), 2);
  assert.deepEqual(Object.keys(rows['orders']?.[0] ?? {}), ['note']);
  assert.deepEqual(
    rows['lines']?.map((row) => ({ ...row })),
    [{ order_id: 1 }, { order_id: 2 }],
  );
});

test('rows keep to checks, as Postgres prints them', () => {
  const events = table(
    'events',
    [
      column('starts_at', 'bigint'),
      column('ends_at', 'bigint'),
      column('rating', 'integer'),
      column('status', 'text'),
      column('code', 'character varying(8)'),
      column('price', 'numeric(8,2)'),
      column('a', 'integer', { nullable: true }),
      column('b', 'integer', { nullable: true }),
    ],
    {
      checks: [
        check('ends_at < starts_at'),
        check('((rating >= 1) AND (rating <= 5))'),
        check("((status)::text = ANY ((ARRAY['draft'::character varying, 'it''s'::character varying])::text[]))"),
        check("((code)::text ~ '^[A-Z]{3}-\\d{4}$'::text)"),
        check('(price > (999)::numeric)'),
        check('(num_nonnulls(a, b) = 1)'),
      ],
    },
  );
  const rows = rowsOf(schema(events), 6)['events'] ?? [];
  assert.equal(rows.length, 6);
  for (const row of rows) {
    assert.ok(Number(row['ends_at']) < Number(row['starts_at']));
    assert.ok(Number(row['rating']) >= 1 && Number(row['rating']) <= 5);
    assert.ok(['draft', "it's"].includes(String(row['status'])));
    assert.match(String(row['code']), /^[A-Z]{3}-\d{4}$/);
    assert.ok(Number(row['price']) > 999);
    assert.match(String(row['price']), /^\d+\.\d{2}$/);
    assert.equal([row['a'], row['b']].filter((value) => value !== null).length, 1);
  }
});

test('text fits its column', () => {
  const tight = table(
    'tight',
    [column('a', 'character(2)'), column('email', 'character varying(5)'), column('b', 'character varying(1)')],
    {
      uniques: [{ name: 'u', columns: ['a'], nullsNotDistinct: false }],
    },
  );
  for (const row of rowsOf(schema(tight), 5)['tight'] ?? []) {
    assert.ok(String(row['a']).length <= 2 && String(row['email']).length <= 5 && String(row['b']).length === 1);
  }
});

type Rows = Readonly<Record<string, readonly Readonly<Record<string, unknown>>[]>>;

function rowsOf(of: DatabaseSchema, count: number): Rows {
  const tables = sampleRows(of, count);
  assert.deepEqual(sampleRows(of, count), tables);
  return Object.fromEntries(tables.map(({ table: name, rows }) => [name, rows]));
}

function schema(...tables: readonly Table[]): DatabaseSchema {
  return { enums: [], tables };
}

function table(name: string, columns: readonly Column[], rest: Partial<Table>): Table {
  return { name, columns, primaryKey: [], foreignKeys: [], uniques: [], checks: [], indexes: [], ...rest };
}

function column(name: string, type: string, rest: Partial<Column> = {}): Column {
  return { name, type, nullable: false, ...rest };
}

function reference(from: string, to: string, key = 'id'): Table['foreignKeys'][number] {
  return {
    name: 'fk',
    columns: [from],
    referencedTable: to,
    referencedColumns: [key],
    onDelete: 'no action',
    onUpdate: 'no action',
  };
}

function check(expression: string): Table['checks'][number] {
  return { name: 'check', expression };
}

test('bits, digits and ranges fit the type that was declared', () => {
  const odd = table(
    'odd',
    [
      column('id', 'integer', { identity: 'always' }),
      column('flags', 'bit(4)'),
      column('short', 'bit varying(2)'),
      column('small', 'numeric(3,5)'),
      column('large', 'numeric(3,-2)'),
      column('rate', 'numeric(2,2)'),
      column('spans', 'int4multirange'),
      column('constructor', 'text', { nullable: true }),
    ],
    { primaryKey: ['id'] },
  );
  for (const row of rowsOf(schema(odd), 5)['odd'] ?? []) {
    assert.match(String(row['flags']), /^[01]{4}$/);
    assert.match(String(row['short']), /^[01]{1,2}$/);
    assert.match(String(row['small']), /^0\.00\d{3}$/);
    assert.match(String(row['large']), /^\d{1,3}00$/);
    assert.match(String(row['rate']), /^0\.\d\d$/);
    assert.match(String(row['spans']), /^\{\[\d+,\d+\)\}$/);
    assert.equal(typeof row['constructor'], 'string');
    assert.equal(row['toString'], undefined);
  }
});
