import assert from 'node:assert/strict';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { openBackendHouse, type Backend, type BackendHouse } from '../support/backend-house.ts';

const ROWS = 1_000_000;

/** As the planner's designs are: an index on what lists go by. Nothing leads to `title`. */
const SQL = `
  CREATE TABLE users (id varchar(21) PRIMARY KEY, name text NOT NULL);
  CREATE TABLE posts (id varchar(21) PRIMARY KEY, user_id varchar(21) NOT NULL REFERENCES users,
    title text NOT NULL, status varchar(20) NOT NULL, mood varchar(20) NOT NULL, created_at bigint NOT NULL);
  CREATE INDEX ON posts (created_at, id);
  CREATE INDEX ON posts (user_id);
  CREATE INDEX ON posts (status)`;

const FILL = `
  INSERT INTO users SELECT 'user-' || n, 'User ' || n FROM generate_series(1, 1000) n;
  INSERT INTO posts SELECT 'post-' || n, 'user-' || (n % 1000 + 1), md5(n::text),
      CASE WHEN n % 100000 = 0 THEN 'archived' ELSE 'published' END, CASE WHEN n % 100000 = 0 THEN 'odd' ELSE 'even' END,
      1700000000 + n FROM generate_series(1, ${ROWS}) n;
  ANALYZE`;

let house: BackendHouse;
let backend: Backend;
let url: string;

before(async () => {
  house = await openBackendHouse();
  backend = await house.makeBackend(SQL);
  const client = await house.cluster.connect(backend.database);
  await client.query('SET synchronous_commit = off');
  await client.query(FILL);
  await client.end();
  ({ url } = await house.serve(backend));
});
after(() => house.stop());

/** What the test calls of the generated modules. */
interface ListQueries {
  readonly readListQuery: (table: object, query: object) => object;
}

interface Statements {
  readonly listStatement: (table: object, query: object, scope: object) => { text: string; values: readonly unknown[] };
  readonly isIndexed: (table: object, query: object, scope?: object) => boolean;
}

interface Page {
  readonly data: readonly Readonly<Record<string, unknown>>[];
  readonly nextCursor: string | null;
}

async function list(path: string): Promise<Page> {
  const answer = await fetch(url + path);
  const text = await answer.text();
  assert.equal(answer.status, 200, `${path}: ${text}`);
  return JSON.parse(text) as Page;
}

describe('with a million rows', () => {
  test('a filter answers the sixteenth time as it did the first, with an index or without', async () => {
    for (const filter of ['status=archived', 'mood=odd']) {
      for (let time = 0; time < 16; time += 1) {
        assert.equal((await list(`/v1/posts?${filter}&limit=20`)).data.length, 10, `${filter}, ${time}`);
      }
    }
  });

  test('lists come newest first, page by page', async () => {
    const first = await list('/v1/posts?limit=2');
    const second = await list(`/v1/posts?limit=2&cursor=${first.nextCursor}`);
    const ids = [...first.data, ...second.data].map((post) => post['id']);
    assert.deepEqual(
      ids,
      [0, 1, 2, 3].map((back) => `post-${ROWS - back}`),
    );
    const children = await list('/v1/users/user-8/posts?limit=2');
    assert.deepEqual(
      children.data.map((post) => post['id']),
      ['post-999007', 'post-998007'],
    );
  });

  test('what an index leads to is read by it: lists, pages, filters and orders', async () => {
    const table = await generated<{ readonly postsTable: object }>('schemas/posts.ts');
    const { readListQuery } = await generated<ListQueries>('table/list-query.ts');
    const { listStatement, isIndexed } = await generated<Statements>('table/statements.ts');
    const { nextCursor: cursor } = await list('/v1/posts?limit=2');
    for (const [query, scope] of [
      [{}, {}],
      [{ cursor }, {}],
      [{ sort: 'created_at' }, {}],
      [{ 'created_at[gte]': '1700500000', 'created_at[lt]': '1700500100' }, {}],
      [{ status: 'archived' }, {}],
      [{ 'user_id[in]': 'user-1,user-2' }, {}],
      [{}, { user_id: 'user-7' }],
    ] as const) {
      const read = readListQuery(table.postsTable, query);
      assert.ok(isIndexed(table.postsTable, read, scope), JSON.stringify(query));
      const { text, values } = listStatement(table.postsTable, read, scope);
      const plan = await explain(text, values);
      assert.doesNotMatch(plan, /Seq Scan/, `${JSON.stringify(query)}: ${plan}`);
    }
    assert.equal(isIndexed(table.postsTable, readListQuery(table.postsTable, { sort: 'title' })), false);
  });

  test('a row is found at once while others sort the whole table', async () => {
    const alone = await medianMs(20);
    const done = new AbortController();
    const sorting = Promise.all(
      ['title', '-title', 'title'].map(async (sort) => {
        while (!done.signal.aborted) await (await fetch(`${url}/v1/posts?sort=${sort}&limit=1`)).text();
      }),
    );
    const beside = await medianMs(40);
    done.abort();
    await sorting;
    assert.ok(beside < Math.max(50, alone * 10), `${alone} ms alone, ${beside} ms beside`);
  });

  test('a change of a type while requests come in fails none of them', async () => {
    const client = await house.cluster.connect(backend.database);
    const done = new AbortController();
    const statuses = new Set<number>();
    const send = async (method: string, path: string, body?: string): Promise<void> => {
      while (!done.signal.aborted) {
        const headers = { 'content-type': 'application/json' };
        const answer = await fetch(url + path, { method, ...(body ? { body, headers } : {}) });
        statuses.add(answer.status);
        await answer.text();
      }
    };
    const traffic = [
      send('GET', '/v1/users/user-1'),
      send('GET', '/v1/users?limit=3'),
      send('GET', '/v1/users?name=User%203'),
      ...Array.from({ length: 4 }, () => send('PATCH', '/v1/users/user-2', '{"name":"Ada"}')),
    ];
    for (const type of ['varchar(255)', 'text', 'varchar(200)', 'text']) {
      await new Promise((resolve) => setTimeout(resolve, 150));
      await client.query(`ALTER TABLE users ALTER name TYPE ${type}`);
    }
    await new Promise((resolve) => setTimeout(resolve, 300));
    done.abort();
    await Promise.all(traffic);
    await client.end();
    assert.deepEqual([...statuses], [200]);
  });
});

async function generated<Module>(path: string): Promise<Module> {
  return (await import(join(backend.directory, 'src', path))) as Module;
}

async function explain(text: string, values: readonly unknown[]): Promise<string> {
  const client = await house.cluster.connect(backend.database);
  const { rows } = await client.query<{ 'QUERY PLAN': string }>(`EXPLAIN ${text}`, [...values]);
  await client.end();
  return rows.map((row) => row['QUERY PLAN']).join('\n');
}

async function medianMs(times: number): Promise<number> {
  const taken: number[] = [];
  for (let time = 0; time < times; time += 1) {
    const startedAtMs = performance.now();
    await (await fetch(`${url}/v1/posts/post-${time + 1}`)).text();
    taken.push(performance.now() - startedAtMs);
  }
  return taken.toSorted((a, b) => a - b)[times >> 1] ?? 0;
}
