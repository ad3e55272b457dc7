import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
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

describe('a file of the user’s own is never cleaned as a model’s answer is', () => {
  const kept: Readonly<Record<string, string>> = {
    'fences in a comment':
      'create table a (id int);\n/*\n```\ncreate table old (id int);\n```\n*/\ncreate table b (id int);',
    'fences in a line comment': '-- ```sql\ncreate table a (id int);\n-- ```\ncreate table b (id int);',
    'fences in a string':
      "create table a (id int); comment on table a is 'so:\n```\nx\n```\n'; create table b (id int);",
    'a line for psql in a string':
      "create table a (id int); comment on table a is '\n\\d a\n'; create table b (id int);",
    'a line for psql in a comment': 'create table a (id int);\n/*\n\\d a\n*/\ncreate table b (id int);',
    'line ends of other systems': '-- one\r\ncreate table a (id int);\r\n-- two\rcreate table b (id int);\r',
    'an apostrophe in a comment': "-- it's\ncreate table a (id int); /* it's */ create table b (id int);",
  };
  for (const [name, sql] of Object.entries(kept)) {
    test(name, async () => {
      const { design, findings } = await checkProposal(await proposalFromSql(sql), { houseRules: 'tell' });
      assert.deepEqual(
        design?.schema.tables.map((table) => table.name),
        ['a', 'b'],
        JSON.stringify(findings),
      );
      const comment = design.schema.tables[0]?.comment;
      if (sql.includes('comment on')) assert.equal(comment, /is '([^']*)'/.exec(sql)?.[1]);
    });
  }

  test('Markdown around it is refused, and told', async () => {
    const { design, findings } = await checkProposal(await proposalFromSql('```sql\ncreate table a (id int);\n```\n'), {
      houseRules: 'tell',
    });
    assert.equal(design, undefined);
    assert.ok(
      findings.some(({ fix }) => fix?.includes('Markdown')),
      JSON.stringify(findings),
    );
  });
});

test('a model’s answer keeps the fences in the strings and comments of what is SQL already', async () => {
  const createQuery = "create table a (id varchar primary key);\ncomment on table a is '\n```\nx\n```\n';";
  const { design } = await checkProposal(
    { tables: [{ tableName: 'a', createQuery }], warnings: [] },
    { houseRules: 'apply' },
  );
  assert.equal(design?.schema.tables[0]?.comment, '\n```\nx\n```\n');
});
