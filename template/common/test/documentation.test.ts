import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { after, before, test } from 'node:test';
import type { FastifyInstance } from 'fastify';
import { buildApp } from '../src/app.ts';
import { readConfig } from '../src/config.ts';

let app: FastifyInstance;

before(async () => {
  app = await buildApp(readConfig({ DB_HOST: 'nowhere', DB_NAME: 'none', DB_USER: 'nobody', LOG: 'off' }));
});
after(() => app.close());

test('openapi.json is what the server serves; «npm run openapi» writes it anew', async () => {
  const committed = await readFile(new URL('../openapi.json', import.meta.url), 'utf8');
  assert.equal((await app.inject('/openapi.json')).body, committed);
});

test('every reference in the document leads somewhere', async () => {
  const { body } = await app.inject('/openapi.json');
  const { components } = JSON.parse(body);
  for (const [, name = ''] of body.matchAll(/"#\/components\/schemas\/([^"]+)"/g)) {
    assert.ok(name in components.schemas, `there is no schema ${name}`);
  }
});

test('the documentation page loads nothing from elsewhere', async () => {
  const response = await app.inject('/docs');
  assert.equal(response.statusCode, 200);
  assert.match(response.headers['content-type'] ?? '', /^text\/html/);
  assert.doesNotMatch(response.body, /(src|href)="https?:/);
});
