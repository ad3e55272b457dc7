import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import type { Finding, SchemaDesign } from '../domain/schema-design.ts';
import { checkProposal, schemaSql } from './schema.ts';

describe('a design that departs from the house rules is changed, and told', () => {
  test('numbered ids become varchar together with every foreign key that leads to them', async () => {
    const { design, findings } = await apply(`
      create table users (id serial primary key, name text not null);
      create table posts (id uuid primary key default gen_random_uuid(), author_id int not null references users on delete cascade);
      create table likes (post_id uuid references posts (id), user_id int references users (id), primary key (post_id, user_id));`);
    assert.deepEqual(typesOf(design), {
      'users.id': 'character varying',
      'users.name': 'text',
      'posts.id': 'character varying',
      'posts.author_id': 'character varying',
      'likes.post_id': 'character varying',
      'likes.user_id': 'character varying',
    });
    assert.equal(tableOf(design, 'posts').columns[0]?.default, undefined, 'the backend makes nano ids');
    assert.equal(findings.filter(({ code }) => code === 'varchar-id').length, 5);
  });

  test('an id that an expression computes with keeps its type', async () => {
    const { design } = await apply('create table tickets (id bigint primary key, check (id > 1000));');
    assert.equal(typesOf(design)['tickets.id'], 'bigint');
  });

  test('ids compared with each other change together', async () => {
    const { design } = await apply(`
      create table users (id serial primary key);
      create table follows (follower_id int references users, followee_id int references users,
        primary key (follower_id, followee_id), check (follower_id <> followee_id));`);
    assert.equal(typesOf(design)['follows.followee_id'], 'character varying');
    assert.equal(tableOf(design, 'follows').checks[0]?.name, 'follows_check');
  });

  test('natural keys stay as they are', async () => {
    const { design } = await apply('create table countries (code char(2) primary key, name text not null);');
    assert.deepEqual(typesOf(design), { 'countries.code': 'character(2)', 'countries.name': 'text' });
    assert.equal(tableOf(design, 'countries').columns[0]?.default, undefined);
  });

  test('times become unix seconds, with the clock as default where there was one', async () => {
    const { design } = await apply(`
      create table events (id varchar primary key, starts_at timestamptz not null, ends_at timestamp,
        created_at timestamptz default now(), updated_at timestamp not null default current_timestamp,
        day date not null, check (ends_at > starts_at));`);
    const types = typesOf(design);
    assert.equal(types['events.starts_at'], 'bigint');
    assert.equal(types['events.ends_at'], 'bigint');
    assert.equal(types['events.day'], 'date');
    const [created, updated] = tableOf(design, 'events').columns.slice(3, 5);
    assert.match(created?.default ?? '', /EXTRACT\(EPOCH FROM now\(\)\)/);
    assert.equal(created?.nullable, false);
    assert.equal(updated?.default, created?.default);
  });

  test('a time that an expression takes apart keeps its type', async () => {
    const { design } = await apply(
      `create table e (id varchar primary key, at timestamp not null, check (date_part('hour', at) < 20));`,
    );
    assert.equal(typesOf(design)['e.at'], 'timestamp without time zone');
  });

  test('a missing primary key is the id, the two sides of a junction, or added', async () => {
    const { design } = await apply(`
      create table tags (id text, label text not null);
      create table notes (body text);
      create table note_tags (note_id varchar references notes, tag_id text references tags, created_at bigint);`);
    assert.deepEqual(tableOf(design, 'tags').primaryKey, ['id']);
    assert.deepEqual(
      tableOf(design, 'notes').columns.map(({ name }) => name),
      ['id', 'body'],
    );
    assert.deepEqual(tableOf(design, 'note_tags').primaryKey, ['note_id', 'tag_id']);
    assert.ok(tableOf(design, 'note_tags').columns.every(({ nullable }) => !nullable));
  });

  test('a foreign key gets the type of what it references, an index, and a word on deletes', async () => {
    const { design } = await apply(`
      create table users (id varchar primary key);
      create table posts (id varchar primary key, author_id text not null references users, editor_id varchar references users);
      create table post_tags (post_id varchar references posts, tag varchar, primary key (post_id, tag));`);
    const posts = tableOf(design, 'posts');
    assert.equal(typesOf(design)['posts.author_id'], 'character varying');
    assert.deepEqual(
      posts.foreignKeys.map(({ onDelete }) => onDelete),
      ['restrict', 'set null'],
    );
    assert.deepEqual(
      posts.indexes.map(({ name }) => name),
      ['posts_author_id_idx', 'posts_editor_id_idx'],
    );
    assert.equal(tableOf(design, 'post_tags').foreignKeys[0]?.onDelete, 'cascade');
    assert.deepEqual(tableOf(design, 'post_tags').indexes, []);
  });

  test('what cannot be NULL is not set to NULL', async () => {
    const { design } = await apply(`
      create table a (id varchar primary key);
      create table b (id varchar primary key, a_id varchar not null references a on delete set null);`);
    assert.equal(tableOf(design, 'b').foreignKeys[0]?.onDelete, 'restrict');
  });

  test('names become snake_case everywhere, quoted or not', async () => {
    const { design, findings } = await apply(`
      create type "orderStatus" as enum ('open', 'Closed');
      create table "blogPosts" (id varchar primary key, "authorId" varchar not null, publishedAt bigint,
        status "orderStatus" not null default 'open'::"orderStatus", check ("authorId" <> ''), unique ("authorId", publishedAt));
      create index "byAuthor" on "blogPosts" ("authorId") where status = 'open'::"orderStatus";
      comment on column "blogPosts"."authorId" is 'who';`);
    const posts = tableOf(design, 'blog_posts');
    assert.deepEqual(
      posts.columns.map(({ name }) => name),
      ['id', 'author_id', 'published_at', 'status'],
    );
    assert.equal(posts.columns[3]?.type, 'order_status');
    assert.deepEqual(posts.uniques[0]?.columns, ['author_id', 'published_at']);
    assert.deepEqual(design.schema.enums, [{ name: 'order_status', values: ['open', 'Closed'] }]);
    assert.equal(posts.indexes[0]?.name, 'by_author');
    assert.doesNotMatch(schemaSql(design.statements), /[a-z][A-Z]/);
    assert.ok(findings.some(({ code, severity }) => code === 'name-normalised' && severity === 'change'));
  });

  test('a password becomes its hash, with room for it', async () => {
    const { design } = await apply('create table users (id varchar primary key, password varchar(50) not null);');
    assert.equal(typesOf(design)['users.password_hash'], 'character varying(255)');
  });

  test('a name used twice gets a number', async () => {
    const { design, findings } = await apply(`
      create table a (id varchar primary key, n int); create table b (id varchar primary key, n int);
      create index by_n on a (n); create index by_n on b (n);`);
    assert.deepEqual(
      design.schema.tables.flatMap(({ indexes }) => indexes.map(({ name }) => name)),
      ['by_n', 'b_n_idx'],
    );
    assert.ok(findings.some(({ code }) => code === 'duplicate-name'));
  });

  test('a design that follows the rules is left alone', async () => {
    const { findings } = await apply(`
      create table users (id varchar primary key default gen_random_uuid()::text, email varchar(254) not null unique,
        created_at bigint not null default (extract(epoch from now()))::bigint);`);
    assert.deepEqual(findings, []);
  });
});

