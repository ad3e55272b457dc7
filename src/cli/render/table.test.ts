import assert from 'node:assert/strict';
import { test } from 'node:test';
import { fakeOutput } from '../../../test/support/cli-fakes.ts';
import { styleFor } from './style.ts';
import { renderTable } from './table.ts';
import { textWidth } from './text.ts';

const style = styleFor(fakeOutput(), {}, true);

test('numbers stand to the right, NULL is written out, a line break does not break the row', () => {
  const table = renderTable(
    ['id', 'n', 'note'],
    [
      ['a', '7', 'x\ny'],
      ['bb', 42, null],
    ],
    style,
  );
  assert.deepEqual(table.split('\n'), ['id   n  note', '──  ──  ────', 'a    7  x\\ny', 'bb  42  NULL']);
});

test('values print as what they are', () => {
  const cells = [new Date(0), Buffer.from('hi'), { a: [1] }, true, 9_007_199_254_740_993n, 'tab\there \u001b[2J'];
  const row =
    renderTable(
      cells.map((_, index) => `c${index}`),
      [cells],
      style,
    ).split('\n')[2] ?? '';
  assert.match(
    row,
    /1970-01-01T00:00:00\.000Z +\\x6869 +\{"a":\[1\]\} +true +9007199254740993 +tab\\there \\u001b\[2J/,
  );
});

test('on a terminal the widest columns give way until the table fits', () => {
  const table = renderTable(['id', 'text', 'more'], [['a', 'x'.repeat(90), 'y'.repeat(50)]], style, 40);
  for (const line of table.split('\n')) assert.ok(textWidth(line) <= 40, line);
  assert.match(table, /x…/);
});

test('an answer without rows still shows its columns', () => {
  assert.equal(renderTable(['id'], [], style), 'id\n──');
});
