import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Secret } from '../../src/domain/secret.ts';
import { Budget, openLanguageModel, withLedger, type FinishedCall } from '../../src/llm/language-model.ts';
import { designSchema } from '../../src/pipeline/design-schema.ts';
import { LlmPlanner } from '../../src/planner/llm/llm-planner.ts';
import { startLlmServer, type LlmServer } from '../support/llm-server.ts';

const PROMPT = 'a REST API for a library with books and loans';
const { signal } = new AbortController();

const books = {
  tableName: 'books',
  columns: [
    { name: 'id', type: 'varchar', constraints: 'PRIMARY KEY' },
    { name: 'title', type: 'text', constraints: 'NOT NULL' },
  ],
  createQuery: 'CREATE TABLE books (id varchar PRIMARY KEY, title text NOT NULL)',
};

const loans = {
  tableName: 'loans',
  columns: [
    { name: 'id', type: 'varchar', constraints: 'PRIMARY KEY' },
    { name: 'book_id', type: 'varchar', constraints: 'NOT NULL REFERENCES books (id) ON DELETE CASCADE' },
  ],
  createQuery:
    'CREATE TABLE loans (id varchar PRIMARY KEY, book_id varchar NOT NULL REFERENCES books (id) ON DELETE CASCADE)',
};

async function openPlanner(server: LlmServer) {
  const calls: FinishedCall[] = [];
  const ledger = {
    find: (callKey: string) => Promise.resolve(calls.find((call) => call.callKey === callKey)?.answer),
    keep: (call: FinishedCall) => Promise.resolve(void calls.push(call)),
  };
  const model = await openLanguageModel(
    { provider: 'openai-compatible', model: 'scripted', apiKey: new Secret('key-for-loopback'), baseUrl: server.url },
    { budget: new Budget({ capUsd: 1 }) },
  );
  return { planner: new LlmPlanner(withLedger(model, ledger)), calls };
}

function design(planner: LlmPlanner, rounds: string[] = []) {
  return designSchema({
    prompt: PROMPT,
    schemaSql: undefined,
    planner,
    signal,
    ask: (_round, propose) => propose(signal),
    refused: (_round, findings) => Promise.resolve(void rounds.push(...findings.map(({ message }) => message))),
  });
}

test('what a model proposes is never run: malice is refused, told and mended', async () => {
  const evil = {
    ...books,
    createQuery: `${books.createQuery}; DROP TABLE tb.runs; COPY books FROM PROGRAM 'id'; ALTER ROLE postgres SUPERUSER`,
  };
  await using server = await startLlmServer([
    { text: JSON.stringify({ tables: [loans, evil] }), usage: { tokensIn: 400, tokensOut: 200, costUsd: 0.01 } },
    { text: `Sorry!\n\`\`\`json\n${JSON.stringify({ tables: [loans, books, books] })}\n\`\`\`` },
  ]);
  const { planner, calls } = await openPlanner(server);
  const told: string[] = [];
  const { design: sound } = await design(planner, told);
  assert.ok(told.length >= 3, told.join('\n'));
  // A table comes after those it references, whatever order it was proposed in.
  assert.deepEqual(
    sound.schema.tables.map((table) => table.name),
    ['books', 'loans'],
  );
  assert.ok(sound.statements.every(({ sql }) => !/DROP|COPY|SUPERUSER/.test(sql)));
  assert.match(server.requests[1]?.text ?? '', /The schema was refused/);
  assert.deepEqual(
    calls.map(({ purpose, answer }) => [purpose, answer.usage.tokensIn, answer.usage.tokensOut, answer.usage.costUsd]),
    [
      ['design', 400, 200, 0.01],
      ['design', 100, 20, undefined],
    ],
  );
});

test('columns that contradict the SQL, reserved words and unknown types come back until the rounds are over', async () => {
  const contradicting = { ...books, columns: [{ name: 'isbn', type: 'text', constraints: '' }] };
  const unknownType = {
    tableName: 'order',
    columns: [],
    createQuery: 'CREATE TABLE "order" (id varchar PRIMARY KEY, at sqlvariant)',
  };
  await using server = await startLlmServer(() => ({ text: JSON.stringify({ tables: [contradicting, unknownType] }) }));
  const { planner } = await openPlanner(server);
  await assert.rejects(design(planner), { code: 'SCHEMA_DESIGN_FAILED', message: /sqlvariant/ });
  assert.equal(server.requests.length, 3);
});

test('a design that is cut off is asked for once more, with twice the room', async () => {
  const whole = JSON.stringify({ tables: [books] });
  await using server = await startLlmServer([{ text: whole.slice(0, 90), finish: 'length' }, { text: whole }]);
  const { planner, calls } = await openPlanner(server);
  assert.deepEqual((await planner.proposeSchema(PROMPT, signal)).tables, [books]);
  assert.deepEqual(
    server.requests.map(({ body }) => body['max_tokens']),
    [16_000, 32_000],
  );
  assert.deepEqual(
    calls.map(({ answer }) => answer.finish),
    ['cut-off', 'complete'],
  );
});

test('a detection that brings nothing rejects', async () => {
  for (const [reply, code] of [
    [{ text: 'Hm.' }, 'MODEL_ANSWER_UNUSABLE'],
    [{ text: '', finish: 'content_filter' }, 'MODEL_REFUSED'],
    [{ status: 401 }, 'MODEL_KEY_REFUSED'],
  ] as const) {
    await using server = await startLlmServer(() => reply);
    const { planner } = await openPlanner(server);
    await assert.rejects(planner.detectNeed(PROMPT, signal), { code });
  }
});
