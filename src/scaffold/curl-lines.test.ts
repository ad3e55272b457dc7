import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Column, DatabaseSchema, Table } from '../domain/database-schema.ts';
import { curlLines } from './curl-lines.ts';
import { modelTables } from './table-model.ts';

const id = text('id');
const users = table('users', [id, text("it's")]);
const follows = {
  ...table('follows', [id, text('follower_id'), text('followee_id')]),
  foreignKeys: [reference('follower_id'), reference('followee_id')],
};

test('later lines use the keys that earlier ones have kept', () => {
  const lines = linesOf({ enums: [], tables: [users, follows] });
  assert.deepEqual(lines['users']?.slice(0, 3), [
    `USER_ID=$(curl -s "$API/v1/users" -H 'content-type: application/json' -d '{"it'\\''s":"It s 6"}' | field 'id')`,
    'curl -s "$API/v1/users?limit=10"',
    'curl -s "$API/v1/users/$USER_ID"',
  ]);
  assert.ok(lines['follows']?.some((line) => line.includes(`"follower_id":"'"$USER_ID"'"`)));
});

test('two references to one table get two rows of it', () => {
  const lines = linesOf({ enums: [], tables: [users, follows] })['follows'] ?? [];
  assert.match(lines[0] ?? '', /^OTHER_USER_ID=\$\(curl -s "\$API\/v1\/users"/);
  assert.ok(lines[1]?.includes(`"followee_id":"'"$OTHER_USER_ID"'"`));
});

function linesOf(schema: DatabaseSchema): Readonly<Record<string, readonly string[]>> {
  const lines = curlLines(schema, modelTables(schema), 5);
  return Object.fromEntries(lines.map((of) => [of.model.table.name, of.lines]));
}

function table(name: string, columns: readonly Column[]): Table {
  return { name, columns, primaryKey: ['id'], foreignKeys: [], uniques: [], checks: [], indexes: [] };
}

function text(name: string): Column {
  return { name, type: 'text', nullable: false };
}

function reference(column: string): Table['foreignKeys'][number] {
  const rule = {
    referencedTable: 'users',
    referencedColumns: ['id'],
    onDelete: 'cascade',
    onUpdate: 'no action',
  } as const;
  return { name: column, columns: [column], ...rule };
}
