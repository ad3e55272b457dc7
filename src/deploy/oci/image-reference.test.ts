import assert from 'node:assert/strict';
import { test } from 'node:test';
import { isSafeAddress, parseImageReference } from './image-reference.ts';

test('knows where Docker Hub answers, and that its own images are in library', () => {
  const hub = { registryUrl: 'https://registry-1.docker.io', host: 'docker.io' };
  assert.deepEqual(parseImageReference('docker.io/library/node:24-slim'), {
    ...hub,
    repository: 'library/node',
    version: '24-slim',
  });
  assert.deepEqual(parseImageReference('docker.io/node'), { ...hub, repository: 'library/node', version: 'latest' });
});

test('takes the digest where there is one, and plain HTTP on this machine alone', () => {
  const digest = `sha256:${'a'.repeat(64)}`;
  assert.deepEqual(parseImageReference(`127.0.0.1:5000/base@${digest}`), {
    registryUrl: 'http://127.0.0.1:5000',
    host: '127.0.0.1:5000',
    repository: 'base',
    version: digest,
  });
  const { registryUrl, version } = parseImageReference(`ghcr.io/team/base.image:v1@${digest}`);
  assert.deepEqual([registryUrl, version], ['https://ghcr.io', digest]);
  assert.equal(parseImageReference('127.0.0.1.evil.example/a:b').registryUrl, 'https://127.0.0.1.evil.example');
});

test('refuses what names no image, and says what to set', () => {
  for (const text of ['node:24-slim', 'docker.io/', 'docker.io/a@sha256:12', 'docker.io/a b', 'http://docker.io/a', ''])
    assert.throws(() => parseImageReference(text), { code: 'DEPLOY_FAILED', fix: /FLY_BASE_IMAGE/ }, text);
});

test('takes for safe what is encrypted or stays on this machine', () => {
  assert.deepEqual(
    ['https://a.example', 'http://localhost:1', 'http://[::1]:1', 'http://127.0.0.1'].map(isSafe),
    Array(4).fill(true),
  );
  assert.deepEqual(
    ['http://a.example', 'http://localhost.example', 'file:///etc/passwd'].map(isSafe),
    Array(3).fill(false),
  );
});

function isSafe(url: string): boolean {
  return isSafeAddress(new URL(url));
}
