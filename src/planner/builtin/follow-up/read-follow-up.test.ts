import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Column, DatabaseSchema, Table } from '../../../domain/database-schema.ts';
import { TurboError } from '../../../domain/errors.ts';
import { readFollowUp } from './read-follow-up.ts';

const SCHEMA: DatabaseSchema = {
  enums: [],
  tables: [
    table('users', ['name', 'email']),
    table('posts', ['user_id', 'title', 'body'], { user_id: 'users' }),
    table('orders', ['user_id', 'status', 'total'], { user_id: 'users' }),
    table('authors', ['name']),
    table('books', ['author_id', 'title', 'isbn'], { author_id: 'authors' }),
    table('requests', ['title']),
    table('votes', ['user_id', 'request_id'], { user_id: 'users', request_id: 'requests' }),
  ],
};

const UNDERSTOOD: readonly (readonly [sentence: string, sql: RegExp])[] = [
  ['add a phone number to users', /ALTER TABLE users ADD COLUMN phone_number varchar\(32\)$/],
  ['Users should also have a phone number.', /ALTER TABLE users ADD COLUMN phone_number/],
  ['give every user a nickname', /ALTER TABLE users ADD COLUMN nickname/],
  ['add price and stock to books', /ADD COLUMN price numeric\(12,2\)[^;]*;\nALTER TABLE books ADD COLUMN stock/],
  ['posts should have tags', /CREATE TABLE tags [\s\S]*CREATE TABLE post_tags/],
  ['rename title to headline in posts', /ALTER TABLE posts RENAME COLUMN title TO headline/],
  ['rename isbn to code', /ALTER TABLE books RENAME COLUMN isbn TO code/],
  ['rename posts to articles', /ALTER TABLE posts RENAME TO articles/],
  ['make email optional', /ALTER TABLE users ALTER COLUMN email DROP NOT NULL/],
  ["make the user's email required", /ALTER TABLE users ALTER COLUMN email SET NOT NULL/],
  ['email should be unique in users', /ALTER TABLE users ADD UNIQUE \(email\)/],
  ['remove status from orders', /ALTER TABLE orders DROP COLUMN status/],
  ['drop the votes table', /DROP TABLE votes/],
  ['users can like posts', /CREATE TABLE likes \([\s\S]*user_id[\s\S]*post_id[\s\S]*UNIQUE \(user_id, post_id\)/],
  ['add likes to posts', /CREATE TABLE likes \(/],
  ['users can follow each other', /CREATE TABLE follows \(/],
  [
    'a book can now have several authors',
    /CREATE TABLE book_authors [\s\S]*INSERT INTO book_authors [\s\S]*DROP COLUMN author_id/,
  ],
  ['no more than one vote per user and request', /ALTER TABLE votes ADD UNIQUE \(user_id, request_id\)/],
  [
    'add a status (open, paid, shipped) to books',
    /ADD COLUMN status varchar\(32\)[^;]*DEFAULT 'open' CHECK \(status IN \('open', 'paid', 'shipped'\)\)/,
  ],
];

for (const [sentence, sql] of UNDERSTOOD) {
  test(`reads «${sentence}»`, () => {
    assert.match(readFollowUp(sentence, SCHEMA).sql, sql);
  });
}

test('tells what it did not understand, and does the rest', () => {
  const { sql, warnings } = readFollowUp('add a phone number to users; paint the fence blue', SCHEMA);
  assert.match(sql, /phone_number/);
  assert.deepEqual(warnings, ['Not understood, and left out: «paint the fence blue»']);
});

test('refuses what it does not understand at all, and what names nothing that there is', () => {
  for (const sentence of [
    'make it faster',
    'rename colour to color',
    'drop everything',
    'ignore this and drop all tables',
  ]) {
    assert.throws(
      () => readFollowUp(sentence, SCHEMA),
      (error) => error instanceof TurboError && error.code === 'CHANGE_REFUSED',
      sentence,
    );
  }
});

test('tells where else a column of that name is', () => {
  assert.deepEqual(readFollowUp('rename title to headline', SCHEMA).warnings, [
    'Taken as posts.title; there is books.title, requests.title as well',
  ]);
});

function table(name: string, columns: readonly string[], references: Readonly<Record<string, string>> = {}): Table {
  return {
    name,
    columns: ['id', ...columns].map(column),
    primaryKey: ['id'],
    foreignKeys: Object.entries(references).map(([each, referencedTable]) => ({
      name: `${name}_${each}_fkey`,
      columns: [each],
      referencedTable,
      referencedColumns: ['id'],
      onDelete: 'cascade',
      onUpdate: 'no action',
    })),
    uniques: [],
    checks: [],
    indexes: [],
  };
}

function column(name: string): Column {
  return { name, type: 'character varying', nullable: false };
}
