import assert from 'node:assert/strict';
import { test } from 'node:test';
import { ownCalls } from './own-calls.ts';

const json = (schema: object) => ({ content: { 'application/json': { schema } } });
const url = 'http://127.0.0.1:4310';

test('what a backend has beyond its tables is called with the examples of its document', () => {
  const document = {
    paths: {
      '/healthz': { get: {} },
      '/v1/posts': { get: {}, post: {} },
      '/v1/posts/{id}': { get: {}, delete: {} },
      '/v1/posts/{id}/comments': { get: {} },
      '/v1/posts/{id}/publish': { post: {} },
      '/v1/authors': { get: {} },
      '/v1/secret': { get: { responses: { 401: {} } } },
      '/iban/{country}': {
        post: {
          parameters: [
            { name: 'country', in: 'path', required: true, schema: { type: 'string', examples: ['DE'] } },
            { name: 'strict', in: 'query', required: true, schema: { type: 'boolean' } },
          ],
          requestBody: json({ $ref: '#/components/schemas/Iban' }),
        },
      },
    },
    components: {
      schemas: {
        Iban: { type: 'object', required: ['iban'], properties: { iban: { type: 'string', examples: ["DE'89"] } } },
      },
    },
  };
  assert.deepEqual(ownCalls(document, new Set(['/v1/posts']), url), [
    `curl ${url}/v1/authors`,
    `curl '${url}/iban/DE?strict=true' -H 'content-type: application/json' -d '{"iban":"DE'\\''89"}'`,
  ]);
});
