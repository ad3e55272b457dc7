import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { array, assert as check, constantFrom, pre, property } from 'fast-check';
import { unifiedDiff } from './unified-diff.ts';

test('shows what was taken out and put in, with three lines around it', () => {
  const before = 'a\nb\nc\nd\ne\nf\ng\nh\ni\nj\nk\n';
  const after = 'a\nb\nc\nd\nE\nf\ng\nh\ni\nj\nk\nl';
  assert.equal(
    unifiedDiff(before, after),
    '@@ -2,10 +2,11 @@\n b\n c\n d\n-e\n+E\n f\n g\n h\n i\n j\n k\n+l\n\\ No newline at end of file\n',
  );
  assert.equal(unifiedDiff(before, before), '');
  assert.equal(unifiedDiff('', 'a\n'), '@@ -0,0 +1 @@\n+a\n');
  assert.equal(unifiedDiff('a\n', ''), '@@ -1 +0,0 @@\n-a\n');
});

test('git makes the new text of the old one with it', () => {
  const folder = mkdtempSync(join(tmpdir(), 'unified-diff-'));
  const texts = array(constantFrom('a', 'b', 'c', ''), { maxLength: 30 }).map((lines) => lines.join('\n'));
  try {
    check(
      property(texts, texts, (before, after) => {
        pre(before !== after && before !== '' && after !== '');
        writeFileSync(join(folder, 'text'), before);
        const patch = `--- a/text\n+++ b/text\n${unifiedDiff(before, after)}`;
        execFileSync('git', ['apply', '--unidiff-zero', '--whitespace=nowarn', '-'], { cwd: folder, input: patch });
        assert.equal(execFileSync('cat', ['text'], { cwd: folder, encoding: 'utf8' }), after);
      }),
      { numRuns: 60 },
    );
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
});
