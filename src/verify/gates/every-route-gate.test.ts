import assert from 'node:assert/strict';
import { test } from 'node:test';
import { readApiDocument } from '../api-document.ts';
import { everyRouteGate, type SeenRoutes } from './every-route-gate.ts';

const answers = (...statuses: number[]) => ({
  responses: Object.fromEntries(statuses.map((status) => [status, { description: '' }])),
});
const { document } = readApiDocument({
  openapi: '3.1.0',
  info: { title: 'Posts', version: '1' },
  paths: {
    '/posts': { get: answers(200, 503) },
    '/posts/{id}': {
      parameters: [{ name: 'id', in: 'path', required: true, schema: { type: 'string' } }],
      delete: answers(204, 401, 404),
    },
    '/draw': { post: answers(200, 501) },
  },
});
const seen: SeenRoutes = {
  document,
  routes: [
    { id: 'GET /posts/', place: 'src/routes/posts.ts:3' },
    { id: 'HEAD /posts/', place: 'src/routes/posts.ts:3' },
    { id: 'DELETE /posts/{key}(^\\d+$)', place: 'src/routes/posts.ts:7' },
    { id: 'POST /draw', place: 'src/endpoints/draw.ts:9' },
    { id: 'GET /docs', place: 'src/http/documentation.ts:20' },
  ],
  gates: new Map([
    ['GET /posts', new Map([[200, 3]])],
    ['DELETE /posts/{id}', new Map([[401, 9]])],
    ['POST /draw', new Map([[501, 1]])],
  ]),
  suite: [{ id: 'DELETE /posts/{key}', status: 204, request: '/posts/1' }],
  suitePassed: true,
  untried: new Map(),
};

test('what the gates or the suite saw succeed is proven; what was not seen is listed', () => {
  const { status, summary, evidence } = everyRouteGate(seen);
  assert.equal(status, 'passed', evidence.join('\n'));
  assert.match(
    summary,
    /^3 operations, .*but for 1 that nobody wrote yet; 3 have documented answers that were not seen/,
  );
  assert.ok(evidence.includes('GET /posts (src/routes/posts.ts:3): 200×3; not seen: 503'), evidence.join('\n'));
  assert.ok(evidence.includes('DELETE /posts/{id} (src/routes/posts.ts:7): 204×1 401×9; not seen: 404'));
});

test('an operation that was only ever refused fails, unless the suite broke off', () => {
  const { status, summary } = everyRouteGate({ ...seen, suite: [] });
  assert.equal(status, 'failed');
  assert.match(summary, /^DELETE \/posts\/\{id\} .*neither the suite nor a gate saw it succeed \(401×9\)/);
  assert.equal(everyRouteGate({ ...seen, suite: [], suitePassed: false }).status, 'passed');
});

test('a route that hides, a document without a route and a failure in the suite are named', () => {
  const hidden = [...seen.routes.slice(1), { id: 'HEAD /alive', place: 'src/app.ts:4' }];
  const suite = [...seen.suite, { id: 'POST /draw', status: 500, request: '/draw?n=0' }];
  const { evidence } = everyRouteGate({ ...seen, routes: hidden, suite });
  assert.match(evidence.join('\n'), /^HEAD \/alive \(src\/app\.ts:4\): is served, and not in the document/m);
  assert.match(evidence.join('\n'), /^GET \/posts: is in the document, and no route serves it$/m);
  assert.match(evidence.join('\n'), /^POST \/draw \(.*\): answered 500 in the suite, for \/draw\?n=0$/m);
});

test('a server whose routes cannot be seen proves nothing', () => {
  assert.match(everyRouteGate({ ...seen, routes: [] }).summary, /^No route was seen/);
});
