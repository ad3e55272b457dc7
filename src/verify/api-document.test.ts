import assert from 'node:assert/strict';
import { test } from 'node:test';
import { readApiDocument } from './api-document.ts';

const document = {
  openapi: '3.1.0',
  info: { title: 'Blog', version: '1.0.0' },
  paths: {
    '/v1/users/{id}': {
      parameters: [{ $ref: '#/components/parameters/Id' }],
      get: {
        operationId: 'getUser',
        responses: {
          200: {
            description: 'A user',
            content: { 'application/json': { schema: { $ref: '#/components/schemas/User' } } },
          },
          404: { $ref: '#/components/responses/Problem' },
        },
      },
    },
  },
  components: {
    parameters: { Id: { name: 'id', in: 'path', required: true, schema: { type: 'string' } } },
    responses: { Problem: { description: 'A problem', content: { 'application/problem+json': { schema: true } } } },
    schemas: { User: { type: 'object' } },
  },
};
const faultsOf = (change: object) => readApiDocument({ ...document, ...change }).faults.join('\n');

test('reads operations and follows references to parameters and answers', () => {
  const { document: read, faults } = readApiDocument(document);
  assert.deepEqual(faults, []);
  assert.deepEqual(read.operations, [
    {
      id: 'GET /v1/users/{id}',
      method: 'GET',
      path: '/v1/users/{id}',
      parameters: [{ name: 'id', in: 'path', required: true, schema: { type: 'string' } }],
      body: undefined,
      rules: [],
      answers: {
        200: { 'application/json': { $ref: '#/components/schemas/User' } },
        404: { 'application/problem+json': true },
      },
    },
  ]);
  assert.deepEqual(read.resolve('#/components/schemas/User'), { type: 'object' });
});

test('says where a document is not OpenAPI 3.1', () => {
  assert.match(faultsOf({ openapi: '3.0.3' }), /^openapi: must be 3\.1$/);
  assert.match(faultsOf({ info: { title: 'x' } }), /^info › version: /);
  assert.match(
    faultsOf({ paths: { '/a': { get: { responses: {} } } } }),
    /paths › \/a › get › responses: must document/,
  );
  assert.match(
    faultsOf({ paths: { '/a/{id}': { get: { responses: { 200: { description: '' } } } } } }),
    /\{id\} is not declared/,
  );
  assert.match(faultsOf({ components: {} }), /#\/components\/schemas\/User leads nowhere/);
  const twice = { operationId: 'x', responses: { 200: { description: '' } } };
  assert.match(faultsOf({ paths: { '/a': { get: twice, post: twice } } }), /operationId x is used twice/);
  assert.match(readApiDocument('nothing').faults.join(), /document: /);
});
