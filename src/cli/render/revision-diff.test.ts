import assert from 'node:assert/strict';
import { test } from 'node:test';
import { fakeBackend, runCli } from '../../../test/support/cli-fakes.ts';

const DIFF = {
  project: 'blog',
  from: 1,
  to: 3,
  schema: '@@ -1 +1,2 @@\n a\n+b\n',
  files: [
    { path: 'src/new.ts', change: 'added', patch: '@@ -0,0 +1 @@\n+one\n', truncated: false },
    { path: 'src/old.ts', change: 'removed', patch: '@@ -1 +0,0 @@\n-one\n', truncated: true },
  ],
} as const;

test('a difference is shown as a patch, its schema so that no patch is made of it', async () => {
  const asked: unknown[][] = [];
  const diff = (...args: unknown[]) => {
    asked.push(args);
    return Promise.resolve(DIFF);
  };
  const { stdout } = await runCli(['diff', 'blog', '1', '3'], fakeBackend({ diff }));
  assert.deepEqual(asked, [['blog', { from: 1, to: 3 }]]);
  assert.match(stdout, /^blog, revision 1 .* 3\n\nSchema:\n {2}@@ -1 \+1,2 @@\n {3}a\n {2}\+b\n\n/);
  assert.match(stdout, /\n--- \/dev\/null\n\+\+\+ b\/src\/new\.ts\n@@ -0,0 \+1 @@\n\+one\n/);
  assert.match(
    stdout,
    /\n--- a\/src\/old\.ts\n\+\+\+ \/dev\/null\n@@ -1 \+0,0 @@\n-one\n.* and more than can be shown/,
  );

  const json = await runCli(['diff', 'blog', '--json'], fakeBackend({ diff }));
  assert.deepEqual(JSON.parse(json.stdout), DIFF);
  assert.deepEqual(asked[1], ['blog', { from: undefined, to: undefined }]);
  const same = await runCli(
    ['diff', 'blog'],
    fakeBackend({ diff: () => Promise.resolve({ ...DIFF, schema: '', files: [] }) }),
  );
  assert.match(same.stdout, /Nothing differs/);
  assert.equal((await runCli(['diff', 'blog', 'first'], fakeBackend({ diff }))).exitCode, 2);
});
