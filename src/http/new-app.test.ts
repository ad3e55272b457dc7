import assert from 'node:assert/strict';
import { test } from 'node:test';
import { newApp } from './new-app.ts';

test('a body that is not UTF-8 is refused, and one that is comes through whole', async () => {
  const app = newApp(() => {});
  app.post('/echo', async ({ body }) => body);
  const post = (payload: Buffer) =>
    app.inject({ method: 'POST', url: '/echo', headers: { 'content-type': 'application/json' }, payload });
  assert.deepEqual((await post(Buffer.from('{"a":"groß 🎉"}'))).json(), { a: 'groß 🎉' });
  const refused = await post(Buffer.from('{"a":"groß"}', 'latin1'));
  assert.equal(refused.statusCode, 400);
  assert.match(refused.json().detail, /not UTF-8/);
  assert.equal((await post(Buffer.from('{"a":'))).statusCode, 400);
  assert.equal((await post(Buffer.from('{"__proto__":{}}'))).statusCode, 400);
  await app.close();
});
