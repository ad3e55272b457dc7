import assert from 'node:assert/strict';
import { test } from 'node:test';
import { plainRecord } from './plain-record.ts';

test('answers with its own members alone, whatever they are called', () => {
  const record = plainRecord([
    ['a', 1],
    ['__proto__', 2],
  ]);
  assert.equal(record['a'], 1);
  assert.equal(record['__proto__'], 2);
  for (const name of ['constructor', 'toString', 'hasOwnProperty', 'then']) assert.equal(record[name], undefined, name);
});
