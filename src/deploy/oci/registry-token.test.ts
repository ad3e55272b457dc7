import assert from 'node:assert/strict';
import { test } from 'node:test';
import { mayHaveKey, readTokenOffer } from './registry-token.ts';

test('reads where a token is to be had, and for what', () => {
  const offer = readTokenOffer(
    'Bearer realm="https://auth.docker.io/token",service="registry.docker.io",scope="repository:library/node:pull"',
  );
  assert.equal(offer?.realm.href, 'https://auth.docker.io/token');
  assert.equal(offer?.service, 'registry.docker.io');
  assert.equal(offer?.scope, 'repository:library/node:pull');
});

test('is offered nothing by who asks for a password, says nothing or points to an open line', () => {
  for (const challenge of [null, '', 'Basic realm="x"', 'Bearer scope="a"', 'Bearer realm="http://auth.example/token"'])
    assert.equal(readTokenOffer(challenge), undefined, String(challenge));
});

test('gives the key to nobody outside the domain of the registry', () => {
  assert.equal(may('https://registry.fly.io', 'https://registry.fly.io/token'), true);
  assert.equal(may('http://127.0.0.1:5000', 'http://127.0.0.1:5000/token'), true);
  assert.equal(may('https://registry.fly.io', 'https://auth.fly.io/token'), true);
  assert.equal(may('https://registry.fly.io', 'https://auth.example/token'), false);
  assert.equal(may('https://registry.fly.io', 'https://evilfly.io/token'), false);
  assert.equal(may('https://fly.io', 'https://other.io/token'), false);
  assert.equal(may('http://127.0.0.1:5000', 'http://127.0.0.1:5001/token'), false);
});

function may(registry: string, realm: string): boolean {
  return mayHaveKey(new URL(registry), new URL(realm));
}
