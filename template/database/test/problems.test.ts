import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import type { FastifyInstance } from 'fastify';
import { buildApp } from '../src/app.ts';
import { readConfig } from '../src/config.ts';
import { tables } from '../src/tables.ts';
import { ruleOf } from './support/free-of-rules.ts';
import { startTestApp } from './support/test-app.ts';

let app: FastifyInstance;
const path = tables.find((one) => !ruleOf('POST', one.path) && !ruleOf('GET', one.path))?.path;
const skip = path === undefined && 'a rule stands before every table';

before(async () => {
  app = await startTestApp();
});
after(() => app.close());

const BODIES: readonly (readonly [name: string, status: number, contentType: string, payload: string | Buffer])[] = [
  ['broken JSON', 400, 'application/json', '{"a":'],
  ['no JSON at all', 400, 'application/json', ''],
  ['text that is no UTF-8', 400, 'application/json', Buffer.from([0x7b, 0x22, 0xff, 0x22, 0x3a, 0x31, 0x7d])],
  ['another content type', 415, 'text/plain', 'a=1'],
  ['more than a megabyte', 413, 'application/json', JSON.stringify({ a: 'a'.repeat(1024 * 1024) })],
  ['nesting without end', 400, 'application/json', '['.repeat(100_000) + ']'.repeat(100_000)],
  ['a NUL character', 400, 'application/json', JSON.stringify({ a: '\0' })],
  ['half a surrogate pair', 400, 'application/json', '{"a":"\\ud800"}'],
];

for (const [name, status, contentType, payload] of BODIES) {
  test(`answers ${name} with ${status}`, { skip }, async () => {
    const response = await app.inject({ method: 'POST', url: path ?? '', headers: { 'content-type': contentType }, payload });
    assert.equal(response.statusCode, status, response.body);
    assert.equal(response.headers['content-type'], 'application/problem+json');
    assert.equal(response.json().status, status);
  });
}

test('answers an unknown path with 404', async () => {
  const response = await app.inject('/v1/no-such-thing');
  assert.equal(response.statusCode, 404);
  assert.equal(response.headers['content-type'], 'application/problem+json');
});

test('is healthy but not ready when the database is away', async () => {
  const away = await buildApp(readConfig({ ...process.env, DB_HOST: '127.0.0.1', DB_PORT: '1', LOG: 'off' }));
  assert.equal((await away.inject('/healthz')).statusCode, 200);
  assert.equal((await away.inject('/readyz')).statusCode, 503);
  if (path) assert.equal((await away.inject(path)).statusCode, 503);
  await away.close();
});
