import assert from 'node:assert/strict';
import { test } from 'node:test';
import { composeImage, type BaseImage } from './compose-image.ts';
import { digestOf, imageConfig, imageManifest } from './image-manifest.ts';
import { packLayer } from './pack-layer.ts';

const layer = await packLayer([{ path: 'app/x', content: 'x' }]);
const digest = `sha256:${'1'.repeat(64)}`;

function baseWith(config: object, history?: readonly object[]): BaseImage {
  const rootfs = { type: 'layers', diff_ids: [digest] };
  const read = { architecture: 'amd64', os: 'linux', config, rootfs, history };
  const layers = [{ mediaType: 'application/vnd.oci.image.layer.v1.tar+gzip', digest, size: 3 }];
  return { layers, config: imageConfig.parse(read) };
}

test('adds our variables, ports and labels to those of the base, and wins by name', () => {
  const base = baseWith({
    Env: ['PATH=/bin', 'NODE_VERSION=24', 'EMPTY='],
    Entrypoint: ['docker-entrypoint.sh'],
    Cmd: ['node'],
    WorkingDir: '/',
    User: 'node',
    ExposedPorts: { '80/tcp': {} },
    Labels: { a: '1', b: '2' },
  });
  const run = { Cmd: ['node', 'x'], WorkingDir: '/app', Env: ['PATH=/usr/bin:/bin', 'PORT=8080'], Labels: { b: '3' } };
  const { config } = JSON.parse(composeImage(base, layer, run).config.toString()) as { config: object };
  assert.deepEqual(config, {
    Env: ['PATH=/usr/bin:/bin', 'NODE_VERSION=24', 'EMPTY=', 'PORT=8080'],
    Entrypoint: ['docker-entrypoint.sh'],
    Cmd: ['node', 'x'],
    WorkingDir: '/app',
    User: 'node',
    ExposedPorts: { '80/tcp': {} },
    Labels: { a: '1', b: '3' },
  });
});

test('puts our layer on top, in the manifest, the configuration and the history alike', () => {
  const base = baseWith({}, [{ created_by: 'ENV', empty_layer: true }, { created_by: 'ADD' }]);
  const image = composeImage(base, layer, { Cmd: ['a'], WorkingDir: '/', Env: [], User: '1000' });
  const manifest = imageManifest.parse(JSON.parse(image.manifest.toString()));
  const config = imageConfig.parse(JSON.parse(image.config.toString()));
  assert.deepEqual(
    manifest.layers.map((one) => one.digest),
    [digest, layer.digest],
  );
  assert.deepEqual(config.rootfs.diff_ids, [digest, layer.diffId]);
  assert.equal(config.history?.filter((entry) => !entry.empty_layer).length, 2);
  assert.equal(config.config?.User, '1000');
  assert.equal(manifest.config.digest, digestOf(image.config));
  assert.equal(image.digest, digestOf(image.manifest));
});
