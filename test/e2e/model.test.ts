import assert from 'node:assert/strict';
import { createHmac } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import type { RunEvent } from '../../src/domain/run-event.ts';
import type { RunResult } from '../../src/domain/run.ts';
import { lastLine, openTestHome, type TestHome } from '../support/cli.ts';
import { startLlmServer, type LlmReply, type LlmRequest, type LlmServer } from '../support/llm-server.ts';

// A model on loopback plans and codes; everything around it stays checked by us.

const KEY = 'sk-loopback-7f3a9c1e';
const USAGE = { tokensIn: 1000, tokensOut: 200, costUsd: 0.001 };

const REFUSED_DESIGN = [
  { tableName: 'notes', createQuery: "CREATE TABLE notes (id varchar PRIMARY KEY); COPY notes TO PROGRAM 'id'" },
];
const DESIGN = [
  {
    tableName: 'notes',
    columns: [{ name: 'id', type: 'varchar', constraints: 'PRIMARY KEY' }],
    createQuery: 'CREATE TABLE notes (id varchar PRIMARY KEY, title text NOT NULL, created_at bigint NOT NULL)',
  },
];

/** Answers as a model would: one design that is refused, one that stands, then code that adds nothing. */
function answer(request: LlmRequest, answers: { designs: number }): LlmReply {
  if (request.body['tools']) {
    return { toolCalls: [{ name: 'finish', input: { summary: 'CRUD is all that was asked for.' } }], usage: USAGE };
  }
  if (/needsDatabase/.test(request.text)) {
    return { text: '```json\n{"needsDatabase": true, "reasoning": "Notes are kept.",}\n```', usage: USAGE };
  }
  answers.designs += 1;
  return { text: JSON.stringify({ tables: answers.designs === 1 ? REFUSED_DESIGN : DESIGN }), usage: USAGE };
}

let home: TestHome;
let server: LlmServer;

before(async () => {
  const answers = { designs: 0 };
  server = await startLlmServer((request) => answer(request, answers));
  home = await openTestHome({
    TURBOBACKEND_LLM_BASE_URL: server.url,
    TURBOBACKEND_LLM_MODEL: 'loopback-1',
    TURBOBACKEND_LLM_API_KEY: KEY,
  });
});

after(async () => {
  await home.close();
  await server[Symbol.asyncDispose]();
});

test('a refused design goes back to the model, and what stands is built; every call is counted', async () => {
  const recording = join(home.folder, 'answers.jsonl');
  const end = await home.run('create', 'an app that keeps notes', '--json', '--record', recording);
  assert.equal(end.exitCode, 0, end.stdout + end.stderr);
  const result = lastLine(end) as RunResult;
  assert.deepEqual(result.database?.tables, ['notes']);
  assert.equal((await fetch(`${result.url}/v1/notes`)).status, 200);

  const events = end.stdout
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line) as RunEvent);
  assert.ok(events.some((event) => event.type === 'phase-progress' && /was refused/.test(event.message)));
  assert.equal(result.costUsd, server.requests.length * USAGE.costUsd);
  assert.match(server.requests.at(2)?.text ?? '', /COPY/, 'the objection names the statement');
  assert.ok(!`${end.stdout}${end.stderr}${readFileSync(recording, 'utf8')}`.includes(KEY));
});

test('a recording builds the same without asking anybody', async () => {
  const asked = server.requests.length;
  const recording = join(home.folder, 'answers.jsonl');
  const end = await home.run('create', 'an app that keeps notes', '--json', '--replay', recording);
  assert.equal(end.exitCode, 0, end.stdout + end.stderr);
  assert.equal(server.requests.length, asked);
});

test('a model that is down is no reason to fail the detection, but to say so', async () => {
  const answers = { designs: 1 };
  await using broken = await startLlmServer((request) =>
    /needsDatabase/.test(request.text)
      ? { status: 503, headers: { 'retry-after': '0' }, error: { message: 'overloaded' } }
      : /"endpoints"/.test(request.text)
        ? { text: JSON.stringify({ endpoints: [] }), usage: USAGE }
        : answer(request, answers),
  );
  const other = await openTestHome({ TURBOBACKEND_LLM_BASE_URL: broken.url, TURBOBACKEND_LLM_MODEL: 'loopback-1' });
  try {
    const end = await other.run('create', 'an app that keeps notes', '--json');
    const result = lastLine(end) as RunResult;
    assert.equal(result.needsDatabase, false, end.stdout);
    assert.equal(end.exitCode, 7, end.stdout);
    assert.match(result.missing[0]?.what ?? '', /^Could not tell whether a database is needed/);
    assert.match(result.missing[0]?.fix ?? '', /turbobackend create --planner builtin "an app that keeps notes"/);
    assert.match(end.stdout, /built-in planner would say that it needs a database/);
    assert.ok(existsSync(result.sourceDir));
  } finally {
    await other.close();
  }
});

test('with a budget and no known price nothing is asked; a price that is said will do', async () => {
  const asked = server.requests.length;
  const refused = await home.run('create', 'an app that keeps notes', '--budget', '0.5', '--json');
  assert.equal((lastLine(refused) as RunResult).error?.code, 'BUDGET_EXCEEDED', refused.stdout);
  assert.match((lastLine(refused) as RunResult).error?.fix ?? '', /--price in,out/);
  assert.equal(server.requests.length, asked);
  const end = await home.run('plan', 'an app that keeps notes', '--budget', '0.5', '--price', '1,2', '--json');
  assert.equal(end.exitCode, 0, end.stdout + end.stderr);
});

