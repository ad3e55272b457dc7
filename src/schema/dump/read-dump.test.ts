import assert from 'node:assert/strict';
import { readdir, readFile } from 'node:fs/promises';
import { describe, test } from 'node:test';
import { checkProposal, proposalFromSql } from '../schema.ts';

const DUMPS = new URL('../../../test/dumps/', import.meta.url);

describe('what other tools write is taken', () => {
  test('each dump becomes a design, and what was left out is told once for each kind', async () => {
    for (const file of await readdir(DUMPS)) {
      const { design, findings, warnings } = await check(await readFile(new URL(file, DUMPS), 'utf8'));
      assert.ok(design, `${file}: ${JSON.stringify(findings.filter(({ severity }) => severity === 'error'))}`);
      assert.equal(new Set(warnings).size, warnings.length, file);
    }
  });

  test('pg_dump: sequences become identity columns, and text that looks like a command stays text', async () => {
    const { design, warnings } = await check(await readFile(new URL('pg-dump.sql', DUMPS), 'utf8'));
    const columns = design!.schema.tables.flatMap((table) => table.columns.map((column) => ({ table, column })));
    assert.deepEqual(
      columns.flatMap(({ table, column }) =>
        column.identity ? [`${table.name}.${column.name} ${column.identity}`] : [],
      ),
      ['customers.id by-default', 'orders.id always', 'orders.no by-default'],
    );
    assert.equal(design!.schema.tables[0]!.comment, 'People;\n-- who buy\n\\d x\n```');
    assert.deepEqual(
      design!.schema.tables.map(({ indexes }) => indexes.map(({ name }) => name).toSorted()),
      [['customers_lower_idx', 'only_happy'], ['orders_customer_id_placed_idx']],
    );
    assert.ok(warnings.includes('orders.id, orders.no: numbers start at 1 and go up by 1, whatever the sequence says'));
    assert.ok(
      warnings.some((warning) => warning.startsWith('Left out: ALTER … OWNER TO (13 times); everything belongs')),
    );
  });

  test('Supabase: keys to auth.users and its functions are left out, the columns stay', async () => {
    const { design, warnings } = await check(await readFile(new URL('supabase-migration.sql', DUMPS), 'utf8'));
    const [profiles, notes] = design!.schema.tables;
    assert.deepEqual(profiles?.foreignKeys, []);
    assert.deepEqual(profiles.primaryKey, ['id']);
    assert.equal(notes?.columns.find(({ name }) => name === 'id')?.default, 'gen_random_uuid()');
    assert.equal(notes.columns.find(({ name }) => name === 'owner')?.default, undefined);
    assert.equal(notes.foreignKeys.length, 1);
    assert.ok(warnings.some((warning) => warning.startsWith('profiles.id: the column stays, the key to auth.users')));
  });

  test('a large one, of more statements than a schema may have', async () => {
    const tables = Array.from(
      { length: 55 },
      (_, index) => `
        CREATE TABLE public.t${index} (id integer NOT NULL, name text, parent_id integer);
        ALTER TABLE public.t${index} OWNER TO app;
        CREATE SEQUENCE public.t${index}_id_seq AS integer START WITH 1 INCREMENT BY 1;
        ALTER SEQUENCE public.t${index}_id_seq OWNED BY public.t${index}.id;
        ALTER TABLE ONLY public.t${index} ALTER COLUMN id SET DEFAULT nextval('public.t${index}_id_seq'::regclass);
        ALTER TABLE ONLY public.t${index} ADD CONSTRAINT t${index}_pkey PRIMARY KEY (id);
        ALTER TABLE ONLY public.t${index} ADD CONSTRAINT t${index}_fk FOREIGN KEY (parent_id) REFERENCES public.t0(id);
        CREATE INDEX t${index}_parent ON public.t${index} USING btree (parent_id);
        GRANT SELECT ON TABLE public.t${index} TO app;`,
    );
    const { design, findings } = await check(tables.join('\n'));
    assert.ok(design, JSON.stringify(findings.slice(0, 3)));
    assert.ok(
      design.schema.tables.every(({ primaryKey, foreignKeys }) => primaryKey.length === 1 && foreignKeys.length === 1),
    );
  });
});

describe('what is no mere accompaniment is refused as before', () => {
  const table = 'create table t (id int primary key); ';
  const refused: Readonly<Record<string, string>> = {
    'another role': 'set role postgres',
    'another session’s role': 'set session authorization postgres',
    'a setting through a function': "select set_config('role', 'postgres', false)",
    'any other query': 'select pg_sleep(10)',
    'a drop of what is there': 'drop table t',
    'a drop of what is not in the file': 'drop table users',
    'a block of code': 'do $$ begin perform 1; end $$',
    'a block that hides a query': 'do $$ begin perform pg_sleep(9); exception when others then null; end $$',
    'a function by another name': "create extension dblink; comment on table t is 'x'",
    'another file': '\n\\i other.sql\n',
    'a program': '\n\\! rm -rf /\n',
    'a sequence from elsewhere': "create table x (a bigint default nextval('other_seq'))",
    'an identity from elsewhere': 'create table x (a int generated always as identity (sequence name evil.s))',
    rows: 'insert into t values (1)',
    'another column': 'alter table t add column z int',
    'a key into the catalog': 'create table x (a oid references pg_catalog.pg_class (oid))',
    'a table elsewhere': 'create table auth.users (id int)',
    'an operator of one’s own': 'create table x (a int check (a operator(public.=) 1))',
    'a function of one’s own': 'create table x (a text default public.now())',
  };
  for (const [name, sql] of Object.entries(refused)) {
    test(name, async () => {
      const { design } = await check(table + sql);
      assert.equal(design, undefined);
    });
  }

  test('rows of a COPY are not taken for statements', async () => {
    const { findings } = await check(
      `${table}\nCOPY public.t (id, "a;b") FROM stdin;\n1\tit's; drop table t;\n2\t"x\n\\.\n\ncreate table u (id int primary key);`,
    );
    assert.deepEqual(
      findings.flatMap(({ severity, message }) => (severity === 'error' ? [message] : [])),
      ['COPY PUBLIC is refused: it reads or writes data, files or programs'],
    );
  });

  test('nothing is said that follows from an earlier refusal', async () => {
    const { findings } = await check(`
      do $$ begin perform 1; create type "public"."state" as enum ('open'); end $$;
      create domain pos as int check (value > 0);
      create type kind as enum ('a' 'b');
      create table other.places (id int primary key);
      create table gates (id int primary key, s state, p pos, k kind, place int references places);`);
    const errors = findings.filter(({ severity }) => severity === 'error');
    assert.deepEqual(
      errors.map(({ code }) => code),
      ['syntax', 'statement-refused', 'statement-refused', 'syntax-refused'],
      JSON.stringify(errors),
    );
  });
});

async function check(sql: string) {
  const proposal = await proposalFromSql(sql);
  return { ...(await checkProposal(proposal, { houseRules: 'tell' })), warnings: proposal.warnings };
}
