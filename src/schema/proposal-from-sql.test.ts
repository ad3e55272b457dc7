import assert from 'node:assert/strict';
import { test } from 'node:test';
import { checkProposal, proposalFromSql } from './schema.ts';

test('puts every statement with the table it is about', async () => {
  const { tables } = await proposalFromSql(`
    -- a comment; with a semicolon
    CREATE TYPE mood AS ENUM ('a;b');
    CREATE TABLE users (id varchar PRIMARY KEY, mood mood DEFAULT 'a;b');
    CREATE TABLE posts (id varchar PRIMARY KEY, user_id varchar);
    CREATE INDEX ON users (mood);
    ALTER TABLE ONLY public.posts ADD CONSTRAINT p FOREIGN KEY (user_id) REFERENCES users (id);
    COMMENT ON COLUMN posts.user_id IS 'who';`);
  assert.deepEqual(
    tables.map(({ tableName }) => tableName),
    ['users', 'posts'],
  );
  assert.match(tables[0]?.createQuery ?? '', /^CREATE TYPE mood[\s\S]*CREATE TABLE users[\s\S]*CREATE INDEX/);
  assert.match(tables[1]?.createQuery ?? '', /^CREATE TABLE posts[\s\S]*ALTER TABLE[\s\S]*COMMENT ON/);
});

test('hands on what is refused, so that the check names it', async () => {
  const proposal = await proposalFromSql(`
    SET statement_timeout = 0;
    SELECT pg_catalog.set_config('search_path', '', false);
    \\connect other
    CREATE TABLE public.users (id varchar PRIMARY KEY);
    ALTER TABLE public.users OWNER TO postgres;
    COPY public.users (id) FROM stdin;`);
  const { design, findings } = await checkProposal(proposal, { houseRules: 'tell' });
  assert.equal(design, undefined);
  const errors = findings
    .filter(({ severity }) => severity === 'error')
    .map(({ statement }) => statement?.split(' ', 2).join(' ') ?? '');
  assert.deepEqual(
    errors.toSorted((a, b) => (a < b ? -1 : 1)),
    [
      'ALTER TABLE',
      'COPY public.users',
      "SELECT pg_catalog.set_config('search_path',",
      'SET statement_timeout',
      '\\connect other',
    ],
  );
});

test('takes a text without any table, or one that cannot be read, as it is', async () => {
  for (const sql of ['', 'hello', "create table x (a text default 'open", 'create table x (a int)\0', 'DROP TABLE x']) {
    const { tables } = await proposalFromSql(sql);
    assert.equal(tables.length, 1);
    assert.equal((await checkProposal({ tables, warnings: [] }, { houseRules: 'tell' })).design, undefined);
  }
});
