import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import type { Client } from 'pg';
import { ALLOWED_FUNCTIONS, EXTENSION_FUNCTIONS } from '../../src/schema/allowed-functions.ts';
import { checkProposal } from '../../src/schema/schema.ts';
import { startTestCluster, type TestCluster } from '../support/postgres.ts';

let cluster: TestCluster;
let admin: Client;

before(async () => {
  cluster = await startTestCluster();
  admin = await cluster.connect();
});

after(async () => {
  await admin.end();
  await cluster.stop();
});

/** A row of few bytes with the worst that each type can say in them, and columns to hold it. */
const COLUMNS = `s text, u text, v varchar(40), n numeric, m numeric, p numeric(12,2), i int, b bigint, f double precision,
  j jsonb, js json, a text[], x bytea, d date, at timestamp, z timestamptz, iv interval, r numrange, ir int4range,
  ts tsvector, tq tsquery, net inet, mac macaddr, pt point, bx box, pth path, pol polygon, o bool, g uuid`;
const ROW = `repeat('a', 200), repeat('ab', 100), repeat('é', 40), '1e131071', '1e-16383', 9999999999.99, 2147483647,
  9223372036854775807, 1.7e308, '[{"a":[[[1]]]},"\\u0001"]', '[1]', array_fill('a'::text, array[100]), repeat('a', 200)::bytea,
  '5874897-12-31', '294276-12-31', '294276-12-31', '178000000 years', '[1e131071,)', '[1,)', to_tsvector('simple', 'a b c'),
  'a & b', '::1', '08:00:2b:01:02:03', '(1,1)', '(1,1),(0,0)', '((0,0),(1,1))', '((0,0),(1,1))', true, gen_random_uuid()`;
const ROW_BYTES = 3000;

/** By Postgres' name of a type: expressions that make most of it, columns and constants. */
const ARGUMENTS: Readonly<Record<string, readonly string[]>> = {
  text: ['s', `'%99999999s'`, `'(a*)*$'`, `'${'9'.repeat(150)}'`, `'x'`, 'lower(u)', 'v'],
  'character varying': ['v'],
  integer: ['i', '1000000000', '-1', '2'],
  bigint: ['b'],
  smallint: ['7::smallint'],
  numeric: ['n', 'm + 1', '9.9999', 'p', '1e300'],
  'double precision': ['f', '3'],
  real: ['3::real'],
  boolean: ['o'],
  jsonb: ['j'],
  json: ['js'],
  'text[]': ['a', 'array[s, u]'],
  anyarray: ['a'],
  anycompatiblearray: ['a'],
  anyelement: ['j', 's'],
  anycompatible: ['s'],
  '"any"': ['s', 'i', 'n', 'j'],
  bytea: ['x'],
  date: ['d'],
  'timestamp without time zone': ['at'],
  'timestamp with time zone': ['z'],
  interval: ['iv'],
  anyrange: ['r', 'ir'],
  tsvector: ['ts'],
  tsquery: ['tq'],
  regconfig: [`'english'`],
  jsonpath: [`'$.**'`, `'$[*].a[*]'`],
  inet: ['net'],
  macaddr: ['mac'],
  point: ['pt'],
  box: ['bx'],
  path: ['pth'],
  polygon: ['pol'],
  '"char"': [`'A'`],
};
const OPERATORS = [
  '+',
  '-',
  '*',
  '/',
  '%',
  '^',
  '||',
  '~',
  '!~*',
  '~~',
  '~~*',
  '->',
  '->>',
  '#>>',
  '@@',
  '&',
  '#',
  '<<',
];
const OPERANDS = [
  's',
  'u',
  'v',
  'n',
  'm',
  'n + 1',
  'm + 1',
  'p',
  'i',
  '1000000',
  'b',
  'f',
  'j',
  'a',
  'r',
  'iv',
  `'(a*)*'`,
  `'$.**'`,
];

test('no allowed function or operator makes much of little, nor takes long, whatever it is given', async () => {
  await admin.query(`CREATE EXTENSION IF NOT EXISTS pg_trgm`);
  await admin.query(`CREATE EXTENSION IF NOT EXISTS fuzzystrmatch`);
  await admin.query(`CREATE EXTENSION IF NOT EXISTS unaccent`);
  await admin.query(`CREATE TABLE extremes (${COLUMNS})`);
  await admin.query(`INSERT INTO extremes VALUES (${ROW})`);
  await admin.query(`SET statement_timeout = '2s'`);
  const expressions = [...(await callsOf(admin)), ...operations()];
  const accepted = await acceptedOf(expressions);
  assert.ok(accepted.length > 1000, `only ${accepted.length} of ${expressions.length} expressions were accepted`);
  const worst: string[] = [];
  for (const expression of accepted) worst.push(...(await excessOf(admin, expression)));
  assert.deepEqual(worst, []);
});

/** A call of each allowed function with every combination of a few arguments, as far as Postgres has such a function. */
async function callsOf(client: Client): Promise<readonly string[]> {
  const { rows } = await client.query<{ name: string; types: string[] }>(
    `SELECT proname AS name,
            ARRAY(SELECT format_type(t, NULL) FROM unnest(proargtypes) WITH ORDINALITY AS a(t, at) ORDER BY at) AS types
       FROM pg_proc
      WHERE proname = ANY ($1)
        AND prokind = 'f'`,
    [[...ALLOWED_FUNCTIONS.keys()]],
  );
  return rows.flatMap(({ name, types }) => {
    const choices = types.map((type) => ARGUMENTS[type] ?? []);
    return combinations(choices)
      .slice(0, 40)
      .map((args) => `"${name}"(${args.join(', ')})`);
  });
}

function combinations(choices: readonly (readonly string[])[]): readonly (readonly string[])[] {
  return choices.reduce<readonly (readonly string[])[]>(
    (lists, items) => lists.flatMap((list) => items.map((item) => [...list, item])),
    [[]],
  );
}

function operations(): readonly string[] {
  return OPERATORS.flatMap((operator) =>
    combinations([OPERANDS, OPERANDS]).map(([left, right]) => `(${left}) ${operator} (${right})`),
  );
}

/** Those that may stand in a schema; looked at many at a time, as each is a CHECK of its own. */
async function acceptedOf(expressions: readonly string[]): Promise<readonly string[]> {
  const extensions = [...new Set(EXTENSION_FUNCTIONS.values())].map((name) => `create extension "${name}";`).join('');
  const accepted: string[] = [];
  for (const expression of expressions) {
    const createQuery = `${extensions} create table extremes (${COLUMNS}, check (((${expression})) is not null))`;
    const { design } = await checkProposal(
      { tables: [{ tableName: '', createQuery }], warnings: [] },
      { houseRules: 'tell' },
    );
    if (design) accepted.push(expression);
  }
  return accepted;
}

/** What is too large or too slow about the expression's value; nothing where Postgres refuses to compute it. */
async function excessOf(client: Client, expression: string): Promise<readonly string[]> {
  const startedAtMs = performance.now();
  try {
    const { rows } = await client.query<{ bytes: number | null }>(
      `SELECT pg_column_size((${expression})) AS bytes FROM extremes`,
    );
    const ms = Math.round(performance.now() - startedAtMs);
    const bytes = rows[0]?.bytes ?? 0;
    return bytes > 64 * 1024 + 32 * ROW_BYTES || ms > 1000 ? [`${expression}: ${bytes} bytes, ${ms} ms`] : [];
  } catch (error) {
    // 57014: it was still at it after two seconds.
    return (error as { code?: string }).code === '57014' ? [`${expression}: ${(error as Error).message}`] : [];
  }
}
