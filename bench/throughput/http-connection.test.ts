import assert from 'node:assert/strict';
import { once } from 'node:events';
import { createServer as createHttpServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { createServer, type AddressInfo, type Server } from 'node:net';
import { text } from 'node:stream/consumers';
import { test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { HttpConnection, requestBytes } from './http-connection.ts';

test('what it sends is understood, and its answers come one after another on one connection', async (t) => {
  const seen: string[] = [];
  const answer = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    seen.push(`${request.method} ${request.url} ${await text(request)}`);
    response.writeHead(request.method === 'POST' ? 201 : 404, { 'content-length': 5 }).end('hello');
  };
  const server = createHttpServer((request, response) => void answer(request, response));
  const connection = new HttpConnection(await listen(server));
  t.after(() => server.close());
  assert.equal(await connection.ask(requestBytes('POST', '/v1/posts', { title: 'Ä' })), 201);
  assert.equal(await connection.ask(requestBytes('GET', '/v1/posts/1', undefined)), 404);
  connection.close();
  assert.deepEqual(seen, ['POST /v1/posts {"title":"Ä"}', 'GET /v1/posts/1 ']);
});

test('an answer counts once all of it has come', async (t) => {
  const pieces = ['HTTP/1.1 200 OK\r\nContent-Le', 'ngth: 10\r\n\r', '\n12345', '67890'];
  let sent = 0;
  const port = await answerWith(t, async (send) => {
    for (const piece of pieces) {
      await sleep(5);
      sent += 1;
      send(piece);
    }
  });
  const connection = new HttpConnection(port);
  assert.equal(await connection.ask(requestBytes('GET', '/', undefined)), 200);
  assert.equal(sent, pieces.length);
  connection.close();
});

test('an answer of no told length is an error, not a wait for ever', async (t) => {
  const connection = new HttpConnection(await answerWith(t, (send) => send('HTTP/1.1 200 OK\r\nA: b\r\n\r\n')));
  await assert.rejects(connection.ask(requestBytes('GET', '/', undefined)), /does not tell its length/);
  connection.close();
});

test('a server that hangs up is an error', async (t) => {
  const server = createServer((socket) => socket.destroy());
  t.after(() => server.close());
  const connection = new HttpConnection(await listen(server));
  await assert.rejects(connection.ask(requestBytes('GET', '/', undefined)), /closed|ECONNRESET|EPIPE/);
});

async function answerWith(
  t: { after(end: () => void): void },
  answer: (send: (piece: string) => void) => unknown,
): Promise<number> {
  const server = createServer((socket) => {
    socket.once('data', () => void answer((piece) => socket.write(piece)));
    t.after(() => socket.destroy());
  });
  t.after(() => server.close());
  return listen(server);
}

async function listen(server: Server): Promise<number> {
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return (server.address() as AddressInfo).port;
}
