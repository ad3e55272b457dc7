import assert from 'node:assert/strict';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { findPackageClosure } from './package-closure.ts';

const folder = mkdtempSync(join(tmpdir(), 'turbo-closure-'));
after(() => rmSync(folder, { recursive: true, force: true }));

function install(place: string, manifest: object): string {
  const source = join(folder, 'node_modules', place);
  mkdirSync(source, { recursive: true });
  writeFileSync(join(source, 'package.json'), JSON.stringify(manifest));
  return source;
}

test('places every package once, and two versions so that each dependent finds its own', async () => {
  const web = install('web', {
    dependencies: { parse: '2', log: '1' },
    optionalDependencies: { 'for-another-machine': '1' },
  });
  const log = install('log', { dependencies: { parse: '1' } });
  const parse1 = install('log/node_modules/parse', {});
  const parse2 = install('parse', { dependencies: { web: '1' } });
  assert.deepEqual(await findPackageClosure(folder, ['web']), [
    { source: web, place: 'web' },
    { source: parse2, place: 'parse' },
    { source: log, place: 'log' },
    { source: parse1, place: 'log/node_modules/parse' },
  ]);
});

test('says which package is missing', async () => {
  install('broken', { dependencies: { absent: '1' } });
  await assert.rejects(findPackageClosure(folder, ['broken']), { code: 'SANDBOX_UNAVAILABLE', message: /absent/ });
});
