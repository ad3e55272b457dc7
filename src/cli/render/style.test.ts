import assert from 'node:assert/strict';
import { test } from 'node:test';
import { fakeOutput } from '../../../test/support/cli-fakes.ts';
import { styleFor } from './style.ts';

const terminal = fakeOutput(80);
const pipe = fakeOutput();

test('colours follow the terminal, NO_COLOR, FORCE_COLOR and --no-color', () => {
  assert.equal(styleFor(terminal, {}, true).colours, true);
  assert.equal(styleFor(pipe, {}, true).colours, false);
  assert.equal(styleFor(terminal, { TERM: 'dumb' }, true).colours, false);
  assert.equal(styleFor(terminal, { NO_COLOR: '1' }, true).colours, false);
  assert.equal(styleFor(pipe, { FORCE_COLOR: '1' }, true).colours, true);
  assert.equal(styleFor(terminal, { FORCE_COLOR: '0' }, true).colours, false);
  assert.equal(styleFor(terminal, { FORCE_COLOR: '1' }, false).colours, false);
  assert.equal(styleFor(terminal, {}, true).paint('red', 'x'), '\u001b[31mx\u001b[39m');
  assert.equal(styleFor(pipe, {}, true).paint('red', 'x'), 'x');
});

test('a locale without UTF-8 gets ASCII', () => {
  assert.equal(styleFor(terminal, { LANG: 'C' }, true).marks.ok, '+');
  assert.equal(styleFor(terminal, { LANG: 'en_US.UTF-8', LC_ALL: 'POSIX' }, true).marks.ok, '+');
  assert.equal(styleFor(terminal, { LANG: 'C.utf8' }, true).marks.ok, '✓');
  assert.equal(styleFor(terminal, {}, true).marks.ok, '✓');
  assert.equal(styleFor(terminal, { LANG: 'C' }, true).text('a · b → c…'), 'a - b -> c...');
});
