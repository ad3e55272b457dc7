import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import {
  lstatSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { ProjectFolder } from './project-folder.ts';

const base = mkdtempSync(join(tmpdir(), 'turbo-folder-'));
after(() => rmSync(base, { recursive: true, force: true }));

function newFolder(name: string): { readonly root: string; readonly folder: ProjectFolder } {
  const root = join(base, name);
  mkdirSync(root);
  return { root, folder: new ProjectFolder(root, undefined) };
}

const refused = { code: 'SANDBOX_PATH_REFUSED' };

test('gives a file the mode that was asked for, whatever was there', async () => {
  const { root, folder } = newFolder('modes');
  writeFileSync(join(root, '.env'), 'old', { mode: 0o644 });
  await folder.write({ path: '.env', content: 'DB_HOST=x', mode: 0o600 });
  await folder.write({ path: 'src/a.ts', content: '' });
  assert.equal(lstatSync(join(root, '.env')).mode & 0o777, 0o600);
  assert.equal(lstatSync(join(root, 'src/a.ts')).mode & 0o777, 0o644);
  assert.deepEqual(readdirSync(root).toSorted(), ['.env', 'src']);
});

test('refuses to write through a link, and leaves what it points to', async () => {
  const { root, folder } = newFolder('links');
  writeFileSync(join(base, 'outside.txt'), 'untouched');
  symlinkSync('../outside.txt', join(root, 'file'));
  symlinkSync('..', join(root, 'parent'));
  mkdirSync(join(root, 'src'));
  symlinkSync('src', join(root, 'inside'));
  for (const path of ['file', 'parent/outside.txt', 'parent/new.txt', 'inside/a.ts']) {
    await assert.rejects(folder.write({ path, content: 'changed' }), refused, path);
    await assert.rejects(folder.read(path), refused, path);
  }
  await assert.rejects(folder.delete('parent/outside.txt'), refused);
  await folder.delete('file');
  assert.equal(readFileSync(join(base, 'outside.txt'), 'utf8'), 'untouched');
  assert.deepEqual(readdirSync(join(root, 'src')), []);
});

test('does not wait for a named pipe', async () => {
  const { root, folder } = newFolder('pipe');
  execFileSync('/usr/bin/mkfifo', [join(root, 'pipe')]);
  await assert.rejects(folder.read('pipe'), refused);
  assert.deepEqual(await folder.list(), []);
});

test('refuses a folder where a file is asked for, and a file where a folder is needed', async () => {
  const { folder } = newFolder('kinds');
  await folder.write({ path: 'src/a.ts', content: '' });
  await assert.rejects(folder.read('src'), refused);
  await assert.rejects(folder.delete('src'), refused);
  await assert.rejects(folder.write({ path: 'src', content: '' }), refused);
  await assert.rejects(folder.write({ path: 'src/a.ts/b.ts', content: '' }), refused);
  assert.deepEqual(await folder.list(), ['src/a.ts']);
});

test('lists 5000 files and refuses to list more; reads very many at once', async () => {
  const { root, folder } = newFolder('many');
  for (let count = 0; count < 5000; count++) writeFileSync(join(root, `${count}.txt`), '');
  const paths = await folder.list();
  assert.equal(paths.length, 5000);
  // All at once, as whoever wants the whole source asks for them.
  assert.equal((await Promise.all(paths.slice(0, 1500).map((path) => folder.read(path)))).join(''), '');
  writeFileSync(join(root, 'one-more.txt'), '');
  await assert.rejects(folder.list(), { ...refused, message: /more than 5000 files/ });
});
