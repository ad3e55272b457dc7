import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { appendFileSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { gunzipSync, gzipSync } from 'node:zlib';
import { pack, type Header } from 'tar-stream';
import { newId } from '../domain/ids.ts';
import { describeArtifactStore } from './artifact-store.contract.ts';
import { FolderArtifactStore } from './folder-artifact-store.ts';

type Entry = Pick<Header, 'name'> & Partial<Header>;

const root = mkdtempSync(join(tmpdir(), 'turbo-artifacts-'));
const store = new FolderArtifactStore(root);
after(() => rmSync(root, { recursive: true, force: true }));

describeArtifactStore('FolderArtifactStore', () => Promise.resolve(store));

test('is named by the hash of its bytes, which hold no time and no owner', async () => {
  const projectId = newId('project');
  const { hash, location, sizeBytes } = await store.save(projectId, [{ path: 'a.txt', content: 'a' }]);
  const archive = readFileSync(location);
  assert.equal(createHash('sha256').update(archive).digest('hex'), hash);
  assert.equal(archive.length, sizeBytes);
  assert.deepEqual([...archive.subarray(4, 8)], [0, 0, 0, 0]);
  // The tar itself, which no compressor changes, is the same on every machine.
  const tarHash = createHash('sha256').update(gunzipSync(archive)).digest('hex');
  assert.equal(tarHash, 'b384c46320950adee77bf05ff14efdb2683af8e45742809e60c1871e73a2d4f1');
});

test('rejects an archive that was changed, and stores it anew', async () => {
  const projectId = newId('project');
  const files = [{ path: 'a.txt', content: 'a' }];
  const { hash, location } = await store.save(projectId, files);
  appendFileSync(location, 'x');
  await assert.rejects(store.load(projectId, hash), { code: 'PUBLISH_FAILED', message: /not what it was stored as/ });
  await store.save(projectId, files);
  assert.deepEqual(await store.load(projectId, hash), files);
});

test('refuses an archive of somebody else that would write elsewhere', async () => {
  const projectId = newId('project');
  const entries: readonly Entry[] = [
    { name: '../outside.txt' },
    { name: '/etc/cron.d/x' },
    { name: 'link', type: 'symlink', linkname: '/etc/passwd' },
    { name: 'folder/', type: 'directory' },
  ];
  for (const entry of entries) {
    const hash = await placeArchive(projectId, entry);
    await assert.rejects(store.load(projectId, hash), { code: 'PUBLISH_FAILED' }, entry.name);
  }
});

test('refuses an archive that would not end', async () => {
  const projectId = newId('project');
  const bomb = gzipSync(Buffer.alloc(130 * 1024 * 1024), { level: 1 });
  await assert.rejects(store.load(projectId, place(projectId, bomb)), { code: 'PUBLISH_FAILED' });
});

async function placeArchive(projectId: string, entry: Entry): Promise<string> {
  const tar = pack();
  tar.entry(entry, entry.type === undefined ? 'x' : '');
  tar.finalize();
  const chunks: Buffer[] = [];
  for await (const chunk of tar) chunks.push(chunk as Buffer);
  return place(projectId, gzipSync(Buffer.concat(chunks)));
}

function place(projectId: string, archive: Buffer): string {
  const hash = createHash('sha256').update(archive).digest('hex');
  mkdirSync(join(root, projectId), { recursive: true });
  writeFileSync(join(root, projectId, `${hash}.tar.gz`), archive);
  return hash;
}
