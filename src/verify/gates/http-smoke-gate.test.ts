import assert from 'node:assert/strict';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { test, type TestContext } from 'node:test';
import { Redactor } from '../../domain/redactor.ts';
import { readApiDocument } from '../api-document.ts';
import type { GateOutcome } from '../gate-runner.ts';
import { httpSmokeGate } from './http-smoke-gate.ts';

const problem = { 'application/problem+json': { schema: { type: 'object' } } };
const refusals = Object.fromEntries(
  [400, 413, 415, 501].map((status) => [status, { description: '', content: problem }]),
);
const length = {
  type: 'object',
  required: ['feet'],
  additionalProperties: false,
  properties: { feet: { type: 'number' } },
};
const openapi = {
  openapi: '3.1.0',
  info: { title: 'Lengths', version: '1.0.0' },
  paths: {
    '/convert': {
      post: {
        requestBody: { content: { 'application/json': { schema: length } } },
        responses: { ...refusals, 200: { description: '', content: { 'application/json': { schema: length } } } },
      },
    },
    '/convert/{id}': {
      get: {
        parameters: [{ name: 'id', in: 'path', required: true, schema: { type: 'integer' } }],
        responses: { ...refusals },
      },
    },
  },
};

/** The gate on a server that answers valid input as `answer` says, and refuses all else. */
async function smoke(context: TestContext, answer: (response: ServerResponse) => void): Promise<GateOutcome> {
  const server = createServer((request, response) => void reply(request, response, answer));
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  context.after(() => server.close().closeAllConnections());
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const { document, faults } = readApiDocument(openapi);
  assert.deepEqual(faults, []);
  return httpSmokeGate(url, document, undefined, new Redactor(), new AbortController().signal);
}

async function reply(
  request: IncomingMessage,
  response: ServerResponse,
  answer: (response: ServerResponse) => void,
): Promise<void> {
  if (request.method === 'GET') return refuse(response, 501);
  if (Number(request.headers['content-length']) > 1_000_000) return refuse(response, 413);
  if (request.headers['content-type'] !== 'application/json') return refuse(response, 415);
  let body = '';
  for await (const chunk of request) body += String(chunk);
  return /^\{"feet":-?\d+(\.\d+)?\}$/.test(body) ? answer(response) : refuse(response, 400);
}

function refuse(response: ServerResponse, status: number): void {
  response.writeHead(status, { 'content-type': 'application/problem+json', connection: 'close' });
  response.end(JSON.stringify({ type: 'about:blank', title: 'No', status }));
}

test('a backend without tables passes when its document tells the truth, 501 included', async (context) => {
  const outcome = await smoke(context, (response) =>
    response.setHeader('content-type', 'application/json').end('{"feet":3}'),
  );
  assert.equal(outcome.status, 'passed', outcome.summary);
  assert.match(outcome.summary, /^\d+ requests to 2 operations, every answer as documented$/);
  assert.ok(outcome.evidence.includes('GET /convert/{id}: 501×1'));
});

test('an answer that is not as documented fails, with the request, what was expected and what was found', async (context) => {
  const outcome = await smoke(context, (response) =>
    response.setHeader('content-type', 'application/json').end('{"metres":3}'),
  );
  assert.equal(outcome.status, 'failed');
  assert.equal(
    outcome.summary,
    'POST /convert {"feet":1}: expected a body as documented (/feet: is missing; /metres: is not documented); found 200 {"metres":3}',
  );
});

test('a server that falls silent fails', async (context) => {
  const outcome = await smoke(context, (response) => response.destroy());
  assert.match(outcome.summary, /^POST \/convert \{"feet":1\}: expected an answer; found no answer: ECONNRESET/);
});