const PAYMENTS = `import { createHmac } from 'node:crypto';
import type { FastifyInstance } from 'fastify';
import type { Operation } from '../http/openapi.ts';
import { Problem } from '../problem.ts';

/** Signs payments with the key of the payment service. */
export function paymentRoutes(app: FastifyInstance): void {
  app.post('/v1/payments', { schema: operation }, () => {
    const key = process.env['PAYMENT_KEY'];
    if (!key) throw new Problem(503, 'PAYMENT_KEY is not set.');
    return { signature: createHmac('sha256', key).update('payment').digest('hex') };
  });
}

const signature = { type: 'string' };
const operation: Operation = {
  tags: ['payments'],
  summary: 'Sign a payment',
  operationId: 'signPayment',
  response: { 200: { type: 'object', required: ['signature'], properties: { signature } } },
  problems: [503],
};
`;
const PAYMENTS_TEST = `import assert from 'node:assert/strict';
import { test } from 'node:test';
import { send, startTestApp } from './support/test-app.ts';

test('signs a payment', async () => {
  const app = await startTestApp();
  assert.match((await send(app, 'POST', '/v1/payments')).body.signature, /^[0-9a-f]{64}$/);
  await app.close();
});
`;
const WRITES_PAYMENTS = [
  ['write_file', { path: 'src/routes/payments.ts', content: PAYMENTS }],
  ['write_file', { path: 'test/payments.test.ts', content: PAYMENTS_TEST }],
  [
    'edit_file',
    {
      path: 'src/routes.ts',
      old_text: 'import { notesRoutes }',
      new_text: "import { paymentRoutes } from './routes/payments.ts';\nimport { notesRoutes }",
    },
  ],
  [
    'edit_file',
    {
      path: 'src/routes.ts',
      old_text: '  notesRoutes(app, db);',
      new_text: '  notesRoutes(app, db);\n  paymentRoutes(app);',
    },
  ],
  [
    'edit_file',
    {
      path: '.env.example',
      old_text: '# Where the server',
      new_text: '# Of the payment service.\nPAYMENT_KEY=\n\n# Where the server',
    },
  ],
  ['finish', { summary: 'Signs payments.' }],
] as const;

test('a secret that the code needs is tried with a dummy, named when it is missing, and seen by no model', async () => {
  const answers = { designs: 1 };
  await using coding = await startLlmServer((request) =>
    request.body['tools']
      ? { toolCalls: WRITES_PAYMENTS.map(([name, input]) => ({ name, input })), usage: USAGE }
      : answer(request, answers),
  );
  const other = home.with({ TURBOBACKEND_LLM_BASE_URL: coding.url });
  const end = await other.run('create', 'an app that keeps notes and signs payments', '--name', 'pay', '--json');
  const { missing, url } = lastLine(end) as RunResult;
  assert.equal(end.exitCode, 7, end.stdout + end.stderr);
  assert.match(missing[0]?.what ?? '', /needs PAYMENT_KEY, which nobody has set/);
  assert.equal(missing[0]?.fix, 'turbobackend secrets set pay PAYMENT_KEY');
  const sign = async (): Promise<Response> => fetch(`${url}/v1/payments`, { method: 'POST' });
  assert.equal((await sign()).status, 503);
  const value = 'live-key-9d2c41';
  assert.equal((await other.pipe(value, 'secrets', 'set', 'pay', 'PAYMENT_KEY')).exitCode, 0);
  const signature = createHmac('sha256', value).update('payment').digest('hex');
  assert.deepEqual(await (await sign()).json(), { signature });
  assert.ok(coding.requests.every(({ text }) => !text.includes(value) && !text.includes('dummy-payment-key')));
});

test('a run killed while the model codes is carried on, and no finished call is asked again', async () => {
  const looks = ['src/app.ts', 'src/routes.ts', 'src/server.ts', 'src/db.ts'];
  const answers = { designs: 1 };
  await using coding = await startLlmServer((request) => {
    if (!request.body['tools']) return answer(request, answers);
    // The conversation tells how far the model has come: one look for each tool result it was given.
    const seen = looks.filter((path) => request.text.includes(`looked at ${path}`)).length;
    const next = looks[seen];
    if (next === undefined)
      return { toolCalls: [{ name: 'finish', input: { summary: 'Nothing to add.' } }], usage: USAGE };
    return { text: `looked at ${next}`, toolCalls: [{ name: 'read_file', input: { path: next } }], usage: USAGE };
  });
  const other = await openTestHome({ TURBOBACKEND_LLM_BASE_URL: coding.url, TURBOBACKEND_LLM_MODEL: 'loopback-1' });
  try {
    let runId = '';
    await other.start(['create', 'an app that keeps notes', '--json'], (line, child) => {
      runId = (JSON.parse(line) as RunEvent).runId;
      if (coding.requests.filter(({ body }) => body['tools']).length === 3) child.kill('SIGKILL');
    });
    const { result } = await other.run('list').then(() => other.json<{ result: RunResult }>('run', 'show', runId));
    assert.equal(result.status, 'succeeded', JSON.stringify(result.error));
    const asked = coding.requests.map(({ body }) => JSON.stringify(body));
    // The one call that was under way when the process died may have been asked twice.
    assert.ok(asked.length - new Set(asked).size <= 1, `${asked.length} calls, ${new Set(asked).size} different`);
    assert.ok(asked.length >= looks.length + 3);
    assert.equal(result.costUsd, new Set(asked).size * USAGE.costUsd);
  } finally {
    await other.close();
  }
});
