import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { ALLOWED_FUNCTIONS } from '../allowed-functions.ts';
import { checkProposal } from '../schema.ts';
import { FUNCTION_RESULTS } from './function-results.ts';
import { MEASURES } from './measure-call.ts';

const COLUMNS = `s text, u text, v varchar(40), c char(10), n numeric, m numeric, p numeric(12,2), wide numeric(1000,0),
  i int, b bigint, f double precision, j jsonb, a text[], at timestamp, d date, r numrange, x bytea, vb varbit, tags ltree`;

/** What a row of few bytes could make large or slow, by the place that it stands in. */
const HOSTILE: Readonly<Record<'check' | 'default' | 'generated' | 'index' | 'predicate', readonly string[]>> = {
  default: [
    `format('%999999999s', 'x')`,
    `format('%-100000s', 'x')`,
    `format('%*s', 100000000, 'x')`,
    `format('%1$s%2$999999s', 'x', 'y')`,
    `format('${'%99s'.repeat(900)}', 'x')`,
    `9.9999::numeric ^ 131000`,
    `power(9.9999, 131000)`,
    `power(10::numeric, 100000)`,
    `exp(6000::numeric)`,
    `exp(6000.5)`,
    `1e100000`,
    `'1e131071'::numeric`,
    `'{"a": 1e131071}'`,
    `round(1::numeric, 16000)`,
    `trunc(1.5, 1000000)`,
    `'x'::char(10485760)`,
    `1::bit(10485760)::text`,
    `to_char(1, '${'9'.repeat(3000)}')`,
    `to_char(now(), '${'Month'.repeat(500)}')`,
    `replace(replace(replace('aaaaaaaaaa', 'a', 'bbbbbbbbbbbbbbbbbbbb'), 'b', 'cccccccccccccccccccc'), 'c', 'dddddddddddddddddddd')`,
    '9'.repeat(2000),
    `lower('x'::char(999999))`,
    `concat_ws('${'-'.repeat(4000)}', ${`'a',`.repeat(30)}'a')`,
  ],
  check: [
    `length(replace(s, 'a', u)) > 0`,
    `length(replace(replace(s, 'a', 'bbbbbbbbbb'), 'b', 'cccccccccc')) > 0`,
    `length(replace(s, '', u)) > 0`,
    `replace(s, v, '${'x'.repeat(100)}') <> ''`,
    `regexp_replace(s, '', '${'x'.repeat(100)}', 'g') <> ''`,
    `regexp_replace(s, '.', '\\&\\&\\&\\&\\&\\&\\&\\&\\&\\&\\&\\&\\&\\&\\&\\&\\&\\&\\&\\&\\&\\&\\&\\&\\&\\&\\&\\&\\&\\&\\&\\&', 'g') <> ''`,
    `regexp_replace(s, 'a', u) <> ''`,
    `regexp_replace(s, u, '') <> ''`,
    `regexp_replace(s, 'a', 'b', u) <> ''`,
    `regexp_replace(s, 'a(.*b)?', '', 'g') <> ''`,
    `regexp_replace(s, '<[^>]*>|&[a-z]+;', '', 'g') <> ''`,
    `regexp_count(s, 'a.*b|a') > 0`,
    `regexp_like(s, u)`,
    `regexp_substr(s, u) <> ''`,
    `substring(s from u) <> ''`,
    `substring(s from '(a*)\\1b') <> ''`,
    `substring(s similar u escape '#') <> ''`,
    `s ~ u`,
    `s !~* v`,
    `s ~ '(a*)*\\1b'`,
    `s ~ '^(.+)+\\1$'`,
    `s ~ '(a|b)\\1'`,
    `s ~ '***=(a*)'`,
    `s ~ '(?b)\\(a*\\)\\1'`,
    `s ~ '(?x) a # comment'`,
    `s ~ '((a{255}){255}){255}'`,
    `s ~ '(([a-z]{1,255}){1,200}){1,100}'`,
    `s ~ '(?=.*b)a'`,
    `s ~ 'a(?!.*b)'`,
    `s ~ '(?<=a.*)b'`,
    `s ~ '^a|(?=.*b)c'`,
    `s ~ reverse('b1\\)*a(')`,
    `s ~ ('(a*)' || '\\1b')`,
    `s ~ any (array['a', '(a*)\\1b'])`,
    `s ~ any ('{a,(a*)\\\\1b}')`,
    `s similar to u`,
    `s similar to '(a*)#"x#"#1' escape '#'`,
    `s like u`,
    `concat(${Array.from({ length: 40 }, () => 's').join(', ')}) <> ''`,
    `s like '%' || u || '%'`,
    `u ilike s`,
    `position(s in u) > 0`,
    `strpos(s, u) > 0`,
    `jsonb_path_exists(j, '$.**')`,
    `jsonb_path_exists(j, '$.**.**.**.**')`,
    `jsonb_path_exists(j, '$.**{1 to 40}.a')`,
    `jsonb_path_exists(j, '$[*] ? (exists($[*] ? (exists($[*]))))')`,
    `jsonb_path_exists(j, '$.a ? (@.b like_regex "(a*)\\\\1b")')`,
    `j @@ '$.** == 1'`,
    `j @@ '$[*][*][*][*] == 1'`,
    `n ^ m > 0`,
    `p ^ i > 0`,
    `p ^ 131000 > 0`,
    `power(p, b) > 0`,
    `(case when i > 0 then 9.9 end) ^ i > 0`,
    `coalesce(p, 1) ^ i > 0`,
    `lower(r) ^ i > 0`,
    `exp(n) > 0`,
    `exp(p) > 0`,
    `ln(n) > 0`,
    `sqrt(n + 1) > 0`,
    `log(2, n) > 0`,
    `(n + 1) * (m + 1) > 0`,
    `(n + 1) / (m + 1) > 0`,
    `(n - 1) % (m - 1) > 0`,
    `mod(n + 1, m + 1) > 0`,
    `wide * wide * wide * wide * wide > 0`,
    `round(p, i) > 0`,
    `n::text <> ''`,
    `concat(n, m) <> ''`,
    `format('%s', n) <> ''`,
    `n || 'x' <> ''`,
    `format(s, i) <> ''`,
    `to_char(i, s) <> ''`,
    `to_char(at, s) <> ''`,
    `to_number(s, u) > 0`,
    `to_date(s, u) > d`,
    `to_timestamp(s, u) is not null`,
    `array_to_string(a, s) <> ''`,
    `array_to_string(a, '${'-'.repeat(60)}') <> ''`,
    `s::char(1000000) <> ''`,
    `i::bit(1000000) is not null`,
    `to_json(to_json(to_json(s)::text)::text) is not null`,
    `encode(encode(encode(x, 'escape')::bytea, 'escape')::bytea, 'escape') <> ''`,
  ],
  generated: [
    `(${Array.from({ length: 34 }, () => 's').join(' || ')})`,
    `replace(s, ' ', '${'&nbsp;'.repeat(20)}')`,
    `regexp_replace(s, '(.)', '${'\\1'.repeat(40)}', 'g')`,
    `translate(s, 'a', 'b')::char(100000)`,
  ],
  index: [`(replace(s, 'a', u))`, `(regexp_replace(s, '(a*)\\1', ''))`, `(s::char(99999))`],
  predicate: [`s ~ u`, `s ~ '(a+)\\1'`, `length(replace(s, 'a', u)) > 0`],
};

