import assert from 'node:assert/strict';
import { test } from 'node:test';
import { isBroken } from './check-evaluation.ts';
import { parseCheck } from './check-expression.ts';

/** A condition, a row that keeps to it and one that breaks it. */
const RULES: readonly (readonly [string, Record<string, unknown>, Record<string, unknown>])[] = [
  ['((rating >= 1) AND (rating <= 5))', { rating: 3 }, { rating: 6 }],
  ['rating BETWEEN 1 AND 5', { rating: 5 }, { rating: 0 }],
  ["status IN ('a', 'it''s')", { status: "it's" }, { status: 'b' }],
  [
    "((status)::text = ANY ((ARRAY['a'::character varying, 'b'::character varying])::text[]))",
    { status: 'b' },
    { status: 'c' },
  ],
  ["((status)::text <> ALL (ARRAY['a'::text]))", { status: 'b' }, { status: 'a' }],
  ['(ends_at > starts_at)', { starts_at: '2026-01-01', ends_at: '2026-01-02' }, { starts_at: 2, ends_at: 1 }],
  ['(length(btrim(name)) > 0)', { name: 'x' }, { name: '  ' }],
  ["(email ~* '^[^@]+@[^@]+$'::text)", { email: 'A@B' }, { email: 'ab' }],
  ["(name ~~ 'a%'::text)", { name: 'abc' }, { name: 'b' }],
  ['((a IS NULL) OR (b IS NOT NULL))', { a: null, b: null }, { a: 1, b: null }],
  ['(num_nonnulls(a, b) = 1)', { a: 1, b: null }, { a: 1, b: 1 }],
  ['(NOT (a AND b))', { a: true, b: false }, { a: true, b: true }],
  ['("order" * 2 - 1 >= (- 3))', { order: 0 }, { order: -5 }],
  ["(price > '0'::numeric)", { price: '0.50' }, { price: '0.00' }],
];

for (const [condition, kept, broken] of RULES) {
  test(`reads ${condition}`, () => {
    const check = parseCheck(condition);
    assert.ok(check);
    assert.equal(isBroken(check, kept), false);
    assert.equal(isBroken(check, broken), true);
  });
}

test('what is null or not understood breaks nothing', () => {
  for (const condition of ['(a > 1)', '(some_function(a) > 1)', '(b > 1)']) {
    const check = parseCheck(condition);
    assert.ok(check);
    assert.equal(isBroken(check, { a: null }), false);
  }
});

test('gives up on what it cannot read', () => {
  for (const condition of ['', '(a >', 'CASE WHEN a THEN b END', 'a @> b', "a > 'unclosed", '(a) (b)']) {
    assert.equal(parseCheck(condition), undefined, condition);
  }
});
