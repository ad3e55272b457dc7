import assert from 'node:assert/strict';
import { test } from 'node:test';
import { readApiDocument } from '../api-document.ts';
import type { Resource } from '../smoke/resource.ts';
import { hasLogin } from './has-login.ts';

const secretBody = {
  content: {
    'application/json': { schema: { type: 'object', properties: { user: { properties: { password: {} } } } } },
  },
};
const answers = { 200: { description: 'Done' } };

/** Whether a backend has a login that has this beside the plain path of its users. */
function withOwn(path: string, operation: object): boolean {
  const paths = { '/v1/users': { post: { requestBody: secretBody, responses: answers } }, [path]: { post: operation } };
  const { document } = readApiDocument({ openapi: '3.1.0', info: { title: 'a', version: '1' }, paths });
  const create = document.operations.find(({ id }) => id === 'POST /v1/users');
  const users = { list: undefined, create, read: undefined, update: undefined, remove: undefined, nested: [] };
  return hasLogin(document, [users as unknown as Resource]);
}

test('a login is one by any name and with any refusal', () => {
  assert.ok(withOwn('/api/enter', { requestBody: secretBody, responses: answers }), 'it takes a password');
  assert.ok(withOwn('/x', { responses: { ...answers, 403: { description: 'No' } } }), 'it refuses some');
  const token = { name: 'token', in: 'query', schema: { type: 'string' } };
  assert.ok(withOwn('/x', { parameters: [token], responses: answers }), 'it takes a token');
  const header = { name: 'X-Auth-Token', in: 'header', schema: { type: 'string' } };
  assert.ok(withOwn('/x', { parameters: [header], responses: answers }), 'it takes a header');
});

test('plain paths that keep a password, and an operation without a secret, are none', () => {
  assert.ok(!withOwn('/v1/posts/publish', { responses: answers }));
});
