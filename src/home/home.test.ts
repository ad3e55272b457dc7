import assert from 'node:assert/strict';
import { mkdtemp, readdir, readFile, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { Secret } from '../domain/secret.ts';
import { openHome } from './home.ts';

const scratch = () => mkdtemp(join(tmpdir(), 'turbobackend-home-'));

test('many processes that open a new home agree on one installation', async () => {
  const folder = join(await scratch(), 'deep', 'home');
  const homes = await Promise.all(Array.from({ length: 8 }, () => openHome(folder)));
  assert.equal(new Set(homes.map((home) => home.installationId)).size, 1);
  const sealed = homes[0]!.cipher.seal(new Secret('pässword'));
  assert.ok(homes.every((home) => home.cipher.open(sealed).reveal() === 'pässword'));
  assert.deepEqual(
    (await readdir(homes[0]!.folder)).filter((name) => name !== 'location'),
    ['installation.json'],
  );
});

test('the key is readable by its owner alone', async () => {
  const home = await openHome(await scratch());
  assert.equal((await stat(join(home.folder, 'installation.json'))).mode & 0o777, 0o600);
});

test('sealed text tells nothing and cannot be changed', async () => {
  const { cipher } = await openHome(await scratch());
  const sealed = cipher.seal(new Secret('hunter2'));
  assert.notEqual(sealed, cipher.seal(new Secret('hunter2')));
  assert.doesNotMatch(Buffer.from(sealed, 'base64').toString('latin1'), /hunter2/);
  const changed = Buffer.from(sealed, 'base64');
  changed[changed.length - 1]! ^= 1;
  assert.throws(() => cipher.open(changed.toString('base64')));
});

test('root keeps its state where other users can pass', { skip: process.getuid?.() !== 0 && 'not root' }, async () => {
  const asked = join('/root', `.turbobackend-test-${process.pid}`);
  const home = await openHome(asked);
  assert.match(home.folder, /^\/var\/lib\/turbobackend\/[0-9a-z]{12}$/);
  assert.equal((await readFile(join(asked, 'location'), 'utf8')).trim(), home.folder);
  assert.equal((await openHome(asked)).installationId, home.installationId);
  const { rm } = await import('node:fs/promises');
  await Promise.all([asked, home.folder].map((path) => rm(path, { recursive: true })));
});
