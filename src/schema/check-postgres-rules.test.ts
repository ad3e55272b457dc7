import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { checkProposal } from './schema.ts';

/** What Postgres refuses when it creates the tables, and what a plan says of it. */
const REFUSED: Readonly<Record<string, RegExp>> = {
  'create table t (a text generated always as identity)': /t\.a is an identity column of type text/,
  'create table t (a int[] generated always as identity)': /identity column of type integer\[\]/,
  'create table t (a serial generated always as identity)': /t\.a is serial, which has a default already/,
  'create table t (a bigserial default 1)': /which has a default already/,
  'create table t (a serial[])': /array of serial/,
  'create table t (a serial null)': /numbered, and declared NULL/,
  'create table t (a int, b int generated always as (a + 1) stored, c int generated always as (b + 1) stored)':
    /t\.c is generated from b/,
  'create table u (id int primary key); create table t (a int, b int generated always as (a) stored references u on delete set null)':
    /its key would change it/,
  "create type m as enum ('a'); create table t (a m default 'b')": /which is no m/,
  "create table t (a int default 'x')": /which is no number/,
  'create table t (a json unique)': /cannot be a key/,
  'create table t (a point primary key)': /cannot be a key/,
  'create table t (a json); create index on t (a)': /btree cannot index/,
  'create table t (a int, b int); create index on t using hash (a, b)': /hash for several columns/,
  'create table t (a jsonb); create unique index on t using gin (a)': /is UNIQUE and uses gin/,
  'create table t (a jsonb); create index on t using gin (a desc)': /keeps no order/,
  'create table t (a numeric(1001,2))': /numeric\(1001,2\) is not a type/,
  'create table t (a time(7))': /time\(7\) is not a type/,
  "create type m as enum ('a'); create table t (a m); create index on t ((a::text))": /a cast to text/,
  'create table t (a text); create index on t ((a::date))': /a cast to date/,
  "create table t (j jsonb, d date generated always as ((j ->> 'd')::date) stored)": /a cast to date/,
  'create table t (a text[], b text generated always as (a::text) stored)': /a cast to text/,
};

describe('a plan refuses what Postgres would refuse at the end', () => {
  for (const [sql, message] of Object.entries(REFUSED)) {
    test(sql, async () => {
      const errors = await errorsOf(sql);
      assert.ok(
        errors.some((error) => message.test(error)),
        JSON.stringify(errors),
      );
    });
  }
});

describe('tables that no first row can be made in are refused, the circle named', () => {
  test('two that need each other, deferred or not', async () => {
    for (const when of ['', ' deferrable initially deferred']) {
      assert.deepEqual(
        await errorsOf(`
          create table crews (id int generated always as identity primary key, lead_id int not null);
          create table sailors (id int generated always as identity primary key, crew_id int not null references crews${when});
          create table boats (id serial primary key, crew_id int not null references crews);
          alter table crews add foreign key (lead_id) references sailors (id)${when};`),
        [
          'No first row can be made: crews (lead_id) → sailors (crew_id) → crews all need a row of the next that is there already',
        ],
      );
    }
  });

  test('one that needs itself, unless its key is the client’s to give', async () => {
    const [error] = await errorsOf('create table t (id serial primary key, parent int not null references t)');
    assert.match(error ?? '', /t \(parent\) → t/);
    assert.deepEqual(await errorsOf('create table t (id uuid primary key, parent uuid not null references t)'), []);
  });

  test('a way out keeps it open', async () => {
    assert.deepEqual(
      await errorsOf(`
        create table a (id int primary key, b_id int);
        create table b (id int primary key, a_id int not null references a);
        create table c (a_id int primary key references a, b_id int not null references b);
        alter table a add foreign key (b_id) references b;`),
      [],
    );
  });

  test('a condition that is never true', async () => {
    assert.deepEqual(await errorsOf('create table t (a int check (false))'), [
      'A CHECK of t is never true, so no row could be stored',
    ]);
  });
});

async function errorsOf(createQuery: string): Promise<readonly string[]> {
  const proposal = { tables: [{ tableName: '', createQuery }], warnings: [] };
  const { findings } = await checkProposal(proposal, { houseRules: 'tell' });
  return findings.flatMap(({ severity, message }) => (severity === 'error' ? [message] : []));
}
