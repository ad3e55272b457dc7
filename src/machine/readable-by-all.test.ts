import assert from 'node:assert/strict';
import { chmodSync, mkdirSync, mkdtempSync, statSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { isReadableByAll, makeReadableByAll } from './readable-by-all.ts';

test('folders, files and programs that only we could read become readable by all, and writable by none of them', () => {
  const folder = mkdtempSync(join(tmpdir(), 'turbo-readable-'));
  const modeOf = (path: string): number => statSync(join(folder, path)).mode & 0o777;
  mkdirSync(join(folder, '@scope/name'), { recursive: true, mode: 0o700 });
  writeFileSync(join(folder, '@scope/name/index.js'), '', { mode: 0o600 });
  writeFileSync(join(folder, '@scope/name/program'), '', { mode: 0o500 });
  assert.equal(isReadableByAll(folder), false);
  makeReadableByAll(folder);
  assert.deepEqual(['', '@scope', '@scope/name'].map(modeOf), [0o755, 0o755, 0o755]);
  assert.deepEqual(['@scope/name/index.js', '@scope/name/program'].map(modeOf), [0o644, 0o555]);
  assert.equal(isReadableByAll(folder), true);
  chmodSync(join(folder, '@scope/name'), 0o700);
  assert.equal(isReadableByAll(folder), false);
});

test('what a link leads to keeps its mode', () => {
  const folder = mkdtempSync(join(tmpdir(), 'turbo-readable-'));
  const secret = join(mkdtempSync(join(tmpdir(), 'turbo-secret-')), 'key');
  writeFileSync(secret, '', { mode: 0o600 });
  symlinkSync(secret, join(folder, 'link'));
  makeReadableByAll(folder);
  assert.equal(statSync(secret).mode & 0o777, 0o600);
});
