import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { after, before, test } from 'node:test';
import type { Receipt } from '../../src/domain/receipt.ts';
import type { RunResult } from '../../src/domain/run.ts';
import { lastLine, openTestHome, type TestHome } from '../support/cli.ts';
import { startLlmServer, type LlmServer } from '../support/llm-server.ts';
import {
  answering,
  recordedDesign,
  tokensOf,
  writingFiles,
  type RecordedAnswers,
} from '../support/recorded-answers.ts';
import { sendRealWorldRequests } from '../support/realworld-requests.ts';

// RealWorld's Conduit, with accounts and tokens under /api: built from the answers that a good model gave.

const MOST_TOKENS = 120_000;
const TABLES = ['users', 'sessions', 'follows', 'articles', 'article-tags', 'favorites', 'comments'];

const conduit: RecordedAnswers = {
  designSql: recordedDesign('conduit'),
  turns: [
    [
      ['read_file', { path: 'test/resources.test.ts' }],
      ['read_file', { path: 'src/database-problem.ts' }],
    ],
    writingFiles('conduit'),
    [
      ...TABLES.map((table) => ['delete_file', { path: `src/routes/${table}.ts` }] as const),
      ['run_tests', { path: 'test/conduit.test.ts' }],
      ['call_endpoint', { method: 'GET', path: '/api/user', headers: { authorization: 'Token nobody' } }],
      ['call_endpoint', { method: 'GET', path: '/api/articles?limit=2' }],
    ],
    [
      [
        'edit_file',
        {
          path: 'src/conduit/profile-routes.ts',
          old_text: 'SELECT $1, id FROM users WHERE username = $2 AND id <> $1',
          new_text: 'SELECT $1::text, id FROM users WHERE username = $2 AND id <> $1::text',
        },
      ],
      ['run_tests', {}],
    ],
    [['finish', { summary: 'RealWorld’s API under /api.' }]],
    [
      [
        'edit_file',
        {
          path: 'test/conduit.test.ts',
          old_text: "  assert.deepEqual(tagList, ['dragons']);\n",
          new_text:
            "  assert.deepEqual(tagList, ['dragons']);\n  assert.equal((await anybody('GET', `/articles/${slug}`)).body.article.body, article.body);\n",
        },
      ],
      [
        'finish',
        { summary: 'RealWorld’s API under /api, with accounts, sessions, articles, comments, likes and follows.' },
      ],
    ],
  ],
};

let server: LlmServer;
let home: TestHome;
let result: RunResult;

before(async () => {
  server = await startLlmServer(answering(conduit));
  home = await openTestHome({ TURBOBACKEND_LLM_BASE_URL: server.url, TURBOBACKEND_LLM_MODEL: 'recorded' });
  const prompt =
    'the RealWorld API (Conduit) under /api: accounts with tokens, profiles, articles with tags, comments, favorites, feed';
  const end = await home.run('create', prompt, '--name', 'conduit', '--json');
  assert.equal(end.exitCode, 0, `${end.stdout + end.stderr}\n${server.requests.at(-1)?.text.slice(-4000)}`);
  result = lastLine(end) as RunResult;
});

after(async () => {
  await home.close();
  await server[Symbol.asyncDispose]();
});

test('it is built within its tokens, every gate green', (context) => {
  const tokens = tokensOf(server.requests, conduit.turns);
  context.diagnostic(`${tokens} tokens in ${server.requests.length} requests`);
  assert.ok(tokens <= MOST_TOKENS, `${tokens} tokens`);
  const receipt = JSON.parse(readFileSync(result.receipt, 'utf8')) as Receipt;
  assert.deepEqual(
    receipt.gates.filter(({ status }) => status !== 'passed'),
    [],
  );
});

test('RealWorld’s requests are answered as it describes', async (context) => {
  context.diagnostic(`${await sendRealWorldRequests(`${result.url}/api`)} requests`);
});
