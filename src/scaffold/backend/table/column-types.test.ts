import assert from 'node:assert/strict';
import { test } from 'node:test';
import { nullable } from './column-rules.ts';
import { array, bigint, bytes, integer, numeric, oneOf, text } from './column-types.ts';
import { changesSchema, newRowSchema, rowSchema, table } from './table.ts';

test('a decimal keeps all of its digits or is refused', () => {
  const price = numeric(12, 2, { minimum: 0 });
  for (const value of ['0', '12.5', '9999999999.99', 12.5, 0])
    assert.equal(price.complain?.(value), undefined, String(value));
  for (const value of ['12.345', '99999999999', 'NaN', '', '-1', 0.001, 1e300])
    assert.ok(price.complain?.(value), String(value));
  assert.match(numeric().complain?.(0.1234567890123456) ?? '', /string/);
});

test('bytes are base64 or refused', () => {
  assert.equal(bytes().complain?.('AQI='), undefined);
  assert.ok(bytes().complain?.('AQI'));
  assert.deepEqual(bytes().encode?.('AQI='), Buffer.from([1, 2]));
});

test('text from a URL is read as the column would', () => {
  assert.deepEqual(
    ['1', '-5', '2147483647'].map((given) => integer().readable?.(given)),
    [true, true, true],
  );
  assert.deepEqual(
    ['', 'a', '1.5', '2147483648'].map((given) => integer().readable?.(given)),
    [false, false, false, false],
  );
  assert.equal(bigint().readable?.('9223372036854775807'), true);
  assert.equal(oneOf(['a']).readable?.('b'), false);
});

test('an array complains about the item that is wrong', () => {
  assert.equal(array(numeric(4, 2)).complain?.(['1.00', 'x']), 'item 1 must be a decimal number that fits the column');
});

test('one table gives the schemas of an answer, a new row and a change', () => {
  const things = table({
    name: 'things',
    model: 'Thing',
    singular: 'thing',
    plural: 'things',
    key: ['id'],
    indexed: ['id'],
    columns: { id: text(), note: nullable(oneOf(['a'])) },
  });
  assert.deepEqual(rowSchema(things)['required'], ['id', 'note']);
  assert.deepEqual(newRowSchema(things)['required'], ['id']);
  assert.deepEqual(changesSchema(things)['properties'], { note: { type: ['string', 'null'], enum: ['a', null] } });
});
