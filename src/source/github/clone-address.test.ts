import assert from 'node:assert/strict';
import { test } from 'node:test';
import { cloneAddress } from './clone-address.ts';
import { readRepository } from './repository.ts';

function addressOf(apiUrl: string, cloneUrl?: string): string {
  return cloneAddress(apiUrl, readRepository({ name: 'tb-1', full_name: 'octocat/tb-1', clone_url: cloneUrl }));
}

test('pushes to the host that belongs to the API', () => {
  for (const [apiUrl, cloneUrl] of [
    ['https://api.github.com', 'https://github.com/octocat/tb-1.git'],
    ['https://git.example.org/api/v3', 'https://git.example.org/octocat/tb-1.git'],
    ['https://git.example.org:8443/api/v3', 'https://git.example.org:8443/octocat/tb-1.git'],
    ['https://api.octo.ghe.com', 'https://octo.ghe.com/octocat/tb-1.git'],
    ['http://127.0.0.1:4000', 'http://localhost:5000/git/octocat/tb-1.git'],
  ] as const) {
    assert.equal(addressOf(apiUrl, cloneUrl), cloneUrl);
  }
});

test('finds the address itself when GitHub does not name it, and takes out what else it holds', () => {
  assert.equal(addressOf('https://api.github.com'), 'https://github.com/octocat/tb-1.git');
  assert.equal(addressOf('http://127.0.0.1:4000'), 'http://127.0.0.1:4000/octocat/tb-1.git');
  assert.equal(addressOf('https://api.github.com', 'https://a:b@github.com/o/r.git?x#y'), 'https://github.com/o/r.git');
});

test('refuses every other host, and to send the token unencrypted', () => {
  for (const [apiUrl, cloneUrl] of [
    ['https://api.github.com', 'https://github.com.example.org/octocat/tb-1.git'],
    ['https://api.github.com', 'http://github.com/octocat/tb-1.git'],
    ['https://api.github.com', 'https://github.com:8443/octocat/tb-1.git'],
    ['https://api.github.com', 'http://127.0.0.1/octocat/tb-1.git'],
    ['https://git.example.org/api/v3', 'https://github.com/octocat/tb-1.git'],
    ['http://127.0.0.1:4000', 'https://github.com/octocat/tb-1.git'],
    ['http://127.0.0.1:4000', 'http://127.0.0.1.example.org/octocat/tb-1.git'],
  ] as const) {
    assert.throws(() => addressOf(apiUrl, cloneUrl), { code: 'PUBLISH_FAILED', fix: /GITHUB_API_URL/ }, cloneUrl);
  }
});
