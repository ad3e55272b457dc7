import assert from 'node:assert/strict';
import { mkdtemp, readdir, readFile, rename, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import type { TurboError } from '../domain/errors.ts';
import { Secret } from '../domain/secret.ts';
import { newKey } from './cipher.ts';
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

test('other users pass through the folders that are made on the way, whatever the umask', async () => {
  const base = await scratch();
  const umask = process.umask(0o077);
  try {
    await openHome(join(base, 'deep', 'deeper', 'home'));
  } finally {
    process.umask(umask);
  }
  for (const folder of ['deep', 'deep/deeper', 'deep/deeper/home']) {
    assert.equal((await stat(join(base, folder))).mode & 0o777, 0o711, folder);
  }
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

test('homes with one shared key are one installation, and none of them keeps the key', async () => {
  const key = new Secret(newKey().toString('base64'));
  const folders = await Promise.all([scratch(), scratch()]);
  const [one, other] = await Promise.all(folders.map((folder) => openHome(folder, key)));
  assert.match(one!.installationId, /^[0-9a-z]{8}$/);
  assert.equal(other!.installationId, one!.installationId);
  assert.equal(other!.cipher.open(one!.cipher.seal(new Secret('hunter2'))).reveal(), 'hunter2');
  const stored = (await readdir(one!.folder)).filter((name) => name !== 'location');
  assert.deepEqual(stored, []);
  const another = await openHome(await scratch(), new Secret(newKey().toString('base64')));
  assert.notEqual(another.installationId, one!.installationId);
  assert.throws(() => another.cipher.open(one!.cipher.seal(new Secret('hunter2'))));
});

test('a home that began alone is joined by others with its own key', async () => {
  const alone = await openHome(await scratch());
  const { key } = JSON.parse(await readFile(join(alone.folder, 'installation.json'), 'utf8')) as { key: string };
  const sealed = alone.cipher.seal(new Secret('hunter2'));
  for (const folder of [alone.folder, await scratch()]) {
    const home = await openHome(folder, new Secret(key));
    assert.equal(home.installationId, alone.installationId);
    assert.equal(home.cipher.open(sealed).reveal(), 'hunter2');
  }
});

test('a home with another key is refused before anything fails, until the key is moved away', async () => {
  const { folder } = await openHome(await scratch());
  const file = join(folder, 'installation.json');
  const shared = new Secret(newKey().toString('base64'));
  await assert.rejects(openHome(folder, shared), (error: TurboError) => {
    assert.equal(error.code, 'CONFIG_INVALID');
    assert.match(error.message, /^TURBOBACKEND_SECRET_KEY/);
    assert.ok(error.fix?.includes(file));
    assert.ok(!error.message.includes(shared.reveal()));
    return true;
  });
  await rename(file, `${file}.old`);
  assert.equal(
    (await openHome(folder, shared)).installationId,
    (await openHome(await scratch(), shared)).installationId,
  );
});

test('a home whose name does not follow from its key is not shared', async () => {
  const folder = await scratch();
  const key = newKey().toString('base64');
  await writeFile(join(folder, 'installation.json'), JSON.stringify({ id: 'k3x9k3x9', key }));
  assert.equal((await openHome(folder)).installationId, 'k3x9k3x9');
  const failure = { code: 'CONFIG_INVALID', message: /cannot be shared/, fix: /Unset TURBOBACKEND_SECRET_KEY/ };
  await assert.rejects(openHome(folder, new Secret(key)), failure);
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
