import assert from 'node:assert/strict';
import { test, type TestContext } from 'node:test';
import { LLMock } from '@copilotkit/aimock';
import { z } from 'zod';
import { Secret } from '../../src/domain/secret.ts';
import {
  Budget,
  converse,
  generateJson,
  openLanguageModel,
  textOf,
  toolCallsOf,
  type LanguageModelSettings,
  type ModelMessage,
  type ModelRequest,
} from '../../src/llm/language-model.ts';
import { startLlmServer } from '../support/llm-server.ts';

// The wire formats are spoken by a server that others wrote.

const apiKey = new Secret('key-for-loopback');

/** Not xAI: its adapter wants more of a reasoning item than this server tells, so our own server plays it below. */
const at: Readonly<Record<string, (url: string) => LanguageModelSettings>> = {
  openai: (url) => ({ provider: 'openai', model: 'gpt-5.4', apiKey, baseUrl: `${url}/v1` }),
  anthropic: (url) => ({ provider: 'anthropic', model: 'claude-sonnet-5', apiKey, baseUrl: `${url}/v1` }),
  google: (url) => ({ provider: 'google', model: 'gemini-3.1-pro-preview', apiKey, baseUrl: `${url}/v1beta` }),
  'openai-compatible': (url) => ({ provider: 'openai-compatible', model: 'tiny', baseUrl: `${url}/v1` }),
};

function request(text: string, changes: Partial<ModelRequest> = {}): ModelRequest {
  const { signal } = new AbortController();
  return {
    purpose: 'code',
    system: 'You write code.',
    messages: [{ role: 'user', text }],
    maxOutputTokens: 500,
    timeoutMs: 10_000,
    cacheKey: 'project-1',
    signal,
    ...changes,
  };
}

async function startMock(context: TestContext): Promise<LLMock> {
  const mock = new LLMock({ port: 0, host: '127.0.0.1', logLevel: 'silent' });
  await mock.start();
  context.after(() => mock.stop());
  return mock;
}

const tools = [
  {
    name: 'write_file',
    description: 'Writes a file.',
    inputSchema: { type: 'object', properties: { path: { type: 'string' } }, required: ['path'] },
  },
] as const;

for (const [provider, settings] of Object.entries(at)) {
  test(`${provider} answers with JSON, and with its usage`, async (context) => {
    const mock = await startMock(context);
    const usage = {
      prompt_tokens: 120,
      completion_tokens: 30,
      total_tokens: 150,
      input_tokens: 120,
      output_tokens: 30,
    };
    mock.onMessage(/database/, { content: '{"needsDatabase":true}', usage });
    const budget = new Budget({ capUsd: 1 });
    const model = await openLanguageModel(settings(mock.url), { budget });
    const shape = {
      name: 'need',
      schema: {
        type: 'object',
        properties: { needsDatabase: { type: 'boolean' } },
        required: ['needsDatabase'],
        additionalProperties: false,
      },
    };
    const read = z.object({ needsDatabase: z.boolean() });
    assert.deepEqual(await generateJson(model, { ...request('a database?'), shape, read }), { needsDatabase: true });
    assert.equal(mock.getRequests().length, 1);
    assert.equal(budget.spentUsd > 0, provider !== 'openai-compatible');

    const { usage: told } = await converse(model, request('a database?'));
    assert.deepEqual([told.provider, told.model], [provider, model.model]);
    assert.ok(told.tokensIn >= 0 && told.durationMs >= 0);
    if (provider === 'openai-compatible') assert.equal(told.costUsd, undefined);
  });

  test(`${provider} takes turns with tools, one call each`, async (context) => {
    const mock = await startMock(context);
    mock.on(
      { userMessage: /agent/, hasToolResult: false },
      { toolCalls: [{ name: 'write_file', arguments: '{"path":"a.ts"}', id: 'call_1' }] },
    );
    mock.on({ userMessage: /agent/, hasToolResult: true }, { content: 'done' });
    const model = await openLanguageModel(settings(mock.url));
    const first = await converse(model, request('agent go', { tools }));
    const [call] = toolCallsOf(first.message);
    assert.deepEqual([call?.name, call?.input], ['write_file', { path: 'a.ts' }]);

    // The history is rebuilt from what checkpoints hold.
    const [restored] = JSON.parse(JSON.stringify([first.message])) as [typeof first.message];
    const results = [{ callId: call?.id ?? '', name: 'write_file', output: 'written', failed: false }];
    const messages: ModelMessage[] = [{ role: 'user', text: 'agent go' }, restored, { role: 'tool', results }];
    const second = await converse(model, request('', { messages, tools }));
    assert.equal(textOf(second.message), 'done');
    assert.equal(mock.getRequests().length, 2);
  });
}

