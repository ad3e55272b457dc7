import assert from 'node:assert/strict';
import { test } from 'node:test';
import { mergeSource } from './merge-source.ts';

const files = (tree: Readonly<Record<string, string>>) =>
  Object.entries(tree).map(([path, content]) => ({ path, content }));
const lines = (...text: readonly string[]): string => text.map((line) => `${line}\n`).join('');

function merge(base: Record<string, string>, ours: Record<string, string>, theirs: Record<string, string>) {
  const { files: merged, conflicts } = mergeSource({ base: files(base), ours: files(ours), theirs: files(theirs) });
  return { tree: Object.fromEntries(merged.map(({ path, content }) => [path, content])), conflicts };
}

test('keeps the edits of people beside what is generated anew', () => {
  const base = { 'a.ts': lines('1', '2', '3', '4', '5') };
  const { tree, conflicts } = merge(
    base,
    { 'a.ts': lines('one', '2', '3', '4', '5') },
    { 'a.ts': lines('1', '2', '3', '4', 'five') },
  );
  assert.deepEqual(conflicts, []);
  assert.equal(tree['a.ts'], lines('one', '2', '3', '4', 'five'));
});

test('keeps both sides of a list that both add to', () => {
  const base = { 'routes.ts': lines('function routes() {', '}') };
  const ours = { 'routes.ts': lines('function routes() {', '  mine(app);', '}') };
  const theirs = { 'routes.ts': lines('function routes() {', '  tags(app);', '}') };
  const { tree, conflicts } = merge(base, ours, theirs);
  assert.deepEqual(conflicts, []);
  assert.equal(tree['routes.ts'], lines('function routes() {', '  mine(app);', '  tags(app);', '}'));
});

test('names the file, the line and both sides where they contradict each other', () => {
  const { conflicts } = merge(
    { 'a.ts': lines('1', '2') },
    { 'a.ts': lines('1', 'mine') },
    { 'a.ts': lines('1', 'generated') },
  );
  assert.deepEqual(conflicts, [
    {
      path: 'a.ts',
      kind: 'both changed',
      disagreements: [{ line: 2, base: '2\n', ours: 'mine\n', theirs: 'generated\n' }],
    },
  ]);
});

test('follows a file that was moved', () => {
  const text = lines('1', '2', '3', '4', '5', '6', '7', '8');
  const { tree, conflicts } = merge({ 'a.ts': text }, { 'b/a.ts': text }, { 'a.ts': text.replace('8', 'eight') });
  assert.deepEqual(conflicts, []);
  assert.deepEqual(tree, { 'b/a.ts': text.replace('8', 'eight') });
});

test('adds, removes and takes anew what nobody else touched', () => {
  const base = { 'gone.ts': 'x', 'openapi.json': '{"a":1}' };
  const { tree, conflicts } = merge(base, { ...base, 'own.ts': 'mine' }, { 'new.ts': 'y', 'openapi.json': '{"a":2}' });
  assert.deepEqual(conflicts, []);
  assert.deepEqual(tree, { 'own.ts': 'mine', 'new.ts': 'y', 'openapi.json': '{"a":2}' });
});

test('says so where people changed what is no longer generated, or removed what is generated anew', () => {
  const gone = merge({ 'a.ts': '1' }, { 'a.ts': '2' }, {});
  assert.deepEqual(
    gone.conflicts.map(({ kind }) => kind),
    ['changed here, no longer generated'],
  );
  const removed = merge({ 'a.ts': '1' }, {}, { 'a.ts': '3' });
  assert.deepEqual(
    removed.conflicts.map(({ kind }) => kind),
    ['removed here, changed by the generator'],
  );
});

test('leaves the ends of lines as people have them', () => {
  const { tree } = merge(
    { 'a.ts': lines('1', '2', '3') },
    { 'a.ts': '1\r\n2\r\n3\r\n' },
    { 'a.ts': lines('1', '2', 'three') },
  );
  assert.equal(tree['a.ts'], '1\r\n2\r\nthree\r\n');
});
