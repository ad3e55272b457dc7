import type { DatabaseSchema } from '../domain/database-schema.ts';
import type { SchemaDesign } from '../domain/schema-design.ts';

/** A design with one of everything that the catalog is read for; `schema` is left out, as no cluster looks at it. */
export const BLOG: SchemaDesign = {
  schema: { enums: [], tables: [] },
  findings: [],
  statements: [
    { kind: 'enum', sql: "CREATE TYPE mood AS ENUM ('sad', 'ok', 'happy')" },
    {
      kind: 'table',
      sql: `CREATE TABLE users (
              user_id varchar(32) PRIMARY KEY,
              email varchar(255) NOT NULL UNIQUE NULLS NOT DISTINCT,
              mood mood NOT NULL DEFAULT 'ok')`,
    },
    {
      kind: 'table',
      sql: `CREATE TABLE "order" (
              author_id varchar(32) REFERENCES users ON DELETE SET NULL ON UPDATE CASCADE,
              price numeric(12, 2) NOT NULL CHECK (price >= 0),
              tags text[] NOT NULL DEFAULT '{}')`,
    },
    {
      kind: 'table',
      sql: `CREATE TABLE posts (
              post_id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
              author_id varchar(32) NOT NULL REFERENCES users ON DELETE CASCADE,
              title varchar(200) NOT NULL,
              title_length integer GENERATED ALWAYS AS (length(title)) STORED)`,
    },
    { kind: 'index', table: 'posts', sql: 'CREATE INDEX posts_author_id_idx ON posts (author_id)' },
    {
      kind: 'index',
      table: 'posts',
      sql: "CREATE UNIQUE INDEX posts_title_idx ON posts (author_id, lower(title)) WHERE title <> ''",
    },
    { kind: 'comment', table: 'users', sql: "COMMENT ON TABLE users IS 'who writes'" },
    { kind: 'comment', table: 'users', sql: "COMMENT ON COLUMN users.email IS 'where we write to'" },
  ],
};

/** One row in each of two of its tables. */
export const BLOG_ROWS = [
  "INSERT INTO users VALUES ('u1', 'a@example.org', 'ok')",
  "INSERT INTO posts (author_id, title) VALUES ('u1', 'Hello')",
];

/** What the catalog holds once `BLOG` was run. */
export const BLOG_CATALOG: DatabaseSchema = {
  enums: [{ name: 'mood', values: ['sad', 'ok', 'happy'] }],
  tables: [
    {
      name: 'users',
      columns: [
        { name: 'user_id', type: 'character varying(32)', nullable: false },
        { name: 'email', type: 'character varying(255)', nullable: false, comment: 'where we write to' },
        { name: 'mood', type: 'mood', nullable: false, default: "'ok'::mood" },
      ],
      primaryKey: ['user_id'],
      foreignKeys: [],
      uniques: [{ name: 'users_email_key', columns: ['email'], nullsNotDistinct: true }],
      checks: [],
      indexes: [],
      comment: 'who writes',
    },
    {
      name: 'order',
      columns: [
        { name: 'author_id', type: 'character varying(32)', nullable: true },
        { name: 'price', type: 'numeric(12,2)', nullable: false },
        { name: 'tags', type: 'text[]', nullable: false, default: "'{}'::text[]" },
      ],
      primaryKey: [],
      foreignKeys: [
        {
          name: 'order_author_id_fkey',
          columns: ['author_id'],
          referencedTable: 'users',
          referencedColumns: ['user_id'],
          onDelete: 'set null',
          onUpdate: 'cascade',
        },
      ],
      uniques: [],
      checks: [{ name: 'order_price_check', expression: '(price >= (0)::numeric)' }],
      indexes: [],
    },
    {
      name: 'posts',
      columns: [
        { name: 'post_id', type: 'bigint', nullable: false, identity: 'always' },
        { name: 'author_id', type: 'character varying(32)', nullable: false },
        { name: 'title', type: 'character varying(200)', nullable: false },
        { name: 'title_length', type: 'integer', nullable: true, generated: 'length((title)::text)' },
      ],
      primaryKey: ['post_id'],
      foreignKeys: [
        {
          name: 'posts_author_id_fkey',
          columns: ['author_id'],
          referencedTable: 'users',
          referencedColumns: ['user_id'],
          onDelete: 'cascade',
          onUpdate: 'no action',
        },
      ],
      uniques: [],
      checks: [],
      indexes: [
        { name: 'posts_author_id_idx', method: 'btree', unique: false, keys: ['author_id'] },
        {
          name: 'posts_title_idx',
          method: 'btree',
          unique: true,
          keys: ['author_id', 'lower((title)::text)'],
          predicate: "((title)::text <> ''::text)",
        },
      ],
    },
  ],
};
