import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import type { SourceFile } from '../../domain/source-file.ts';
import { backendLayer } from './backend-layer.ts';
import { packLayer } from './pack-layer.ts';

function releaseWith(...dependencies: readonly string[]): readonly SourceFile[] {
  const versions = Object.fromEntries(dependencies.map((name) => [name, '1.0.0']));
  return [
    { path: 'package.json', content: JSON.stringify({ dependencies: versions }) },
    { path: 'src/server.ts', content: 'listen()' },
  ];
}

const FASTIFY = ['fastify', '@fastify/cors', '@fastify/rate-limit'];

for (const [backend, dependencies] of Object.entries({ database: [...FASTIFY, 'pg'], stateless: FASTIFY })) {
  test(`a ${backend} backend gets the packages of its package-lock.json, no more and no less`, async () => {
    const lock = new URL(`../../../template/${backend}/package-lock.json`, import.meta.url);
    const { packages } = JSON.parse(readFileSync(lock, 'utf8')) as {
      packages: Record<string, { version: string; dev?: boolean }>;
    };
    const wanted = Object.entries(packages)
      .filter(([place, { dev }]) => place !== '' && !dev)
      .map(([place, { version }]) => `${place} ${version}`);
    const layer = await backendLayer(releaseWith(...dependencies));
    const manifests = layer.filter(({ path }) =>
      /^app\/(?:node_modules\/(?:@[^/]+\/)?[^/]+\/)+package\.json$/.test(path),
    );
    const found = manifests.map(({ path, content }) => {
      const { version } = JSON.parse(content.toString()) as { version: string };
      return `${path.slice('app/'.length, -'/package.json'.length)} ${version}`;
    });
    assert.deepEqual(found.toSorted(), wanted.toSorted());
  });
}

test('holds the release, the packages with their licenses, and nothing that is not run', async () => {
  const layer = await backendLayer(releaseWith(...FASTIFY, 'pg'));
  const paths = layer.map(({ path }) => path);
  assert.deepEqual(paths.slice(0, 2), ['app/package.json', 'app/src/server.ts']);
  assert.ok(paths.includes('app/node_modules/fastify/fastify.js'));
  assert.ok(paths.includes('app/node_modules/pg/LICENSE'));
  const unused = paths.filter((path) => /(?<!LICENSE)\.(?:ts|map|md)$|\/tests?\/|\/docs\//.test(path));
  assert.deepEqual(unused, ['app/src/server.ts']);
  const { gzipped } = await packLayer(layer);
  assert.ok(gzipped.length < 1_000_000, `${gzipped.length} bytes`);
});

test('refuses a package that it has not, and says what to do', async () => {
  await assert.rejects(backendLayer(releaseWith('fastify', 'left-pad')), {
    code: 'DEPLOY_FAILED',
    message: /left-pad/,
    fix: /Dockerfile/,
  });
});