/** What people do write. */
const LEGITIMATE: typeof HOSTILE = {
  default: [
    `'draft'`,
    `now()`,
    `timezone('utc', now())`,
    `(extract(epoch from now()))::bigint`,
    `(extract(epoch from now()) * 1000)::bigint`,
    `gen_random_uuid()::text`,
    `substr(md5(random()::text), 1, 21)`,
    `upper(substr(md5(random()::text || clock_timestamp()::text), 1, 8))`,
    `'ORD-' || to_char(now(), 'YYYYMMDD') || '-' || floor(random() * 10000)::text`,
    `format('INV-%s-%s', to_char(now(), 'YYYY'), floor(random() * 100000))`,
    `right('000000' || floor(random() * 1000000)::text, 6)`,
    `round((random() * 100)::numeric, 2)`,
    `current_date + interval '30 days'`,
    `now() + interval '7 days'`,
    `'{}'::jsonb`,
    `jsonb_build_object('theme', 'dark', 'size', 12)`,
    `array['a', 'b']::text[]`,
    `'{}'::text[]`,
    `encode(sha256(random()::text::bytea), 'hex')`,
    `power(2, 10)`,
    `1.5 * 10`,
    `date_trunc('month', now())`,
    `date_part('year', now())`,
    `concat('a', '-', 'b')`,
    `'x'::char(10)`,
    `'0101'::bit(4)`,
  ],
  check: [
    `s ~ '^[A-Za-z0-9._%+-]+@[A-Za-z0-9.-]+\\.[A-Za-z]{2,}$'`,
    `s ~* '^[a-z0-9]+(?:-[a-z0-9]+)*$'`,
    `s ~ '^([a-z0-9]+-)*[a-z0-9]+$'`,
    `s ~ '^\\+?[1-9]\\d{1,14}$'`,
    `s ~ '^#([0-9a-fA-F]{3}){1,2}$'`,
    `s ~ '^(https?://)?([a-z0-9-]+\\.)+[a-z]{2,}(/.*)?$'`,
    `s ~ '^([0-9a-f]{2}:){5}[0-9a-f]{2}$'`,
    `s ~ '^[A-Z]{2}[0-9]{4}$'`,
    `s ~ '^(?=.*[0-9])(?=.*[a-z]).{8,}$'`,
    `s !~ '\\s'`,
    `s ~ '(a+)+$'`,
    `s ~ '[[:alpha:]][]x^-]+'`,
    `s ~ '(?i)^abc$'`,
    `s ~ '^(\\d{1,3}\\.){3}\\d{1,3}$'`,
    `s ~ any (array['^a', 'b$'])`,
    `s similar to '[a-z]+(-[a-z]+)*'`,
    `s like '%@%.%'`,
    `v ilike 'http%'`,
    `s like v || '%'`,
    `position('@' in s) > 1`,
    `strpos(s, v) = 0`,
    `length(btrim(s)) between 1 and 200`,
    `octet_length(j::text) < 10000`,
    `jsonb_typeof(j) = 'object'`,
    `(j ->> 'price')::numeric > 0`,
    `jsonb_path_exists(j, '$.items[*].price')`,
    `jsonb_path_exists(j, '$.items[*] ? (@.price > 0)')`,
    `j @@ '$.count > 0'`,
    `to_tsvector('english', s) @@ to_tsquery('english', 'cat & dog')`,
    `array_length(a, 1) <= 10`,
    `cardinality(a) < 5 and 'x' = any (a)`,
    `a <@ array['red', 'green', 'blue']`,
    `p > 0 and p * i <= 1000000`,
    `p ^ 2 < 100`,
    `f ^ i < 1e300`,
    `power(f, 0.5) > 0`,
    `exp(f) < 100`,
    `sqrt(p) > 1`,
    `ln(p) > 0`,
    `round(p, 2) = p`,
    `round(n, 2) = n`,
    `n >= 0 and n < 1e10`,
    `n * m > 0`,
    `n * m * (1 - p) > 0`,
    `n % 5 = 0`,
    `mod(i, 2) = 0`,
    `to_char(d, 'D') <> '1'`,
    `extract(isodow from d) < 6`,
    `upper(v) = v`,
    `regexp_replace(s, '[^0-9]', '', 'g') <> ''`,
    `substring(s from 1 for 2) = 'DE'`,
    `substring(s from '^[A-Z]+') <> ''`,
    `substring(v, i, 2) <> ''`,
    `coalesce(s, '') || coalesce(u, '') <> ''`,
    `num_nonnulls(s, u) = 1`,
    `at < d + interval '1 year'`,
    `upper(r) - lower(r) < 100`,
  ],
  generated: [
    `lower(s)`,
    `s || ' ' || u`,
    `(i * p)`,
    `(n * i)`,
    `regexp_replace(lower(s), '[^a-z0-9]+', '-', 'g')`,
    `btrim(regexp_replace(regexp_replace(lower(s), '[^a-z0-9]+', '-', 'g'), '(^-+|-+$)', '', 'g'), '-')`,
    `replace(replace(s, '&', '&amp;'), '<', '&lt;')`,
    `replace('Hello {name}', '{name}', s)`,
    `md5(s || u)`,
    `encode(sha256(s::bytea), 'hex')`,
    `(j ->> 'email')`,
    `split_part(s, '@', 2)`,
    `round(p * 1.19, 2)`,
    `case when i > 10 then 'many' else 'few' end`,
    `left(s, 100)`,
  ],
  index: [`(lower(s))`, `(lower(s)) text_pattern_ops`, `((j ->> 'kind'))`, `(date_trunc('day', at))`, `(md5(s))`],
  predicate: [`s is not null and s <> ''`, `i > 0`, `v in ('a', 'b')`],
};

