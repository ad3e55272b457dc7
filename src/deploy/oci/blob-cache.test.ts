import assert from 'node:assert/strict';
import { mkdtempSync, readdirSync, readFileSync, rmSync, utimesSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { BlobCache, type Download } from './blob-cache.ts';
import { digestOf } from './image-manifest.ts';

const root = mkdtempSync(join(tmpdir(), 'turbo-blobs-'));
const blob = Buffer.from('a layer of the base image');
const digest = digestOf(blob);
let folders = 0;

after(() => rmSync(root, { recursive: true, force: true }));

function newFolder(): string {
  return join(root, `${++folders}`);
}

function bring(bytes: Buffer, calls: string[] = []): Download {
  return async (receive) => {
    calls.push('download');
    await sleep(5);
    await receive(new Blob([new Uint8Array(bytes)]).stream());
  };
}

test('downloads a blob once, however many ask and whenever', async () => {
  const folder = newFolder();
  const calls: string[] = [];
  const ask = async (): Promise<string> => (await BlobCache.open(folder)).provide(digest, 'Hub', bring(blob, calls));
  const files = await Promise.all([ask(), ask(), ask()]);
  files.push(await ask());
  assert.equal(new Set(files).size, 1);
  assert.deepEqual(calls, ['download']);
  assert.deepEqual(readFileSync(files[0] ?? ''), blob);
  assert.deepEqual(readdirSync(folder).length, 1);
});

test('keeps nothing of a download that brought other bytes or broke off', async () => {
  const folder = newFolder();
  const cache = await BlobCache.open(folder);
  await assert.rejects(cache.provide(digest, 'Hub', bring(blob.subarray(1))), {
    name: 'ProviderError',
    message: `Hub sent other bytes than those of ${digest}`,
  });
  const broken: Download = async (receive) => {
    const body = new ReadableStream<Uint8Array>({
      start: (controller) => controller.enqueue(new Uint8Array(blob)),
      pull: (controller) => controller.error(new Error('cut')),
    });
    await receive(body);
  };
  await assert.rejects(cache.provide(digest, 'Hub', broken), { message: 'cut' });
  assert.deepEqual(readdirSync(folder), []);
});

test('does not trust a file that was changed', async () => {
  const cache = await BlobCache.open(newFolder());
  const file = await cache.provide(digest, 'Hub', bring(blob));
  writeFileSync(file, 'tampered with');
  assert.equal(await cache.read(digest), undefined);
  await cache.provide(digest, 'Hub', bring(blob));
  assert.deepEqual(await cache.read(digest), blob);
});

test('tells where a blob was seen, each registry apart', async () => {
  const cache = await BlobCache.open(newFolder());
  await cache.noteRepository(digest, 'registry.fly.io', 'app-one');
  assert.equal(await cache.repositoryWith(digest, 'registry.fly.io'), 'app-one');
  assert.equal(await cache.repositoryWith(digest, '127.0.0.1:5000'), undefined);
});

test('removes what nobody asked for in a month, and what a crash left', async () => {
  const folder = newFolder();
  const cache = await BlobCache.open(folder);
  await cache.keep(digest, blob);
  const left = ['sha256-old', '.halfway'].map((name) => join(folder, name));
  const longAgo = new Date(Date.now() - 40 * 24 * 3_600_000);
  for (const file of left) writeFileSync(file, 'x');
  for (const file of left) utimesSync(file, longAgo, longAgo);
  await BlobCache.open(folder);
  assert.deepEqual(readdirSync(folder), [digest.replace(':', '-')]);
});

test('says that the disk is to blame when nothing can be kept', async () => {
  const folder = newFolder();
  const cache = await BlobCache.open(folder);
  rmSync(folder, { recursive: true });
  await assert.rejects(cache.keep(digest, blob), { code: 'DEPLOY_FAILED', fix: /disk/ });
});
