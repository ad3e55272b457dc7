import assert from 'node:assert/strict';
import { inspect } from 'node:util';
import { test } from 'node:test';
import { TurboError, type FailureCode } from '../../src/domain/errors.ts';
import { MAYBE_BILLED } from '../../src/llm/call-failure.ts';
import { Secret } from '../../src/domain/secret.ts';
import {
  Budget,
  converse,
  generateJson,
  openLanguageModel,
  type LanguageModel,
  type LanguageModelSettings,
  type ModelRequest,
} from '../../src/llm/language-model.ts';
import { startLlmServer, type LlmReply, type LlmServer } from '../support/llm-server.ts';

const KEY = 'sk-loopback-0123456789abcdef';
const PROMPT = 'A backend for the secret recipe book of my grandmother Wilhelmina';

const request = (changes: Partial<ModelRequest> = {}): ModelRequest => ({
  purpose: 'code',
  system: 'You write code for a very particular test.',
  messages: [{ role: 'user', text: PROMPT }],
  maxOutputTokens: 1000,
  timeoutMs: 5000,
  signal: new AbortController().signal,
  ...changes,
});

function openAt(
  server: LlmServer,
  changes: Partial<LanguageModelSettings> = {},
  budget?: Budget,
): Promise<LanguageModel> {
  const settings = {
    provider: 'openai-compatible',
    baseUrl: server.url,
    model: 'tiny',
    apiKey: new Secret(KEY),
    ...changes,
  };
  return openLanguageModel(settings as LanguageModelSettings, { budget });
}

/** What the promise rejects with; must be one of ours and tell neither the key nor the prompt, however it is printed. */
async function failure(promise: Promise<unknown>): Promise<TurboError> {
  const error = await promise.then(
    () => assert.fail('it did not reject'),
    (reason: unknown) => reason,
  );
  assert.ok(error instanceof TurboError, `not a TurboError: ${inspect(error)}`);
  const printed = inspect(error, { depth: 10, showHidden: true }) + JSON.stringify(error) + error.stack;
  assert.doesNotMatch(printed, /sk-loopback|Wilhelmina|particular test/);
  // Our own mark at most, never the provider's error, which carries the request.
  assert.ok(error.cause === undefined || error.cause === MAYBE_BILLED);
  return error;
}

const refusals: readonly [string, LlmReply, FailureCode, RegExp][] = [
  [
    '401',
    { status: 401, error: { message: `Incorrect key ${KEY}` } },
    'MODEL_KEY_REFUSED',
    /TURBOBACKEND_LLM_API_KEY.*401: Incorrect key \[secret\]/,
  ],
  [
    'a wrong key told with a 400',
    { status: 400, error: { message: 'Incorrect API key provided.' } },
    'MODEL_KEY_REFUSED',
    /API_KEY/,
  ],
  ['402', { status: 402, error: { message: 'Payment required' } }, 'MODEL_KEY_REFUSED', /no credit/],
  [
    'a used up account',
    { status: 429, error: { message: 'Stop.', code: 'insufficient_quota' } },
    'MODEL_KEY_REFUSED',
    /no credit/,
  ],
  [
    'an unknown model',
    { status: 404, error: { message: 'The model tiny does not exist' } },
    'CONFIG_INVALID',
    /no model tiny/,
  ],
  [
    'an overlong request',
    { status: 400, error: { message: 'Too long', code: 'context_length_exceeded' } },
    'MODEL_INPUT_TOO_LONG',
    /longer/,
  ],
  ['413', { status: 413 }, 'MODEL_INPUT_TOO_LONG', /longer/],
  [
    'a filter before the model',
    { status: 400, error: { message: 'Rejected', code: 'content_filter' } },
    'MODEL_REFUSED',
    /filtered/,
  ],
  [
    'a request that is quoted back',
    { status: 422, error: { message: `Bad input: ${PROMPT}` } },
    'MODEL_REFUSED',
    /\(422\)$/,
  ],
  [
    'no tools on this server',
    { status: 400, error: { message: 'tools are not supported' } },
    'MODEL_REFUSED',
    /tools are not supported/,
  ],
];

for (const [what, reply, code, message] of refusals) {
  test(`${what} is ${code}, at once`, async () => {
    await using server = await startLlmServer([reply]);
    const error = await failure(converse(await openAt(server), request()));
    assert.equal(error.code, code);
    assert.match(error.message, message);
    assert.equal(server.requests.length, 1);
  });
}

const unusable: readonly [string, LlmReply, FailureCode, RegExp][] = [
  [
    'a cut off turn',
    { text: 'half a', finish: 'length', usage: { tokensIn: 9, tokensOut: 1000, costUsd: 0.25 } },
    'MODEL_ANSWER_UNUSABLE',
    /cut off after 1000/,
  ],
  ['a filtered turn', { text: '', finish: 'content_filter' }, 'MODEL_REFUSED', /content filter/],
  ['an empty turn', { text: '  ' }, 'MODEL_ANSWER_UNUSABLE', /empty/],
  ['a turn without a word', {}, 'MODEL_ANSWER_UNUSABLE', /empty/],
];

for (const [what, reply, code, message] of unusable) {
  test(`${what} is ${code}, and is billed`, async () => {
    await using server = await startLlmServer([{ usage: { tokensIn: 9, tokensOut: 3, costUsd: 0.25 }, ...reply }]);
    const budget = new Budget({ capUsd: 10 });
    const model = await openAt(server, {}, budget);
    const error = await failure(converse(model, request()));
    assert.equal(error.code, code);
    assert.match(error.message, message);
    assert.equal(budget.spentUsd, 0.25);
  });
}

