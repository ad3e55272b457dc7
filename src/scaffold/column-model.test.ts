import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Column, Table } from '../domain/database-schema.ts';
import { callSource } from './column-call.ts';
import { columnCall } from './column-model.ts';

const SOURCES: readonly (readonly [Column, string])[] = [
  [column('id', 'character varying(21)'), 'readOnly(nanoId(text({ maxLength: 21 })))'],
  [column('id', 'uuid', { default: 'gen_random_uuid()' }), 'readOnly(defaulted(uuid()))'],
  [column('id', 'text'), 'nanoId(text())'],
  [column('email', 'character varying(254)'), "text({ maxLength: 254, format: 'email' })"],
  [column('code', 'character varying(4)'), 'text({ maxLength: 4 })'],
  [column('email', 'character varying(10)'), 'text({ maxLength: 10 })'],
  [column('ends_at', 'bigint'), 'unixTime()'],
  [
    column('title', 'character varying(80)', { nullable: true }),
    "nullable(text({ maxLength: 80, minLength: 1, pattern: '\\\\S' }))",
  ],
  [column('price', 'numeric(12,2)'), 'numeric(12, 2, { minimum: 0 })'],
  [column('status', 'text', { default: "'new'" }), "defaulted(oneOf(['new', 'done']))"],
  [column('mood', 'mood[]'), `array(oneOf(["it's"], 'mood'))`],
  [column('user_id', 'uuid'), "references('users', 'id', uuid())"],
  [column('number', 'bigint', { identity: 'always' }), 'readOnly(bigint())'],
  [column('serial', 'integer', { default: "nextval('s'::regclass)" }), 'readOnly(integer())'],
  [
    column('updated_at', 'bigint', { default: '(EXTRACT(epoch FROM now()))::bigint' }),
    "touched(readOnly(defaulted(unixTime())), 'default')",
  ],
  [column('created_at', 'bigint'), 'readOnly(stamped(unixTime()))'],
  [column('password', 'text'), 'secret(text())'],
  [column('password_hash', 'character varying(60)'), 'secret(text({ maxLength: 60 }), 60)'],
  [column('api_key', 'text'), 'writeOnly(text())'],
  [column('search', 'tsvector', { nullable: true }), "readOnly(nullable(opaque(written('tsvector'))))"],
  [column('ip', 'inet', { comment: 'where from */' }), "described('where from * /', written('inet'))"],
];

for (const [of, source] of SOURCES) {
  test(`${of.name} ${of.type} is ${source}`, () => {
    const call = columnCall(of, tableWith(of), ['id'], { enums: [{ name: 'mood', values: ["it's"] }], tables: [] });
    assert.equal(callSource(call), source);
  });
}

function column(name: string, type: string, rest: Partial<Column> = {}): Column {
  return { name, type, nullable: false, ...rest };
}

function tableWith(of: Column): Table {
  const reference = { name: 'fk', referencedTable: 'users', onDelete: 'cascade', onUpdate: 'no action' } as const;
  return {
    name: 'things',
    columns: [of],
    primaryKey: ['id'],
    foreignKeys: [{ ...reference, columns: ['user_id'], referencedColumns: ['id'] }],
    uniques: [],
    checks: [
      { name: 'a', expression: '(price >= (0)::numeric)' },
      { name: 'b', expression: "(status = ANY (ARRAY['new'::text, 'done'::text]))" },
    ],
    indexes: [],
  };
}
