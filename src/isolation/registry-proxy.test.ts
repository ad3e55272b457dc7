import assert from 'node:assert/strict';
import { once } from 'node:events';
import { connect } from 'node:net';
import { after, before, test } from 'node:test';
import { listenFor, LOOPBACK, type Listener } from '../machine/listener.ts';
import { openRegistryProxy } from './registry-proxy.ts';

let registry: Listener;
let other: Listener;
const opened: Listener[] = [];

before(async () => {
  [registry, other] = await Promise.all([listenAs('registry'), listenAs('whatever')]);
  opened.push(registry, other);
});
after(() => Promise.all(opened.map((listener) => listener.close())));

function listenAs(name: string): Promise<Listener> {
  return listenFor(LOOPBACK, (client) => {
    client.on('error', () => undefined);
    client.once('data', () => client.end(`HTTP/1.1 200 OK\r\nConnection: close\r\nContent-Length: 8\r\n\r\n${name}`));
  });
}

function get(port: number): string {
  return `GET http://127.0.0.1:${port}/x HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n`;
}

async function ask(scheme: 'http' | 'https', request: string): Promise<string> {
  const proxy = await openRegistryProxy(`${scheme}://127.0.0.1:${registry.port}/npm/`, LOOPBACK);
  const client = connect(proxy.port, '127.0.0.1');
  let answer = '';
  client.on('data', (chunk) => {
    answer += chunk;
    if (answer === 'HTTP/1.1 200 OK\r\n\r\n') client.write('hello');
  });
  client.on('error', () => undefined);
  client.write(request);
  await once(client, 'close');
  await proxy.close();
  return answer;
}

test('opens a tunnel to the registry and to nothing else', async () => {
  assert.match(await ask('https', `CONNECT 127.0.0.1:${registry.port} HTTP/1.1\r\n\r\n`), /200 OK.*registry$/s);
  for (const target of [`127.0.0.1:${other.port}`, `localhost:${registry.port}`, '127.0.0.1', ''])
    assert.match(await ask('https', `CONNECT ${target} HTTP/1.1\r\n\r\n`), /^HTTP\/1.1 (403|400)/, target);
});

test('forwards plain requests to a plain registry and to nothing else', async () => {
  assert.match(await ask('http', get(registry.port)), /200 OK.*registry$/s);
  assert.match(await ask('http', get(other.port)), /^HTTP\/1.1 403/);
  assert.match(await ask('https', get(registry.port)), /^HTTP\/1.1 403/);
  assert.match(await ask('http', 'GET /x HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n'), /^HTTP\/1.1 403/);
});
