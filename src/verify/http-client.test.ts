import assert from 'node:assert/strict';
import { createServer, type RequestListener } from 'node:http';
import type { AddressInfo } from 'node:net';
import { test, type TestContext } from 'node:test';
import { HttpClient } from './http-client.ts';

const signal = new AbortController().signal;

async function clientOf(context: TestContext, listener: RequestListener, host = '127.0.0.1'): Promise<HttpClient> {
  const server = createServer(listener);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const client = new HttpClient(`http://${host}:${(server.address() as AddressInfo).port}`);
  context.after(() => {
    client.close();
    server.closeAllConnections();
    server.close();
  });
  return client;
}

test('sends the path as it stands and reads JSON', async (context) => {
  const client = await clientOf(context, (request, response) => {
    response.setHeader('content-type', 'application/json').end(JSON.stringify({ url: request.url }));
  });
  const answer = await client.send({ method: 'GET', path: '/docs/../%2e%2e/.env?a=%00' }, signal);
  assert.equal(answer.status, 200);
  assert.deepEqual(answer.json, { url: '/docs/../%2e%2e/.env?a=%00' });
});

test('reaches a name below localhost on this machine', async (context) => {
  const client = await clientOf(context, (request, response) => response.end(request.headers.host), 'blog.localhost');
  const answer = await client.send({ method: 'GET', path: '/' }, signal);
  assert.match(answer.text, /^blog\.localhost:\d+$/);
});

test('an answer that does not come is one with status 0', async (context) => {
  const client = await clientOf(context, (request) => request.socket.destroy());
  const answer = await client.send({ method: 'GET', path: '/' }, signal);
  assert.deepEqual([answer.status, answer.text], [0, 'no answer: ECONNRESET']);
});

test('reads the refusal of a server that does not take the body', async (context) => {
  const client = await clientOf(context, (_, response) => {
    response.writeHead(413, { connection: 'close' }).end('too large');
  });
  for (let round = 0; round < 20; round += 1) {
    const answer = await client.send({ method: 'POST', path: '/', body: 'x'.repeat(2_000_000) }, signal);
    assert.deepEqual([answer.status, answer.text], [413, 'too large']);
  }
});

test('sends a large body whole to a server that takes it', async (context) => {
  const client = await clientOf(context, (request, response) => {
    let size = 0;
    request.on('data', (chunk: Buffer) => (size += chunk.length)).on('end', () => response.end(String(size)));
  });
  const answer = await client.send({ method: 'POST', path: '/', body: 'ä'.repeat(50_000) }, signal);
  assert.equal(answer.text, '100000');
});

test('rejects when the signal aborts', async (context) => {
  const client = await clientOf(context, () => undefined);
  const controller = new AbortController();
  const waiting = client.send({ method: 'GET', path: '/' }, controller.signal);
  controller.abort(new Error('enough'));
  await assert.rejects(waiting, /enough/);
});
