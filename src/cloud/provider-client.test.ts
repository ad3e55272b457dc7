import assert from 'node:assert/strict';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { after, test } from 'node:test';
import { Redactor } from '../domain/redactor.ts';
import { Secret } from '../domain/secret.ts';
import { ProviderClient } from './provider-client.ts';
import { failureOf, type Failing } from '../domain/fail-as.ts';
import { explainProvider, ProviderError } from './provider-error.ts';

type Answer = (request: IncomingMessage, response: ServerResponse) => void;

const KEY = 'key-hunter2hunter2';
const answers: Answer[] = [];
const asked: string[] = [];
const server = createServer((request, response) => {
  asked.push(`${request.method} ${request.url} ${request.headers.authorization}`);
  request.resume();
  const answer = answers.shift() ?? ((_request, last) => void last.end('{"ok":true}'));
  answer(request, response);
}).listen(0, '127.0.0.1');
await once(server, 'listening');
const baseUrl = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
after(() => {
  server.close();
  server.closeAllConnections();
});

function client(settings: { budgetMs?: number; timeoutMs?: number; baseUrl?: string } = {}): ProviderClient {
  asked.length = 0;
  answers.length = 0;
  const redactor = new Redactor();
  redactor.add(new Secret(KEY));
  return new ProviderClient({
    provider: 'Fake',
    baseUrl,
    headers: { authorization: `Bearer ${KEY}` },
    redactor,
    budgetMs: 3000,
    ...settings,
  });
}

const status =
  (code: number, body = '', headers: Record<string, string> = {}): Answer =>
  (_request, response) =>
    void response.writeHead(code, headers).end(body);
const reset: Answer = (request) => void request.socket.destroy();
const hang: Answer = () => undefined;

test('repeats what may be repeated, and nothing else', async () => {
  const fake = client();
  answers.push(reset, status(502), status(500));
  assert.deepEqual((await fake.ask({ path: '/a' })).json(), { ok: true });
  assert.equal(asked.length, 4);

  client();
  answers.push(status(500));
  await assert.rejects(fake.ask({ method: 'POST', path: '/a', json: {} }), { status: 500, mayBeDone: true });
  answers.push(reset);
  await assert.rejects(fake.ask({ method: 'POST', path: '/a', json: {} }), { status: undefined, mayBeDone: true });
  assert.equal(asked.length, 2);
});

test('a throttled call was not done, so it is repeated after the time that was asked for', async () => {
  const fake = client();
  answers.push(status(429, '', { 'retry-after': '0.2' }), status(503, '', { 'retry-after-ms': '100' }));
  const startedAtMs = performance.now();
  await fake.ask({ method: 'POST', path: '/a', json: {} });
  assert.ok(performance.now() - startedAtMs >= 290);
  assert.equal(asked.length, 3);
});

test('does not wait longer than there is time for', async () => {
  const fake = client({ budgetMs: 500 });
  answers.push(status(429, '{"message":"slow down"}', { 'retry-after': '60' }));
  const startedAtMs = performance.now();
  await assert.rejects(fake.ask({ path: '/a' }), { status: 429, message: 'Fake answered 429: slow down' });
  assert.ok(performance.now() - startedAtMs < 400);
});

test('gives up on what does not answer', async () => {
  const fake = client({ timeoutMs: 60, budgetMs: 200 });
  answers.push(hang, hang, hang, hang, hang, hang);
  await assert.rejects(fake.ask({ path: '/a' }), {
    message: /cannot be reached at 127\.0\.0\.1:\d+ \(no answer within/,
  });
});

test('soon gives up on a port on which nobody listens, whatever time there is', async () => {
  const away = client({ baseUrl: 'http://127.0.0.1:64999', budgetMs: 60_000 });
  const startedAtMs = performance.now();
  await assert.rejects(away.ask({ method: 'POST', path: '/a' }), { mayBeDone: false, message: /ECONNREFUSED/ });
  assert.ok(performance.now() - startedAtMs < 10_000);
});

test('a status that was expected is an answer', async () => {
  const fake = client();
  answers.push(status(404));
  assert.equal((await fake.ask({ path: '/a', expect: [404] })).status, 404);
  answers.push(status(404));
  await assert.rejects(fake.ask({ path: '/a' }), { status: 404, mayBeDone: false });
});

test('follows nobody to another place', async () => {
  const fake = client();
  answers.push(status(302, '', { location: '/elsewhere' }));
  assert.equal((await fake.ask({ path: '/a' })).status, 302);
  assert.equal(asked.length, 1);
});

test('ends when it is told to', async () => {
  const fake = client();
  answers.push(hang);
  const controller = new AbortController();
  setTimeout(() => controller.abort(new Error('cancelled')), 50);
  await assert.rejects(fake.ask({ path: '/a', signal: controller.signal }), { message: 'cancelled' });
});

test('no message holds the key, whatever the provider answers', async () => {
  const fake = client();
  answers.push(status(400, JSON.stringify({ message: `no such key ${KEY}`, code: 'BAD' })));
  const error = await fake.ask({ path: '/a' }).catch((cause: unknown) => cause);
  assert.ok(error instanceof ProviderError);
  assert.equal(error.message, 'Fake answered 400: no such key [secret]');
  assert.equal(error.code, 'BAD');
});

test('each kind of failure has its code and a fix that names what to set', async () => {
  const failing: Failing = {
    code: 'DEPLOY_FAILED',
    phase: 'deploy',
    doing: 'make the app',
    explain: (cause) => explainProvider(cause, { keyVariable: 'FAKE_KEY', urlVariable: 'FAKE_URL' }),
  };
  const cases = [
    [401, 'PROVIDER_KEY_REFUSED', /FAKE_KEY/],
    [402, 'PROVIDER_REFUSED', /paid/],
    [403, 'PROVIDER_REFUSED', /FAKE_KEY/],
    [429, 'PROVIDER_REFUSED', /later/],
    [500, 'PROVIDER_UNAVAILABLE', /later/],
    [418, 'DEPLOY_FAILED', /Mend what Fake says/],
  ] as const;
  const fake = client({ budgetMs: 300 });
  for (const [code, expected, fix] of cases) {
    answers.push(status(code, '{"error":"no"}', { 'retry-after': '60' }));
    const error = failureOf(failing, await fake.ask({ method: 'POST', path: '/a' }).catch((cause: unknown) => cause));
    assert.deepEqual([error.code, error.message], [expected, `Could not make the app: Fake answered ${code}: no`]);
    assert.match(error.fix ?? '', fix);
  }
  const away = client({ baseUrl: 'http://127.0.0.1:64999', budgetMs: 100 });
  const error = failureOf(failing, await away.ask({ path: '/' }).catch((cause: unknown) => cause));
  assert.deepEqual([error.code, error.fix?.includes('FAKE_URL')], ['PROVIDER_UNAVAILABLE', true]);
  assert.match(error.message, /cannot be reached at 127\.0\.0\.1:64999 \(ECONNREFUSED\)/);
});