const written: Readonly<Record<keyof typeof HOSTILE, (expression: string) => string>> = {
  default: (expression) => `create table t (z ${typeFor(expression)} default ${expression})`,
  check: (expression) => `create extension ltree; create table t (${COLUMNS}, check (${expression}))`,
  generated: (expression) =>
    `create extension ltree; create table t (${COLUMNS}, z text generated always as ((${expression})) stored)`,
  index: (expression) => `create extension ltree; create table t (${COLUMNS}); create index on t (${expression})`,
  predicate: (expression) =>
    `create extension ltree; create table t (${COLUMNS}); create index on t (i) where ${expression}`,
};

function typeFor(expression: string): string {
  return expression.startsWith('\'{"') ? 'jsonb' : 'text';
}

describe('what could grow out of proportion is refused, with what to write instead', () => {
  for (const [sql, expression] of statementsOf(HOSTILE)) {
    test(shortened(expression), async () => {
      const { design, findings } = await check(sql);
      assert.equal(design, undefined);
      const errors = findings.filter(({ severity }) => severity === 'error');
      assert.ok(
        errors.some(({ code, fix }) => ['unbounded-expression', 'type-refused'].includes(code) && fix),
        JSON.stringify(errors),
      );
    });
  }
});

describe('what people write is accepted', () => {
  for (const [sql, expression] of statementsOf(LEGITIMATE)) {
    test(shortened(expression), async () => {
      const { findings } = await check(sql);
      assert.deepEqual(
        findings.filter(({ severity }) => severity === 'error'),
        [],
      );
    });
  }
});

test('knows of every allowed function how large its value can be', () => {
  // The grammar reads these two by itself.
  const allowed = [...ALLOWED_FUNCTIONS.keys()].filter((name) => !['greatest', 'least'].includes(name));
  const known = [...new Set([...FUNCTION_RESULTS.keys(), ...MEASURES.keys()])];
  assert.deepEqual(known.toSorted(), allowed.toSorted());
});

function statementsOf(expressions: typeof HOSTILE): readonly (readonly [sql: string, expression: string])[] {
  return (Object.keys(written) as (keyof typeof HOSTILE)[]).flatMap((place) =>
    expressions[place].map((expression) => [written[place](expression), `${place}: ${expression}`] as const),
  );
}

function shortened(text: string): string {
  return text.length > 100 ? `${text.slice(0, 100)}…` : text;
}

function check(sql: string) {
  return checkProposal({ tables: [{ tableName: '', createQuery: sql }], warnings: [] }, { houseRules: 'tell' });
}
