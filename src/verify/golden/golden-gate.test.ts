import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { HttpClient } from '../http-client.ts';
import { askGolden, type GoldenAnswer } from './golden-answers.ts';
import { goldenGate, unanswered } from './golden-gate.ts';
import type { MeantDifferences, MeantInRows } from './meant-differences.ts';

const { signal } = new AbortController();
const AS_BEFORE: MeantInRows = { renamed: {}, added: [], removed: [], revalued: [], reordered: false };
const NOTHING: MeantDifferences = { paths: {}, rows: {}, elsewhere: AS_BEFORE, reasons: [], ownFiles: [] };

type Row = Readonly<Record<string, unknown>>;

const POSTS: readonly Row[] = [
  { id: 'p1', title: 'One', likes: 1 },
  { id: 'p2', title: 'Two', likes: 2 },
];

/** A backend of one table, that is asked without a network. */
function backend(rows: readonly Row[], { list = 'posts', sorts = ['id', 'title'] } = {}): HttpClient {
  const path = `/v1/${list}`;
  const ok = { description: '', content: {} };
  const document = {
    openapi: '3.1.0',
    info: { title: 't', version: '1' },
    paths: {
      [path]: {
        get: {
          parameters: [{ name: 'sort', in: 'query', schema: { enum: [...sorts, ...sorts.map((s) => `-${s}`)] } }],
          responses: { 200: ok },
        },
      },
      [`${path}/{id}`]: {
        get: {
          parameters: [{ name: 'id', in: 'path', required: true, schema: {} }],
          responses: { 200: ok },
        },
      },
    },
  };
  const answer = (asked: URL): [number, unknown] => {
    if (asked.pathname === '/openapi.json') return [200, document];
    const sort = asked.searchParams.get('sort');
    if (asked.pathname === path) {
      return sort === null || sorts.includes(sort) ? [200, { data: rows, nextCursor: null }] : [400, { title: 'no' }];
    }
    const row = rows.find(({ id }) => asked.pathname === `${path}/${String(id)}`);
    return row ? [200, row] : [404, { title: 'none', requestId: String(Math.random()) }];
  };
  return {
    send: (request: { path: string }) => {
      const [status, json] = answer(new URL(request.path, 'http://backend'));
      return Promise.resolve({ request, status, json, text: '', headers: {} });
    },
  } as unknown as HttpClient;
}

async function compare(after: HttpClient, meant: MeantDifferences, before = backend(POSTS)) {
  return goldenGate(after, await askGolden(before, signal), meant, signal);
}

const inPosts = (rows: Partial<MeantInRows>): MeantDifferences => ({
  ...NOTHING,
  rows: Object.fromEntries(['/v1/posts', '/v1/posts/{id}'].map((path) => [path, { ...AS_BEFORE, ...rows }])),
  reasons: ['posts changes'],
});

test('a backend answers as itself', async () => {
  const { status, summary } = await compare(backend(POSTS), NOTHING);
  assert.equal(status, 'passed', summary);
  assert.match(summary, /^6 answers .* 6 the same, 0 as/);
});

test('a field that is new passes where it is meant, and fails where it is not', async () => {
  const after = backend(POSTS.map((row) => ({ ...row, phone: null })));
  assert.equal((await compare(after, inPosts({ added: ['phone'] }))).status, 'passed');
  const { status, evidence } = await compare(after, NOTHING);
  assert.equal(status, 'failed');
  assert.match(evidence.join('\n'), /GET \/v1\/posts\/p1: .*phone/);
});

test('a value that changed is found beside a field that is meant to be new', async () => {
  const after = backend(POSTS.map((row) => ({ ...row, phone: null, ...(row['id'] === 'p2' && { likes: 3 }) })));
  const { status, summary } = await compare(after, inPosts({ added: ['phone'] }));
  assert.equal(status, 'failed');
  assert.match(summary, /"likes": 2,?, now "likes": 3/);
});

test('a renamed field and a renamed list are asked for by their new names', async () => {
  const renamed = POSTS.map(({ title, ...row }) => ({ ...row, headline: title }));
  const after = backend(renamed, { list: 'articles', sorts: ['id', 'headline'] });
  const meant = {
    ...inPosts({ renamed: { title: 'headline' } }),
    paths: { '/v1/posts': '/v1/articles', '/v1/posts/{id}': '/v1/articles/{id}' },
  };
  assert.equal((await compare(after, meant)).status, 'passed');
  assert.equal((await compare(after, NOTHING)).status, 'failed');
});

test('a path that is gone unmeant is named', async () => {
  const { status, evidence } = await compare(backend(POSTS, { list: 'posts-as-author' }), NOTHING);
  assert.equal(status, 'failed');
  assert.match(evidence.join('\n'), /GET \/v1\/posts\/p1: 200, now 404/);
});

test('what people wrote is theirs to mean, and listed', async () => {
  const after = backend([{ ...POSTS[0], title: 'Changed' }, ...POSTS.slice(1)]);
  const { status, evidence } = await compare(after, { ...NOTHING, ownFiles: ['src/routes.ts'] });
  assert.equal(status, 'passed');
  assert.match(evidence.join('\n'), /by what people wrote \(src\/routes\.ts\): GET \/v1\/posts/);
});

test('what the release from before cannot answer any more is named', async () => {
  const before = await askGolden(backend(POSTS), signal);
  const now: readonly GoldenAnswer[] = before.map((answer) =>
    answer.template === '/v1/posts' ? { ...answer, status: 500 } : answer,
  );
  assert.deepEqual(unanswered(before, before), []);
  assert.deepEqual(unanswered(before, now), ['GET /v1/posts', 'GET /v1/posts?sort=id', 'GET /v1/posts?sort=title']);
});
