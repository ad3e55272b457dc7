import assert from 'node:assert/strict';
import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import { after, before, test } from 'node:test';
import { openDatabaseGate } from './database-gate.ts';
import { listenFor, LOOPBACK, type Listener } from '../machine/listener.ts';

const SSL_REQUEST = Buffer.from([0, 0, 0, 8, 0x04, 0xd2, 0x16, 0x2f]);
const CANCEL_REQUEST = Buffer.from([0, 0, 0, 16, 0x04, 0xd2, 0x16, 0x2e, 0, 0, 0, 1, 0, 0, 0, 2]);

let server: Listener;
let gate: Listener;
const heard: string[] = [];

before(async () => {
  server = await listenFor(LOOPBACK, (client) => {
    client.on('error', () => undefined);
    client.once('data', (chunk) => {
      heard.push(chunk.toString('latin1'));
      client.end('let in');
    });
  });
  const database = { host: '127.0.0.1', port: server.port, tls: 'off', database: 'own', user: 'app' } as const;
  gate = await openDatabaseGate(database, LOOPBACK);
});
after(async () => {
  await gate.close();
  await server.close();
});

function startup(...words: readonly string[]): Buffer {
  const body = Buffer.from(`${words.join('\0')}\0\0`);
  const head = Buffer.alloc(8);
  head.writeInt32BE(8 + body.length, 0);
  head.writeInt32BE(3 << 16, 4);
  return Buffer.concat([head, body]);
}

/** Sends the parts one by one and resolves to all that comes back. */
async function send(...parts: readonly Buffer[]): Promise<string> {
  const client: Socket = connect(gate.port, '127.0.0.1');
  let answer = '';
  client.on('data', (chunk) => (answer += chunk.toString('latin1')));
  client.on('error', () => undefined);
  const closed = once(client, 'close');
  for (const part of parts) {
    client.write(part);
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
  await closed;
  return answer;
}

test('lets its own database and user through, byte for byte', async () => {
  const start = startup('user', 'app', 'database', 'own', 'application_name', 'x');
  assert.equal(await send(start), 'let in');
  assert.equal(heard.pop(), start.toString('latin1'));
});

test('declines to encrypt, and waits for a start that comes in pieces', async () => {
  const start = startup('user', 'app', 'database', 'own');
  assert.equal(await send(SSL_REQUEST, start.subarray(0, 3), start.subarray(3, 20), start.subarray(20)), 'Nlet in');
  assert.equal(heard.pop(), start.toString('latin1'));
});

test('says what can be reached to whoever asks for something else, before the server hears of it', async () => {
  const asked = [
    startup('user', 'app', 'database', 'other'),
    startup('user', 'postgres', 'database', 'own'),
    startup('user', 'app'),
    startup('database', 'own'),
    startup('user', 'app', 'database', 'own', 'replication', 'database'),
    startup('user', 'app', 'database', 'own', 'database', 'other'),
    startup('user', 'app', 'database', 'own', 'user', 'postgres'),
  ];
  for (const start of asked) assert.match(await send(start), /^E.*28000.*only database "own" as "app"/s, String(start));
  assert.deepEqual(heard, []);
});

test('ends what is no start: cancelling, other protocols, nonsense', async () => {
  for (const nonsense of [CANCEL_REQUEST, Buffer.from('GET / HTTP/1.1\r\n\r\n'), Buffer.alloc(16), Buffer.alloc(8, 1)])
    assert.equal(await send(nonsense), '');
  assert.deepEqual(heard, []);
});