describe('a schema of the user’s own', () => {
  test('stays as it is, and what the house rules would change is only noted', async () => {
    const sql = `create table "Users" (id serial primary key, "firstName" text, password text, at timestamptz default now());
      create table posts (id serial primary key, user_id int references "Users");`;
    const { design, findings } = await tell(sql);
    assert.deepEqual(typesOf(design), {
      'Users.id': 'integer',
      'Users.firstName': 'text',
      'Users.password': 'text',
      'Users.at': 'timestamp with time zone',
      'posts.id': 'integer',
      'posts.user_id': 'integer',
    });
    assert.ok(findings.every(({ severity, fix }) => severity === 'note' && fix));
    for (const code of [
      'varchar-id',
      'unix-time',
      'name-normalised',
      'password-hashed',
      'on-delete',
      'foreign-key-index',
    ]) {
      assert.ok(
        findings.some((finding) => finding.code === code),
        code,
      );
    }
    assert.match(tableOf(design, 'Users').columns[0]?.default ?? '', /^nextval\(/);
  });

  test('may have unusual names', async () => {
    const { design } = await tell(
      'create table "Köln 2024" ("ein Preis" numeric(12,2) primary key, "naïve-flag" bool)',
    );
    assert.match(design.statements[0]?.sql ?? '', /"Köln 2024"[\s\S]*"ein Preis" numeric\(12, 2\)[\s\S]*"naïve-flag"/);
  });
});

describe('what models send is read all the same', () => {
  test('fences, prose, comments, semicolons and several statements in a string', async () => {
    const { design } = await apply(
      'Here you are:\n```sql\n-- users; really\nCREATE TABLE users (id varchar PRIMARY KEY); ;\n/* posts */ create table posts (id varchar primary key);\n```\nEnjoy!',
    );
    assert.deepEqual(
      design.schema.tables.map(({ name }) => name),
      ['users', 'posts'],
    );
  });

  test('reserved words as names are quoted, and told', async () => {
    const { design, findings } = await apply(`
      CREATE TABLE USER (id varchar PRIMARY KEY, desc text, limit int NOT NULL);
      CREATE TABLE order (id varchar PRIMARY KEY, user_id varchar REFERENCES user(id), primary boolean, check (limit > 0), "when" bigint, limit int);
      CREATE INDEX ON order (primary);`);
    assert.deepEqual(
      design.schema.tables.map(({ name }) => name),
      ['user', 'order'],
    );
    assert.deepEqual(
      tableOf(design, 'order').columns.map(({ name }) => name),
      ['id', 'user_id', 'primary', 'when', 'limit'],
    );
    assert.match(design.statements[0]?.sql ?? '', /CREATE TABLE "user"/);
    assert.ok(findings.filter(({ code }) => code === 'reserved-word').length >= 3);
  });

  test('tables in any order, twice the same, and in a circle', async () => {
    const { design, findings } = await apply(`
      create index on posts (author_id);
      create table posts (id varchar primary key, author_id varchar not null references users on delete cascade);
      create table users (id varchar primary key, best_post_id varchar references posts on delete set null);
      CREATE TABLE IF NOT EXISTS users (id varchar primary key, best_post_id varchar references posts on delete set null);`);
    assert.deepEqual(
      design.statements.map(({ kind }) => kind),
      ['table', 'table', 'index', 'index', 'constraint'],
    );
    assert.ok(findings.some(({ code }) => code === 'repetition'));
  });

  test('a table without SQL is written from its columns', async () => {
    const columns = [
      { name: 'id', type: 'varchar', constraints: 'PRIMARY KEY' },
      { name: 'order', type: 'integer', constraints: 'NOT NULL' },
    ];
    const { design } = await checkProposal(
      { tables: [{ tableName: 'steps', columns, createQuery: '' }], warnings: [] },
      { houseRules: 'apply' },
    );
    assert.equal(typesOf(design!)['steps.order'], 'integer');
  });

  test('where the list of columns disagrees, the SQL counts', async () => {
    const columns = [
      { name: 'id', type: 'varchar', constraints: '' },
      { name: 'title', type: 'text', constraints: '' },
    ];
    const createQuery = 'create table a (id varchar primary key default gen_random_uuid()::text, name text)';
    const { findings } = await checkProposal(
      { tables: [{ tableName: 'a', columns, createQuery }], warnings: [] },
      { houseRules: 'apply' },
    );
    assert.deepEqual(
      findings.map(({ severity, code }) => [severity, code]),
      [
        ['note', 'columns-differ'],
        ['note', 'columns-differ'],
      ],
    );
  });

  test('everything that is wrong is told at once, each with its table and what to write', async () => {
    const { design, findings } = await check(
      `
      create table a (id strng primary key, b datetime, c text default pg_sleep(1));
      create table c (id varchar primary key, a_id varchar references missing);
      drop table d; create table e (f int);`,
      'apply',
    );
    assert.equal(design, undefined);
    const errors = findings.filter(({ severity }) => severity === 'error');
    assert.deepEqual(
      errors.map(({ code, table }) => [code, table]),
      [
        ['statement-refused', undefined],
        ['type-refused', 'a'],
        ['type-refused', 'a'],
        ['function-refused', 'a'],
        ['unknown-table', 'c'],
      ],
    );
    assert.match(errors[2]?.fix ?? '', /timestamptz/);
  });

  test('forty tables', async () => {
    const sql = Array.from(
      { length: 40 },
      (_, i) => `create table t${i} (id serial primary key${i ? `, parent int references t${i - 1}` : ''})`,
    );
    const { design } = await apply(sql.toReversed().join(';'));
    assert.equal(design.schema.tables.length, 40);
    assert.equal(design.schema.tables[0]?.name, 't0');
  });
});

describe('the statements', () => {
  test('name every constraint and index as Postgres would', async () => {
    const { design } =
      await tell(`create table users (id int primary key, email text unique, age int check (age > 0), boss int references users, unique (email, age));
      create index on users (lower(email)); create unique index on users (age desc nulls last) include (boss) where age is not null;`);
    const [users] = design.schema.tables;
    assert.deepEqual(
      users?.uniques.map(({ name }) => name),
      ['users_email_key', 'users_email_age_key'],
    );
    assert.deepEqual(
      users.foreignKeys.map(({ name }) => name),
      ['users_boss_fkey'],
    );
    assert.deepEqual(
      users.checks.map(({ name }) => name),
      ['users_age_check'],
    );
    assert.deepEqual(
      users.indexes.map(({ name }) => name),
      ['users_expr_idx', 'users_age_idx'],
    );
    assert.match(schemaSql(design.statements), /INCLUDE \(boss\)/);
  });

  test('say types as the catalog does', async () => {
    const { design } = await tell(
      `create table t (a varchar(255), b int[], c timestamptz(3), d numeric(12,2), e numeric(5), f char, g bpchar, h bit, i double precision, j time, k bigserial)`,
    );
    assert.deepEqual(Object.values(typesOf(design)), [
      'character varying(255)',
      'integer[]',
      'timestamp(3) with time zone',
      'numeric(12,2)',
      'numeric(5,0)',
      'character(1)',
      'bpchar',
      'bit(1)',
      'double precision',
      'time without time zone',
      'bigint',
    ]);
  });

  test('keep what a constraint says about when it is checked', async () => {
    const { design } = await tell(
      'create table t (id int primary key, p int references t deferrable initially deferred, unique (p) deferrable)',
    );
    assert.match(
      schemaSql(design.statements),
      /UNIQUE \(p\) DEFERRABLE[\s\S]*REFERENCES t \(id\) DEFERRABLE INITIALLY DEFERRED/,
    );
  });
});

type Checked = { readonly design: SchemaDesign; readonly findings: readonly Finding[] };

function apply(sql: string): Promise<Checked> {
  return designOf(sql, 'apply');
}

function tell(sql: string): Promise<Checked> {
  return designOf(sql, 'tell');
}

async function designOf(sql: string, houseRules: 'apply' | 'tell'): Promise<Checked> {
  const { design, findings } = await check(sql, houseRules);
  assert.ok(design, JSON.stringify(findings, undefined, 2));
  return { design, findings };
}

function check(sql: string, houseRules: 'apply' | 'tell') {
  return checkProposal({ tables: [{ tableName: '', createQuery: sql }], warnings: [] }, { houseRules });
}

function tableOf(design: SchemaDesign, name: string) {
  const table = design.schema.tables.find((each) => each.name === name);
  assert.ok(table, `${name} is not among ${design.schema.tables.map((each) => each.name).join(', ')}`);
  return table;
}

function typesOf(design: SchemaDesign): Record<string, string> {
  return Object.fromEntries(
    design.schema.tables.flatMap((table) => table.columns.map(({ name, type }) => [`${table.name}.${name}`, type])),
  );
}
