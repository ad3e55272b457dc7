import assert from 'node:assert/strict';
import { test } from 'node:test';
import { types } from 'pg';
import { jsonTypes } from './json-values.ts';

const { BOOL, INT4, INT8, FLOAT8, NUMERIC, JSONB, TIMESTAMPTZ, BYTEA } = types.builtins;

test('values become JSON, and what JSON would lose stays text', () => {
  for (const [type, text, value] of [
    [BOOL, 't', true],
    [INT4, '-7', -7],
    [INT8, '9223372036854775807', '9223372036854775807'],
    [NUMERIC, '0.10', '0.10'],
    [FLOAT8, '1e300', 1e300],
    [FLOAT8, '-Infinity', '-Infinity'],
    [JSONB, '{"a":[1,null]}', { a: [1, null] }],
    [TIMESTAMPTZ, '2026-01-02 03:04:05+00', '2026-01-02 03:04:05+00'],
    [BYTEA, '\\x00ff', '\\x00ff'],
    [1007, '{1,NULL,3}', [1, null, 3]],
    [1009, '{"a,b","c\\"d",NULL}', ['a,b', 'c"d', null]],
    [1231, '{1.50}', ['1.50']],
    [999_999, '{an,enum}', '{an,enum}'],
  ] as const) {
    assert.deepEqual(jsonTypes.getTypeParser(type)(text), value);
  }
});
