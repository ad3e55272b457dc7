import assert from 'node:assert/strict';
import { once } from 'node:events';
import { createServer, request, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';
import { after, before, test } from 'node:test';
import { Secret } from '../../domain/secret.ts';
import { openPreviewRelay } from './preview-relay.ts';

const server = createServer((incoming, answer) => answer.end(incoming.url));

before(async () => {
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
});

after(() => {
  server.close();
});

test('a path goes through as it is', async () => {
  assert.equal(await seenBehind('', '/a/../b%2F?x=/../y'), '/a/../b%2F?x=/../y');
  assert.equal(await seenBehind('/', '//a/%2e%2e'), '//a/%2e%2e');
  assert.equal(await seenBehind('/preview/3000/', '/a//b?x=/../y'), '/preview/3000/a//b?x=/../y');
});

test('none leads out of an address that has a path of its own', async () => {
  for (const asked of ['/../.env', '/%2e%2e/.env', '/a/..%2f../../.%2E/.env', '/./.env', '//../../.env']) {
    const seen = await seenBehind('/preview/3000', asked);
    assert.match(seen, /^\/preview\/3000\//, asked);
    assert.doesNotMatch(seen, /\/(?:\.|%2e){1,2}(?:\/|$)/i, asked);
  }
  assert.equal(await seenBehind('/preview/3000', '/docs/..'), '/preview/3000/');
});

/** What a provider's proxy is asked for whose addresses have this path. */
async function seenBehind(own: string, asked: string): Promise<string> {
  const { port } = server.address() as AddressInfo;
  const relay = await openPreviewRelay({ url: `http://127.0.0.1:${port}${own}`, token: new Secret('token') });
  const outgoing = request({ port: new URL(relay.url).port, host: '127.0.0.1', path: asked, agent: false }).end();
  const [answer] = (await once(outgoing, 'response')) as [IncomingMessage];
  const seen = await text(answer);
  await relay.close();
  return seen;
}