test('xAI’s own figure is the cost, and nothing is stored there', async () => {
  const usage = { tokensIn: 125, tokensOut: 48, tokensCached: 98, costUsd: 0.0037756 };
  await using server = await startLlmServer([{ text: 'hello', usage }]);
  const model = await openLanguageModel({ provider: 'xai', model: 'grok-4.6', apiKey, baseUrl: server.url });
  const { usage: told } = await converse(model, request('hi', { effort: 'low' }));
  const { durationMs, ...billed } = told;
  assert.deepEqual(billed, { provider: 'xai', model: 'grok-4.6', ...usage });
  assert.ok(durationMs > 0);
  const [asked] = server.requests;
  assert.equal(asked?.path, '/v1/responses');
  assert.deepEqual(
    [asked?.body['store'], asked?.body['prompt_cache_key'], asked?.headers.authorization],
    [false, 'project-1', 'Bearer key-for-loopback'],
  );
});

test('xAI gets its encrypted thoughts back in the next turn', async () => {
  await using server = await startLlmServer([
    { thoughts: 'ciphertext', toolCalls: [{ name: 'write_file', input: { path: 'a.ts' } }] },
    { text: 'done' },
  ]);
  const model = await openLanguageModel({ provider: 'xai', model: 'grok-4.6', apiKey, baseUrl: server.url });
  const first = await converse(model, request('agent go', { tools }));
  const [call] = toolCallsOf(first.message);
  const results = [{ callId: call?.id ?? '', name: 'write_file', output: 'no space left', failed: true }];
  const restored = JSON.parse(JSON.stringify(first.message)) as typeof first.message;
  const messages: ModelMessage[] = [{ role: 'user', text: 'agent go' }, restored, { role: 'tool', results }];
  assert.equal(textOf((await converse(model, request('', { messages, tools }))).message), 'done');
  const sent = server.requests[1]?.text ?? '';
  for (const part of ['ciphertext', '"call_0_write_file"', 'no space left']) assert.ok(sent.includes(part), part);
});

test('a truncated tool call on the responses API is a failure, not a call', async () => {
  await using server = await startLlmServer([
    { toolCalls: [{ name: 'write_file', input: '{"path":"a' }], finish: 'length' },
    { text: '', finish: 'content_filter' },
  ]);
  const model = await openLanguageModel({ provider: 'xai', model: 'grok-4.6', apiKey, baseUrl: server.url });
  await assert.rejects(converse(model, request('go', { tools })), { code: 'MODEL_ANSWER_UNUSABLE' });
  await assert.rejects(converse(model, request('go', { tools })), { code: 'MODEL_REFUSED' });
});

test('arguments that are no object are told as such, broken ones are read', async () => {
  const inputs = ['not json', '{"path": "a.ts",}', '', '[1]'];
  await using server = await startLlmServer([{ toolCalls: inputs.map((input) => ({ name: 'write_file', input })) }]);
  const model = await openLanguageModel({ provider: 'openai-compatible', model: 'tiny', baseUrl: server.url });
  const { message } = await converse(model, request('go', { tools }));
  assert.deepEqual(
    toolCallsOf(message).map((call) => call.input),
    [undefined, { path: 'a.ts' }, {}, undefined],
  );
  assert.equal(server.requests[0]?.headers.authorization, undefined);
});

test('a gateway’s figure is the cost; without one a server of one’s own has none', async () => {
  await using server = await startLlmServer([
    { text: 'a', usage: { tokensIn: 10, tokensOut: 5, costUsd: 0.002 } },
    { text: 'b', usage: { tokensIn: 10, tokensOut: 5 } },
  ]);
  const model = await openLanguageModel({ provider: 'openai-compatible', model: 'grok-4.6', baseUrl: server.url });
  const costs = [await converse(model, request('1')), await converse(model, request('2'))].map(
    ({ usage }) => usage.costUsd,
  );
  assert.deepEqual(costs, [0.002, undefined]);
});

test('a cap of a cent is not exceeded', async () => {
  await using server = await startLlmServer((call) => {
    const limit = Number(call.body['max_output_tokens']);
    const tokensIn = Math.ceil(call.text.length / 3);
    return { text: 'words', usage: { tokensIn, tokensOut: limit, costUsd: (tokensIn * 2 + limit * 6) / 1e6 } };
  });
  const budget = new Budget({ capUsd: 0.01 });
  const model = await openLanguageModel(
    { provider: 'xai', model: 'grok-4.6', apiKey, baseUrl: server.url },
    { budget },
  );
  const calls = Array.from({ length: 20 }, (_, index) => converse(model, request(`call ${index}`)));
  const outcomes = await Promise.allSettled(calls);
  const refused = outcomes
    .filter(({ status }) => status === 'rejected')
    .map((outcome) => (outcome as PromiseRejectedResult).reason as { code: string });
  assert.ok(refused.length > 10 && refused.every(({ code }) => code === 'BUDGET_EXCEEDED'));
  assert.equal(server.requests.length, 20 - refused.length);
  assert.ok(budget.spentUsd > 0.005 && budget.spentUsd <= 0.01, String(budget.spentUsd));
});
