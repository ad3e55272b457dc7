import assert from 'node:assert/strict';
import { test } from 'node:test';
import { gunzipSync } from 'node:zlib';
import { extract, type Header } from 'tar-stream';
import { digestOf } from './image-manifest.ts';
import { packLayer, type LayerFile } from './pack-layer.ts';

const FILES: readonly LayerFile[] = [
  { path: 'app/src/server.ts', content: 'serve()' },
  { path: 'app/bin/start', content: Buffer.from([0, 255, 1]), mode: 0o755 },
  { path: `app/${'long/'.repeat(60)}é.ts`, content: 'far down' },
  { path: 'app/empty', content: '' },
];

test('packs the same bytes whatever order the files come in, and tells both digests', async () => {
  const layer = await packLayer(FILES);
  const again = await packLayer(FILES.toReversed());
  assert.deepEqual(again, layer);
  assert.equal(layer.digest, digestOf(layer.gzipped));
  assert.equal(layer.diffId, digestOf(gunzipSync(layer.gzipped)));
  assert.notEqual((await packLayer(FILES.slice(1))).digest, layer.digest);
});

test('has every folder before what is in it, all of it of no time and for everybody to read', async () => {
  const headers = await headersOf((await packLayer(FILES)).gzipped);
  const names = headers.map(({ name }) => name.replace(/\/$/, ''));
  assert.deepEqual(names.slice(0, 4), ['app', 'app/bin', 'app/bin/start', 'app/empty']);
  assert.ok(names.includes(`app/${'long/'.repeat(60)}é.ts`));
  for (const { name, type, mode, uid, gid, mtime } of headers) {
    const parent = name.replace(/\/$/, '').split('/').slice(0, -1).join('/');
    assert.ok(parent === '' || names.indexOf(parent) < names.indexOf(name.replace(/\/$/, '')), name);
    assert.deepEqual([uid, gid, mtime?.getTime()], [0, 0, 0]);
    assert.equal(mode, type === 'directory' || name === 'app/bin/start' ? 0o755 : 0o644);
  }
});

test('refuses paths that lead out of the image or mean something else in a layer', async () => {
  const bad = ['../x', '/etc/passwd', 'app//x', 'app/./x', 'a\0b', 'a\\b', 'app/.wh.server.ts', '', 'x'.repeat(1025)];
  for (const path of bad) {
    await assert.rejects(packLayer([{ path, content: '' }]), { code: 'DEPLOY_FAILED' }, JSON.stringify(path));
  }
  const twice = { path: 'app/x', content: '' };
  await assert.rejects(packLayer([twice, twice]), { code: 'DEPLOY_FAILED', message: /there twice/ });
  for (const files of [
    [twice, { path: 'app/x/y', content: '' }],
    [{ path: 'app/x/y', content: '' }, twice],
  ]) {
    await assert.rejects(packLayer(files), { code: 'DEPLOY_FAILED' });
  }
});

async function headersOf(gzipped: Buffer): Promise<readonly Header[]> {
  const entries = extract();
  entries.end(gunzipSync(gzipped));
  const headers: Header[] = [];
  for await (const entry of entries) {
    headers.push(entry.header);
    entry.resume();
  }
  return headers;
}
