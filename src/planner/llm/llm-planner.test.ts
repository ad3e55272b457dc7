import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { LanguageModel, ModelRequest } from '../../llm/language-model.ts';
import { LlmPlanner } from './llm-planner.ts';

const PROMPT = 'a REST API for a blog with users and posts';
const { signal } = new AbortController();

/** Gives its texts one after the other and keeps what it was asked. */
function modelSaying(...texts: string[]): LanguageModel & { readonly asked: ModelRequest[] } {
  const asked: ModelRequest[] = [];
  return {
    provider: 'openai-compatible',
    model: 'scripted',
    asked,
    ask(request) {
      const text = texts[asked.length] ?? assert.fail(`no answer is left for ${request.purpose}`);
      asked.push(request);
      const usage = {
        provider: 'openai-compatible',
        model: 'scripted',
        tokensIn: 1,
        tokensOut: 1,
        tokensCached: 0,
        durationMs: 1,
      } as const;
      return Promise.resolve({ parts: [{ type: 'text', text }], finish: 'complete', usage });
    },
  };
}

const need = (...texts: string[]) => new LlmPlanner(modelSaying(...texts)).detectNeed(PROMPT, signal);
const tables = async (...texts: string[]) =>
  (await new LlmPlanner(modelSaying(...texts)).proposeSchema(PROMPT, signal)).tables;
const endpoints = (...texts: string[]) => new LlmPlanner(modelSaying(...texts)).sketchEndpoints(PROMPT, signal);

const users = { tableName: 'users', columns: [], createQuery: 'CREATE TABLE users (id varchar PRIMARY KEY)' };

test('reads a need however it is wrapped', async () => {
  const expected = { needsDatabase: true, reasoning: 'Users stay.' };
  for (const text of [
    '{"needsDatabase":true,"reasoning":"Users stay."}',
    '```json\n{"needs_database": "yes", "reasoning": "Users\\u0000 stay.\\u001b",}\n```',
    'Well. {"result": {"needsDatabase": true, "reasoning": "Users stay."}} Fine?',
    '[{"NeedsDatabase": true, "Reasoning": "Users stay."}]',
  ]) {
    assert.deepEqual(await need(text), expected, text);
  }
});

test('a need without a reason gets one, an endless one is cut', async () => {
  assert.equal((await need('{"needsDatabase": false}')).reasoning, 'The model says that none is needed.');
  assert.equal(
    (await need(JSON.stringify({ needsDatabase: true, reasoning: 'x'.repeat(9000) }))).reasoning.length,
    500,
  );
});

test('an answer that is no need is given back once, with what is wrong', async () => {
  const model = modelSaying('I think it might.', '{"needsDatabase": true, "reasoning": "r"}');
  assert.equal((await new LlmPlanner(model).detectNeed(PROMPT, signal)).needsDatabase, true);
  const [, given, complaint] = model.asked[1]?.messages ?? [];
  assert.deepEqual(given, { role: 'assistant', parts: [{ type: 'text', text: 'I think it might.' }] });
  assert.match(JSON.stringify(complaint), /no complete JSON object/);
  await assert.rejects(need('maybe', '{"needsDatabase": "maybe"}'), { code: 'MODEL_ANSWER_UNUSABLE' });
});

test('reads tables however they are wrapped and spelled', async () => {
  for (const text of [
    JSON.stringify({ tables: [users] }),
    JSON.stringify([users]),
    JSON.stringify({ schema: { tables: [users] } }),
    JSON.stringify({ tables: [{ table_name: 'users', columns: [], sql: [users.createQuery] }] }),
    JSON.stringify({
      tables: [{ name: 'users', fields: [], ddl: users.createQuery.replace(' (', ' \u0000(') }, users],
    }),
  ]) {
    assert.deepEqual(await tables(text), [users], text);
  }
});

test('columns may be missing or written out, and a table may have columns alone', async () => {
  const [bare, written] = await tables(
    JSON.stringify({
      tables: [
        { tableName: 'users', createQuery: users.createQuery },
        { tableName: 'posts', columns: ['id varchar PRIMARY KEY', { name: 'title', type: 'text', constraints: null }] },
      ],
    }),
  );
  assert.deepEqual(bare, { tableName: 'users', columns: undefined, createQuery: users.createQuery });
  assert.deepEqual(written, {
    tableName: 'posts',
    columns: [
      { name: 'id', type: 'varchar', constraints: 'PRIMARY KEY' },
      { name: 'title', type: 'text', constraints: '' },
    ],
    createQuery: '',
  });
});

