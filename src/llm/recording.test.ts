import assert from 'node:assert/strict';
import { mkdtempSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { withLedger, type FinishedCall } from './ledger.ts';
import { textOf, type LanguageModel, type ModelAnswer, type ModelRequest } from './model-call.ts';
import { recordingModel, replayingModel } from './recording.ts';

const file = (): string => join(mkdtempSync(join(tmpdir(), 'turbo-recording-')), 'answers.jsonl');

const usage = {
  provider: 'xai',
  model: 'grok',
  tokensIn: 5,
  tokensOut: 7,
  tokensCached: 1,
  durationMs: 9,
  costUsd: 0.1,
} as const;

/** Says which of its calls it was. */
function countingModel(): LanguageModel & { calls: number } {
  return {
    provider: 'xai',
    model: 'grok',
    calls: 0,
    ask(): Promise<ModelAnswer> {
      this.calls += 1;
      return Promise.resolve({ parts: [{ type: 'text', text: `answer ${this.calls}` }], finish: 'complete', usage });
    },
  };
}

function request(text: string, more: Partial<ModelRequest> = {}): ModelRequest {
  const { signal } = new AbortController();
  return { purpose: 'code', system: 's', messages: [{ role: 'user', text }], maxOutputTokens: 10, signal, ...more };
}

/** A turn as one run sees it. */
function turn(port: number, output: string): ModelRequest {
  return request('', {
    messages: [
      { role: 'user', text: `It listens on ${port}` },
      { role: 'assistant', parts: [{ type: 'tool-call', id: 'c', name: 'run', input: { command: 'ls' } }] },
      { role: 'tool', results: [{ callId: 'c', name: 'run', output, failed: false }] },
    ],
  });
}

test('replays what was recorded, in order, for nothing', async () => {
  const at = file();
  const source = countingModel();
  const recording = recordingModel({ ...source, ask: (asked) => source.ask(asked) }, at);
  for (const text of ['a', 'b', 'a']) await recording.ask(request(text));

  const replay = await replayingModel(at);
  assert.deepEqual([replay.provider, replay.model], ['xai', 'grok']);
  const answers = [];
  for (const text of ['b', 'a', 'a']) answers.push(await replay.ask(request(text, { maxOutputTokens: 99 })));
  assert.deepEqual(answers.map(textOf), ['answer 2', 'answer 1', 'answer 3']);
  assert.deepEqual(answers[0]?.usage, { ...usage, durationMs: 0, costUsd: 0 });
});

test('numbers and tools’ answers may differ from run to run', async () => {
  const at = file();
  const source = countingModel();
  await recordingModel(source, at).ask(turn(4001, 'took 5 ms'));
  const replay = await replayingModel(at);
  assert.equal(textOf(await replay.ask(turn(5123, 'took 7 ms'))), 'answer 1');
});

test('a call that was not recorded is told by its purpose', async () => {
  const at = file();
  await recordingModel(countingModel(), at).ask(request('a secret recipe'));
  assert.doesNotMatch(readFileSync(at, 'utf8'), /recipe/);
  assert.equal(statSync(at).mode & 0o777, 0o600);
  const replay = await replayingModel(at);
  await assert.rejects(replay.ask(request('another', { purpose: 'design' })), {
    code: 'MODEL_UNAVAILABLE',
    message: 'The recording holds no answer to this design call',
  });
});

test('a file that is no recording is refused', async () => {
  await assert.rejects(replayingModel(file()), { code: 'USAGE', message: /does not exist/ });
  for (const content of ['', 'hello', '{"purpose":"code"}']) {
    const at = file();
    writeFileSync(at, content);
    await assert.rejects(replayingModel(at), { code: 'USAGE', message: /not one, or empty/ });
  }
});

test('a call that the ledger holds is not made again', async () => {
  const kept: FinishedCall[] = [];
  const ledger = {
    find: (callKey: string) => Promise.resolve(kept.find((call) => call.callKey === callKey)?.answer),
    keep: (call: FinishedCall) => Promise.resolve(void kept.push(call)),
  };
  const source = countingModel();
  const first = withLedger({ ...source, ask: (asked) => source.ask(asked) }, ledger);
  const texts = ['a', 'a', 'b'];
  const before = [];
  for (const text of texts) before.push(textOf(await first.ask(request(text))));

  const resumed = withLedger({ ...source, ask: () => assert.fail('it is asked again') }, ledger);
  const after = [];
  for (const text of texts) after.push(textOf(await resumed.ask(request(text))));
  assert.deepEqual(after, before);
  assert.deepEqual(before, ['answer 1', 'answer 2', 'answer 3']);
  assert.equal(new Set(kept.map((call) => call.callKey)).size, 3);
  assert.ok(kept.every((call) => call.callKey.length <= 200 && call.purpose === 'code'));
});
