import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Check, Column, DatabaseSchema, Table } from '../../../domain/database-schema.ts';
import { TurboError } from '../../../domain/errors.ts';
import { readFollowUp } from './read-follow-up.ts';

type Case = readonly [sentence: string, sql: RegExp];

const BLOG: DatabaseSchema = {
  enums: [],
  tables: [
    table('users', {
      name: 'character varying',
      email: 'character varying(254)',
      is_admin: 'boolean',
    }),
    table(
      'posts',
      {
        author_id: 'character varying',
        title: 'character varying(200)',
        body: 'text',
        state: 'character varying(32)',
      },
      { author_id: 'users' },
      [
        {
          name: 'posts_state_check',
          expression: "((state)::text = ANY ((ARRAY['draft'::character varying, 'live'::character varying])::text[]))",
        },
      ],
    ),
    table(
      'comments',
      { post_id: 'character varying', user_id: 'character varying', body: 'text' },
      { post_id: 'posts', user_id: 'users' },
    ),
    table(
      'votes',
      { user_id: 'character varying', post_id: 'character varying' },
      { user_id: 'users', post_id: 'posts' },
    ),
  ],
};

const ON_BLOG: readonly Case[] = [
  ['rename the posts table to articles', /ALTER TABLE posts RENAME TO articles$/],
  ['posts should be renamed to articles', /ALTER TABLE posts RENAME TO articles$/],
  ['Please rename the body of comments to text.', /ALTER TABLE comments RENAME COLUMN body TO "?text"?$/],
  ['the title of posts should be renamed to headline', /ALTER TABLE posts RENAME COLUMN title TO headline$/],
  ['rename posts.title to headline', /ALTER TABLE posts RENAME COLUMN title TO headline$/],
  ['make the email of users optional', /ALTER TABLE users ALTER COLUMN email DROP NOT NULL$/],
  ['email and name should be optional in users', /email DROP NOT NULL;\n.*name DROP NOT NULL$/],
  ['the name of users is now required', /ALTER TABLE users ALTER COLUMN name SET NOT NULL$/],
  ['email must be unique', /ALTER TABLE users ADD UNIQUE \(email\)$/],
  ['add a bio and a birthday to users', /ADD COLUMN bio text;\nALTER TABLE users ADD COLUMN birthday/],
  ['a nickname should be added to users', /ALTER TABLE users ADD COLUMN nickname varchar/],
  ['each post needs a subtitle', /ALTER TABLE posts ADD COLUMN subtitle/],
  ['give users an avatar url', /ALTER TABLE users ADD COLUMN avatar_url text$/],
  ['the state of posts must be removed', /ALTER TABLE posts DROP COLUMN state/],
  ['remove state and title from posts', /DROP COLUMN state CASCADE;\n.*DROP COLUMN title/],
  ['delete the table votes', /DROP TABLE votes CASCADE$/],
  ['the comments table should be dropped', /DROP TABLE comments CASCADE$/],
  ['posts should have tags', /CREATE TABLE tags [^]*CREATE TABLE post_tags/],
  ['users can bookmark posts', /CREATE TABLE bookmarks \([^]*UNIQUE \(user_id, post_id\)/],
  ['users should be able to like comments', /CREATE TABLE likes \([^]*comment_id/],
  ['a post can have several authors', /CREATE TABLE post_authors[^]*INSERT INTO post_authors[^]*DROP COLUMN author_id/],
  ['users may vote only once per post', /ALTER TABLE votes ADD UNIQUE \(user_id, post_id\)$/],
  ['only one vote per user and post', /ALTER TABLE votes ADD UNIQUE \(user_id, post_id\)$/],
  ['the title must be unique per author', /ALTER TABLE posts ADD UNIQUE \(author_id, title\)$/],
  ['posts can also be archived', /CHECK \(state IN \('draft', 'live', 'archived'\)\)$/],
  ['allow scheduled as a state of posts', /DROP CONSTRAINT posts_state_check;\n.*'live', 'scheduled'\)\)$/],
  ['add a state archived to posts', /CHECK \(state IN \('draft', 'live', 'archived'\)\)$/],
  ["the default state of posts should be 'draft'", /ALTER TABLE posts ALTER COLUMN state SET DEFAULT 'draft'$/],
  ['set the default of is_admin in users to false', /ALTER TABLE users ALTER COLUMN is_admin SET DEFAULT false$/],
  ['remove the default of state in posts', /ALTER TABLE posts ALTER COLUMN state DROP DEFAULT$/],
  ['add an index on the title of posts', /CREATE INDEX posts_title_idx ON posts \(title\)$/],
  ['index users by email', /CREATE INDEX users_email_idx ON users \(email\)$/],
  ['soft delete posts', /ALTER TABLE posts ADD COLUMN deleted_at bigint$/],
  ['comments should be soft deleted', /ALTER TABLE comments ADD COLUMN deleted_at bigint$/],
  ['add soft deletion to users', /ALTER TABLE users ADD COLUMN deleted_at bigint$/],
  ['change the title of posts to text', /ALTER TABLE posts ALTER COLUMN title TYPE text$/],
  ['rename title to headline and make email optional', /RENAME COLUMN title TO headline;\n.*email DROP NOT NULL$/],
  ['add a phone number to users, then remove state from posts', /phone_number[^;]*;\n.*DROP COLUMN state/],
  ['users can follow each other', /CREATE TABLE follows \(/],
  ['create a table of newsletters with a subject and a body', /CREATE TABLE newsletters \([^]*subject[^]*body/],
];

const SHOP: DatabaseSchema = {
  enums: [{ name: 'order_status', values: ['open', 'paid'] }],
  tables: [
    table('customers', { name: 'character varying', email: 'character varying(254)' }),
    table('products', {
      name: 'character varying',
      price: 'numeric(12,2)',
      stock: 'integer',
      sku: 'character varying',
    }),
    table(
      'orders',
      { customer_id: 'character varying', status: 'order_status', total: 'character varying' },
      { customer_id: 'customers' },
    ),
    table(
      'order_items',
      { order_id: 'character varying', product_id: 'character varying', quantity: 'integer' },
      { order_id: 'orders', product_id: 'products' },
    ),
  ],
};

const ON_SHOP: readonly Case[] = [
  ['orders can also be refunded', /^ALTER TYPE order_status ADD VALUE 'refunded'$/],
  ['add cancelled to the status of orders', /^ALTER TYPE order_status ADD VALUE 'cancelled'$/],
  ['the status of orders may also be shipped', /^ALTER TYPE order_status ADD VALUE 'shipped'$/],
  ['change the total of orders to a decimal', /ALTER TABLE orders ALTER COLUMN total TYPE numeric\(12,2\)$/],
  ['convert stock to bigint', /ALTER TABLE products ALTER COLUMN stock TYPE bigint$/],
  ['change price to numeric(10,4)', /ALTER TABLE products ALTER COLUMN price TYPE numeric\(10,4\)$/],
  ['store total as a number', /ALTER TABLE orders ALTER COLUMN total TYPE integer$/],
  ['quantity should default to 1', /ALTER TABLE order_items ALTER COLUMN quantity SET DEFAULT 1$/],
  ['set the default stock of products to 0', /ALTER TABLE products ALTER COLUMN stock SET DEFAULT 0$/],
  ['rename order items to order lines', /ALTER TABLE order_items RENAME TO order_lines$/],
  ['add a note to order items', /ALTER TABLE order_items ADD COLUMN note/],
  ['at most one order item per order and product', /ALTER TABLE order_items ADD UNIQUE \(order_id, product_id\)$/],
  ['sku must be unique', /ALTER TABLE products ADD UNIQUE \(sku\)$/],
  ['products should have categories', /CREATE TABLE categories [^]*product_categories/],
  ['customers can review products', /CREATE TABLE reviews \([^]*product_id[^]*rating/],
  ['orders need a due date', /ALTER TABLE orders ADD COLUMN due_date bigint$/],
  ['every product should belong to several suppliers', /suppliers/],
];

const SCHOOL: DatabaseSchema = {
  enums: [],
  tables: [
    table('teachers', { first_name: 'character varying', last_name: 'character varying' }),
    table(
      'courses',
      { teacher_id: 'character varying', title: 'character varying', is_open: 'boolean' },
      { teacher_id: 'teachers' },
    ),
    table(
      'enrollments',
      { student_id: 'character varying', course_id: 'character varying', grade: 'integer' },
      { course_id: 'courses' },
    ),
  ],
};

const ON_SCHOOL: readonly Case[] = [
  ['rename first name to given name', /ALTER TABLE teachers RENAME COLUMN first_name TO given_name$/],
  ['the grade of enrollments should be optional', /ALTER TABLE enrollments ALTER COLUMN grade DROP NOT NULL$/],
  ['make is_open true by default', /ALTER TABLE courses ALTER COLUMN is_open SET DEFAULT true$/],
  ['a course may have several teachers', /CREATE TABLE course_teachers[^]*DROP COLUMN teacher_id/],
  [
    'no more than one enrollment per student and course',
    /ALTER TABLE enrollments ADD UNIQUE \(student_id, course_id\)$/,
  ],
  ['index enrollments by student', /CREATE INDEX enrollments_student_id_idx ON enrollments \(student_id\)$/],
  ['courses should be soft-deleted', /ALTER TABLE courses ADD COLUMN deleted_at bigint$/],
  ['track the room and the start date for courses', /ADD COLUMN room[^;]*;\nALTER TABLE courses ADD COLUMN start_date/],
  ['drop grade from enrollments', /ALTER TABLE enrollments DROP COLUMN grade/],
];

for (const [schema, cases] of [
  [BLOG, ON_BLOG],
  [SHOP, ON_SHOP],
  [SCHOOL, ON_SCHOOL],
] as const)
  for (const [sentence, sql] of cases)
    test(`reads «${sentence}»`, () => {
      assert.match(readFollowUp(sentence, schema).sql, sql);
    });

test('a name that is spelled wrong is refused, and the one that may be meant is named', () => {
  for (const [sentence, name] of [
    ['rename titel to headline in posts', 'title'],
    ['remove staet from posts', 'state'],
    ['drop the coments table', 'comments'],
    ['make emial optional', 'email'],
  ] as const)
    assert.throws(
      () => readFollowUp(sentence, BLOG),
      (error) => error instanceof TurboError && error.message.endsWith(`; did you mean ${name}?`),
      sentence,
    );
});

test('what needs more than a schema, or is not a value of the column, is said', () => {
  assert.match(readFollowUp('soft delete posts', BLOG).warnings.join(), /That takes code/);
  for (const sentence of [
    'set the default stock of products to many',
    'orders can also be paid',
    'users can also be blocked',
    'make the orders faster',
  ])
    assert.throws(() => readFollowUp(sentence, SHOP), { code: 'CHANGE_REFUSED' }, sentence);
});

function table(
  name: string,
  columns: Readonly<Record<string, string>>,
  references: Readonly<Record<string, string>> = {},
  checks: readonly Check[] = [],
): Table {
  return {
    name,
    columns: Object.entries({ id: 'character varying', ...columns }).map(([each, type]): Column => ({
      name: each,
      type,
      nullable: false,
    })),
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
    checks: [...checks],
    indexes: [],
  };
}