test('forty tables are passed on, none or an empty one is objected to', async () => {
  const forty = Array.from({ length: 40 }, (_, index) => ({ ...users, tableName: `t${index}` }));
  assert.equal((await tables(JSON.stringify({ tables: forty }))).length, 40);
  const none = JSON.stringify({ tables: [] });
  assert.deepEqual(await tables(none, JSON.stringify({ tables: [users] })), [users]);
  await assert.rejects(tables(none, none), { code: 'MODEL_ANSWER_UNUSABLE' });
  const model = modelSaying(
    JSON.stringify({ tables: [users, { tableName: 'posts' }] }),
    JSON.stringify({ tables: [users] }),
  );
  await new LlmPlanner(model).proposeSchema(PROMPT, signal);
  assert.match(JSON.stringify(model.asked[1]?.messages), /tables\.1: has neither a createQuery nor columns/);
});

test('a broken answer is not taken for the part of it that can be read', async () => {
  const posts = { ...users, tableName: 'posts' };
  const broken = JSON.stringify({ tables: [users, posts] }).replace('"posts"', '"po"sts"');
  assert.deepEqual(await tables(broken, JSON.stringify({ tables: [users, posts] })), [users, posts]);
  const sketch = '{"endpoints": [{"method": "GET", "path": "/a", "inputs": [], "outputs": [], "summary": "a "b""}]}';
  await assert.rejects(endpoints(sketch, sketch), { code: 'MODEL_ANSWER_UNUSABLE' });
});

test('objections go back after the request and the answer they are about', async () => {
  const model = modelSaying(JSON.stringify({ tables: [users] }));
  const findings = [
    { severity: 'change', code: 'x', message: 'told to nobody' },
    {
      severity: 'error',
      code: 'y',
      message: 'DROP is not allowed',
      table: 'users',
      fix: 'Leave it out.',
      statement: 'DROP TABLE a',
    },
  ] as const;
  await new LlmPlanner(model).proposeSchema(PROMPT, signal, { proposal: { tables: [users], warnings: [] }, findings });
  const [request, answer, objections] = model.asked[0]?.messages ?? [];
  assert.match(JSON.stringify(request), /a REST API for a blog/);
  assert.deepEqual(answer, { role: 'assistant', parts: [{ type: 'text', text: JSON.stringify({ tables: [users] }) }] });
  assert.match(JSON.stringify(objections), /users: DROP is not allowed\. Leave it out\.\\n {2}in: DROP TABLE a/);
  assert.doesNotMatch(JSON.stringify(objections), /told to nobody/);
});

test('endpoints are brought into the form the scaffold serves', async () => {
  const read = await endpoints(
    JSON.stringify({
      endpoints: [
        {
          method: 'put',
          path: 'https://x.test/Convert Now/:fromCurrency?x=1',
          summary: 'Converts\n money',
          inputs: [
            { name: 'fromCurrency', type: 'text' },
            { name: '  ', type: 'string' },
          ],
          outputs: [{ name: 'amount', type: 'number', description: 'd', required: false }],
        },
        { method: 'POST', path: '/convert-now/{from_currency}', summary: 'again', inputs: [], outputs: [] },
      ],
    }),
  );
  assert.deepEqual(read, [
    {
      method: 'POST',
      path: '/convert-now/{from_currency}',
      summary: 'Converts money',
      inputs: [{ name: 'from_currency', type: 'string', description: '', required: true }],
      outputs: [{ name: 'amount', type: 'number', description: 'd', required: false }],
    },
  ]);
  await assert.rejects(endpoints('{"endpoints": [{"method": "DELETE", "path": "/"}]}', 'no'), {
    code: 'MODEL_ANSWER_UNUSABLE',
  });
});

test('the system part is constant and short, and the user’s words come after it', async () => {
  const asked: ModelRequest[] = [];
  for (const prompt of [PROMPT, 'a calculator']) {
    const model = modelSaying(
      '{"needsDatabase":true}',
      JSON.stringify({ tables: [users] }),
      '{"endpoints":[{"method":"GET","path":"/a"}]}',
    );
    const planner = new LlmPlanner(model);
    await planner.detectNeed(prompt, signal);
    await planner.proposeSchema(prompt, signal);
    await planner.sketchEndpoints(prompt, signal);
    asked.push(...model.asked);
  }
  assert.deepEqual(
    asked.map(({ purpose }) => purpose),
    ['detect', 'design', 'endpoints', 'detect', 'design', 'endpoints'],
  );
  for (const [index, { system, messages }] of asked.slice(0, 3).entries()) {
    assert.equal(system, asked[index + 3]?.system);
    assert.ok(system.length < 3500, `${system.length} characters`);
    assert.doesNotMatch(system, /blog/);
    assert.equal(messages.length, 1);
  }
});