test('a busy server is asked again when it says so', async () => {
  await using server = await startLlmServer([
    { status: 429, headers: { 'retry-after': '1' } },
    { status: 503, headers: { 'retry-after-ms': '50' } },
    { text: 'ok' },
  ]);
  const startedAt = performance.now();
  await converse(await openAt(server), request());
  const tookMs = performance.now() - startedAt;
  assert.equal(server.requests.length, 3);
  assert.ok(tookMs >= 1040 && tookMs < 4000, `took ${tookMs} ms`);
});

test('a server that wants more patience than there is time is not waited for', async () => {
  await using server = await startLlmServer(() => ({ status: 429, headers: { 'retry-after': '90' } }));
  const startedAt = performance.now();
  const error = await failure(converse(await openAt(server), request()));
  assert.equal(error.code, 'MODEL_UNAVAILABLE');
  assert.match(error.message, /again in 90 s/);
  assert.ok(performance.now() - startedAt < 1000);
});

test('a server that stays down is given up within the time', async () => {
  await using server = await startLlmServer(() => ({ status: 503 }));
  const startedAt = performance.now();
  const error = await failure(converse(await openAt(server), request({ timeoutMs: 2000 })));
  assert.equal(error.code, 'MODEL_UNAVAILABLE');
  assert.ok(server.requests.length >= 2);
  assert.ok(performance.now() - startedAt < 2500);
});

test('a stall ends with the time, and may have been billed', async () => {
  await using server = await startLlmServer([{ stalls: true }]);
  const budget = new Budget({ capUsd: 0.007 });
  const model = await openAt(server, { provider: 'xai', model: 'grok-4.6' }, budget);
  const startedAt = performance.now();
  const error = await failure(converse(model, request({ timeoutMs: 400 })));
  assert.equal(error.code, 'MODEL_UNAVAILABLE');
  assert.match(error.message, /within 0.4 s/);
  assert.ok(performance.now() - startedAt < 1500);
  assert.equal((await failure(converse(model, request()))).code, 'BUDGET_EXCEEDED');
});

test('an answer that breaks off is asked for once more', async () => {
  await using server = await startLlmServer([{ breaksOff: true }, { text: 'whole' }]);
  const { message } = await converse(await openAt(server), request());
  assert.deepEqual(message.parts, [{ type: 'text', text: 'whole' }]);

  await using broken = await startLlmServer(() => ({ breaksOff: true }));
  const error = await failure(converse(await openAt(broken), request()));
  assert.deepEqual([error.code, broken.requests.length], ['MODEL_UNAVAILABLE', 2]);
});

test('a body that is no answer is unusable', async () => {
  for (const body of ['<html>gateway</html>', '{"choices":7}', '']) {
    await using server = await startLlmServer(() => ({ body }));
    const error = await failure(converse(await openAt(server), request()));
    assert.equal(error.code, 'MODEL_ANSWER_UNUSABLE', body);
    assert.equal(server.requests.length, 2);
  }
});

test('an answer without end is cut', async () => {
  await using server = await startLlmServer(() => ({ body: ' '.repeat(17 * 1024 * 1024) }));
  const error = await failure(converse(await openAt(server), request()));
  assert.match(error.code, /MODEL_/);
});

test('nobody at the address is unavailable, and costs nothing', async () => {
  const server = await startLlmServer([]);
  await server[Symbol.asyncDispose]();
  const budget = new Budget({ capUsd: 0.02 });
  const model = await openAt(server, { provider: 'xai', model: 'grok-4.6' }, budget);
  const error = await failure(converse(model, request({ timeoutMs: 1500 })));
  assert.equal(error.code, 'MODEL_UNAVAILABLE');
  assert.match(error.message, /could not be reached/);
  assert.equal((await failure(converse(model, request({ timeoutMs: 700 })))).code, 'MODEL_UNAVAILABLE');
});

test('a redirect is not followed, so no key goes elsewhere', async () => {
  await using elsewhere = await startLlmServer([{ text: 'gotcha' }]);
  await using server = await startLlmServer(() => ({
    status: 307,
    headers: { location: `${elsewhere.url}/chat/completions` },
  }));
  const error = await failure(converse(await openAt(server), request({ timeoutMs: 1000 })));
  assert.equal(error.code, 'MODEL_UNAVAILABLE');
  assert.equal(elsewhere.requests.length, 0);
});

test('an abort ends a call and a wait at once, with its own reason', async () => {
  await using stalling = await startLlmServer(() => ({ stalls: true }));
  await using busy = await startLlmServer(() => ({ status: 429, headers: { 'retry-after': '4' } }));
  for (const server of [stalling, busy]) {
    const abort = new AbortController();
    const startedAt = performance.now();
    setTimeout(() => abort.abort(new TurboError('RUN_CANCELLED', 'cancelled')), 200);
    const error = await failure(converse(await openAt(server), request({ signal: abort.signal })));
    assert.equal(error.code, 'RUN_CANCELLED');
    assert.ok(performance.now() - startedAt < 1500);
  }
});

test('a server that takes no JSON schema is asked without one, from then on', async () => {
  await using server = await startLlmServer((call) =>
    'response_format' in call.body
      ? { status: 400, error: { message: "'response_format' of type json_schema is not supported" } }
      : { text: 'Sure!\n```json\n{"needsDatabase": true,}\n```' },
  );
  const { z } = await import('zod');
  const model = await openAt(server);
  const json = {
    ...request(),
    shape: { name: 'need', schema: { type: 'object' } },
    read: z.object({ needsDatabase: z.boolean() }),
  };
  assert.deepEqual(await generateJson(model, json), { needsDatabase: true });
  assert.deepEqual(await generateJson(model, json), { needsDatabase: true });
  assert.deepEqual(
    server.requests.map((call) => 'response_format' in call.body),
    [true, false, false],
  );
});
