import assert from 'node:assert/strict';
import { test } from 'node:test';
import { curlLines } from './curl-lines.ts';

const URL = 'http://127.0.0.1:4310';
const LIST = { get: { parameters: [{ required: false }] }, post: {} };

test('collections are called by the paths of the document, and by no others', () => {
  const paths = {
    '/healthz': { get: {} },
    '/v1/members': LIST,
    '/v1/members/{id}': { get: {} },
    '/v1/search': { get: { parameters: [{ required: true }] }, post: {} },
    '/v1/secrets': { get: { security: [{ token: [] }] }, post: {} },
    '/v1/trail-logs': LIST,
  };
  assert.deepEqual(curlLines({ paths }, '', URL), [`curl ${URL}/v1/members`, `curl ${URL}/v1/trail-logs`]);
  assert.deepEqual(curlLines({ paths, security: [{ token: [] }] }, '', URL), []);
});

test("the README's call that makes a row comes first, unless it needs a row that is not there", () => {
  const readme = [
    `LOG_ID=$(curl -s "$API/v1/logs" -H 'content-type: application/json' -d '{"member_id":'"$MEMBER_ID"'}' | field 'id')`,
    `MEMBER_ID=$(curl -s "$API/v1/members" -H 'content-type: application/json' -d '{"name":"Donald"}' | field 'id')`,
  ].join('\n');
  assert.deepEqual(curlLines({ paths: { '/v1/logs': LIST, '/v1/members': LIST } }, readme, URL), [
    `curl ${URL}/v1/members -H 'content-type: application/json' -d '{"name":"Donald"}'`,
    `curl ${URL}/v1/logs`,
    `curl ${URL}/v1/members`,
  ]);
});
