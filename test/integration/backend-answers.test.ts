import assert from 'node:assert/strict';
import { request } from 'node:http';
import { after, before, describe, test } from 'node:test';
import { gzipSync } from 'node:zlib';
import { openBackendHouse, type Backend, type BackendHouse } from '../support/backend-house.ts';

const SQL = `
  CREATE EXTENSION hstore;
  CREATE TABLE docs (id serial PRIMARY KEY, body jsonb NOT NULL, plain json, many jsonb[], big bigint, whole integer,
    exact numeric, approximate double precision);
  CREATE TABLE "Member" ("id" serial PRIMARY KEY, "emailAddress" text NOT NULL, "a, b" integer, "x(y" text, quo"ted" integer);
  CREATE UNIQUE INDEX ON "Member" ("emailAddress");
  CREATE UNIQUE INDEX ON "Member" (lower("x(y"));
  CREATE UNIQUE INDEX ON "Member" ("a, b", "emailAddress");
  CREATE TABLE "Trail" ("id" text PRIMARY KEY, "slug" text NOT NULL, "owner ~/Id" integer NOT NULL REFERENCES "Member" ("id"));
  CREATE UNIQUE INDEX ON "Trail" ("owner ~/Id", "slug");
  CREATE TABLE visits (id serial PRIMARY KEY, local timestamp, born date, at timestamptz, opens time, day interval, ok boolean);
  CREATE TABLE gym_members (id serial PRIMARY KEY, name text NOT NULL, season_pass text, salt text, door_code text);
  CREATE TABLE tags (id serial PRIMARY KEY, code char(8), codes char(8)[]);
  CREATE TABLE odd (id serial PRIMARY KEY, h hstore, v tsvector, q tsquery, x xml, p jsonpath, net inet, b bit(4), r int4range,
    t text, CHECK (t <> 'no'));
  CREATE INDEX ON odd (t);
  CREATE TABLE plots (code char(4) PRIMARY KEY, note text);
  CREATE TABLE people (id varchar PRIMARY KEY, name varchar(80) NOT NULL, email varchar(254), website text, phone varchar(32),
    starts_at bigint, created_at bigint NOT NULL, updated_at bigint);
  CREATE TABLE things (id uuid PRIMARY KEY DEFAULT gen_random_uuid(), isbn text, "createdAt" timestamp(3) NOT NULL DEFAULT now(),
    "updatedAt" timestamp(3) NOT NULL, ends timestamptz, CHECK (ends > "createdAt"));
  CREATE TABLE blobs (id bytea PRIMARY KEY, note text)`.replace('quo"ted" integer', '"quo""ted" integer');

let house: BackendHouse;
let backend: Backend;
let url: string;

before(async () => {
  house = await openBackendHouse();
  backend = await house.makeBackend(SQL);
  ({ url } = await house.serve(backend));
});
after(() => house.stop());

interface Answer {
  readonly status: number;
  readonly headers: Headers;
  readonly text: string;
  readonly body: Body;
}

/** Any answer's JSON: a row, a page or a problem. */
interface Body {
  readonly data: readonly Row[];
  readonly errors: readonly { readonly pointer: string }[];
  readonly [field: string]: unknown;
}

type Row = Readonly<Record<string, unknown>>;

async function ask(
  method: string,
  path: string,
  body?: unknown,
  headers: Record<string, string> = {},
): Promise<Answer> {
  const response = await fetch(url + path, {
    method,
    ...(body === undefined ? {} : { body: typeof body === 'string' ? body : JSON.stringify(body) }),
    headers: { ...(body === undefined ? {} : { 'content-type': 'application/json' }), ...headers },
  });
  const text = await response.text();
  const { status } = response;
  return { status, headers: response.headers, text, body: JSON.parse(text || '{}') as Body };
}

function pointers({ body }: Answer): string[] {
  return body.errors.map((error) => error.pointer);
}

describe('numbers', () => {
  test('keep every digit in a json document', async () => {
    const document = '{"x":12345678901234567890.5,"ref":750727362669608961,"deep":[{"y":0.12345678901234567890}]}';
    const created = await ask('POST', '/v1/docs', `{"body":${document},"plain":${document},"many":[${document}]}`);
    assert.equal(created.status, 201, created.text);
    const read = await ask('GET', created.headers.get('location') ?? '');
    for (const digits of ['12345678901234567890.5', '750727362669608961', '0.12345678901234567890']) {
      for (const answer of [created, read]) assert.equal(answer.text.split(digits).length, 4, answer.text);
    }
  });

  test('are refused with their pointer where the field would round them', async () => {
    for (const [field, number] of Object.entries({
      big: '9223372036854775807',
      whole: '1234567890123456789',
      exact: '12345678901234567890.5',
      approximate: '0.12345678901234567890',
    })) {
      const answer = await ask('POST', '/v1/docs', `{"body":{},"${field}":${number}}`);
      assert.deepEqual([answer.status, pointers(answer)], [400, [`/${field}`]], answer.text);
    }
    const vanishing = await ask('POST', '/v1/docs', '{"body":{"a":[1e-9999]}}');
    assert.deepEqual([vanishing.status, pointers(vanishing)], [400, ['/body/a/0']]);
  });

  test('are the same number however they are written', async () => {
    const { body } = await ask('POST', '/v1/docs', '{"body":[1.50,1e2,-0.0,100000000000000000000,1E-7]}');
    assert.deepEqual(
      body.body,
      [1.5, 100, -0, 1e20, 1e-7].map((number) => number + 0),
    );
  });
});

describe('a conflict points at the field', () => {
  test('by its plain name', async () => {
    const member = { emailAddress: 'a@example.com', 'x(y': 'A)=(b', 'a, b': 1 };
    assert.equal((await ask('POST', '/v1/members', member)).status, 201);
    assert.deepEqual(pointers(await ask('POST', '/v1/members', { ...member, 'x(y': 'other' })), ['/emailAddress']);
    assert.deepEqual(pointers(await ask('POST', '/v1/members', { 'x(y': 'a)=(B', emailAddress: 'b@example.com' })), [
      '/x(y',
    ]);
  });

  test('by all of its names, whatever the values hold', async () => {
    const trail = { slug: 'Pond, (large)=(', 'owner ~/Id': 1 };
    const created = await ask('POST', '/v1/trails', trail);
    assert.equal(created.status, 201, created.text);
    assert.deepEqual(pointers(await ask('POST', '/v1/trails', trail)), ['/owner ~0~1Id', '/slug']);
    assert.deepEqual(pointers(await ask('POST', '/v1/trails', { ...trail, 'owner ~/Id': 77 })), ['/owner ~0~1Id']);
  });
});

test('a list of values may hold commas, quotes and backslashes', async () => {
  for (const slug of ['with, comma', 'plain', 'a "quote" and \\'])
    await ask('POST', '/v1/trails', { slug, 'owner ~/Id': 1 });
  assert.deepEqual(await slugsIn('"with, comma",plain'), ['plain', 'with, comma']);
  assert.deepEqual(await slugsIn('"a \\"quote\\" and \\\\"'), ['a "quote" and \\']);
  assert.deepEqual(await slugsIn('a "quote" and \\'), ['a "quote" and \\']);
  assert.equal(await slugsIn('"open'), 400);
  assert.equal(await slugsIn('"a"b'), 400);
});

async function slugsIn(list: string): Promise<unknown> {
  const { status, body } = await ask('GET', `/v1/trails?slug[in]=${encodeURIComponent(list)}`);
  return status === 200 ? body.data.map((row) => String(row['slug'])).toSorted() : status;
}

test('a filter takes what a body takes, and nothing else', async () => {
  const row = {
    local: '2026-03-01T12:00:00',
    born: '2026-03-01',
    at: '2026-03-01T12:00:00Z',
    opens: '12:00',
    ok: true,
  };
  assert.equal((await ask('POST', '/v1/visits', row)).status, 201);
  for (const [field, value] of Object.entries(row)) {
    const { body } = await ask('GET', `/v1/visits?${field}=${value}`);
    assert.equal(body.data.length, 1, field);
  }
  const wrong = {
    local: ['2026-03-01T12:00:00-08:00', '2026-03-01T12:00:00Z', 'today', 'infinity', '2026-03-01'],
    born: ['today', '1 March 2026', '20260301', 'J2461101', '2026-3-1', 'infinity', '2026-02-30'],
    at: ['now', '2026-03-01T12:00:00', 'epoch', '-infinity', '2026-03-01'],
    opens: ['noon', '12:00+02', 'allballs', '12'],
    ok: ['t', 'yes', '1', 'TRUE'],
  };
  for (const [field, values] of Object.entries(wrong)) {
    for (const value of values) {
      for (const name of [field, ...(field === 'ok' ? [] : [`${field}[gte]`]), `${field}[in]`]) {
        const answer = await ask('GET', `/v1/visits?${name}=${encodeURIComponent(value)}`);
        assert.equal(answer.status, 400, `${name}=${value}: ${answer.text}`);
      }
    }
  }
});

describe('a key', () => {
  test('that no path can hold is refused, in every type', async () => {
    for (const id of ['', '.', '..', ' ', 'x'.repeat(1025)]) {
      const answer = await ask('POST', '/v1/trails', { id, slug: `s${id}`, 'owner ~/Id': 1 });
      assert.deepEqual([answer.status, pointers(answer)], [400, ['/id']], answer.text);
    }
    for (const code of ['', '   ', '. ', '..'])
      assert.equal((await ask('POST', '/v1/plots', { code })).status, 400, code);
  });

  test('with letters that mean something in a path leads to its row', async () => {
    for (const id of ['a/b', 'a/', '%2F', 'q?x#y', '...', 'ü 🎉', 'a;b', 'x'.repeat(1024)]) {
      const created = await ask('POST', '/v1/trails', { id, slug: `slug ${id}`, 'owner ~/Id': 1 });
      assert.equal(created.status, 201, created.text);
      const location = created.headers.get('location') ?? '';
      assert.equal((await ask('GET', location)).body['id'], id);
      assert.equal((await ask('PATCH', location, { slug: `other ${id}` })).status, 200);
      assert.equal((await ask('DELETE', location)).status, 204);
    }
  });

  test('of bytes has no path, so none is offered', async () => {
    const created = await ask('POST', '/v1/blobs', { id: '/w==', note: 'x' });
    assert.deepEqual([created.status, created.headers.get('location')], [201, null]);
  });
});

test('char(n) loses its padding and nothing else', async () => {
  const { body } = await ask('POST', '/v1/tags', { code: 'ab\t', codes: ['c\n', 'd'] });
  assert.deepEqual([body['code'], body['codes']], ['ab\t', ['c\n', 'd']]);
  assert.equal((await ask('GET', '/v1/tags?code=ab%09')).body.data.length, 1);
});

test('a column is a secret by whole words of its name', async () => {
  const member = { name: 'x', season_pass: 'SP-1001', salt: 'pinch', door_code: '17' };
  const { body } = await ask('POST', '/v1/gym-members', member);
  assert.deepEqual({ ...body, id: undefined }, { ...member, id: undefined });
});

test('a compressed body is refused as such', async () => {
  const response = await fetch(`${url}/v1/tags`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', 'content-encoding': 'gzip' },
    body: gzipSync('{"code":"a"}'),
  });
  assert.equal(response.status, 415);
});

test('a body of 2 MB gets its answer read', async () => {
  for (const chunked of [false, true]) {
    const status = await new Promise((resolve, reject) => {
      const sent = request(`${url}/v1/tags`, { method: 'POST', headers: { 'content-type': 'application/json' } });
      sent.once('response', (response) => resolve(response.statusCode)).once('error', reject);
      const body = JSON.stringify({ code: 'x'.repeat(2_000_000) });
      if (!chunked) sent.setHeader('content-length', body.length);
      for (let at = 0; at < body.length; at += 65_536) sent.write(body.slice(at, at + 65_536));
      sent.end();
    });
    assert.equal(status, 413);
  }
});

describe('what Postgres refuses', () => {
  test('is a 4xx without its words, in a type of any kind', async () => {
    const { body } = await ask('POST', '/v1/odds', { t: 'yes' });
    const wrong = {
      h: ["'", '"', 'a=>"'],
      q: ['a &', '('],
      x: ['<a'],
      p: ['$.', '$[*'],
      net: ['1.2.3', '::g'],
      b: ['1', '22'],
      r: ['[1', '(5,1]'],
      t: ['no', Buffer.from(crypto.getRandomValues(new Uint8Array(9000))).toString('hex')],
    };
    for (const [field, values] of Object.entries(wrong)) {
      for (const value of values) {
        for (const answer of [
          await ask('PATCH', `/v1/odds/${String(body['id'])}`, { [field]: value }),
          await ask('POST', '/v1/odds', { [field]: value }),
        ]) {
          assert.ok([400, 422].includes(answer.status), `${field}=${value}: ${answer.text}`);
          assert.doesNotMatch(answer.text, /syntax|invalid|malformed|row size|btree|varying/i);
        }
        assert.equal((await ask('PATCH', '/v1/odds/2147483647', { [field]: value })).status, 404, `${field}=${value}`);
      }
    }
  });
});

describe('what the server sets', () => {
  test('is taken from no client, neither at first nor later', async () => {
    const { body } = await ask('POST', '/v1/people', { name: 'Ada' });
    for (const field of ['id', 'created_at', 'updated_at']) {
      const created = await ask('POST', '/v1/people', { name: 'Ada', [field]: body[field] ?? 1 });
      const changed = await ask('PATCH', `/v1/people/${String(body['id'])}`, { [field]: -7 });
      for (const answer of [created, changed])
        assert.deepEqual([answer.status, pointers(answer)], [400, [`/${field}`]]);
    }
    const thing = await ask('POST', '/v1/things', {});
    assert.equal(thing.status, 201, thing.text);
    for (const field of ['id', 'createdAt', 'updatedAt']) {
      assert.deepEqual(pointers(await ask('POST', '/v1/things', { [field]: thing.body[field] })), [`/${field}`]);
    }
  });

  test('changes with the row, and times are numbers', async () => {
    const { body } = await ask('POST', '/v1/people', { name: 'Bea', starts_at: 1_700_000_000 });
    assert.deepEqual(
      [typeof body['created_at'], body['starts_at'], body['updated_at']],
      ['number', 1_700_000_000, null],
    );
    const changed = await ask('PATCH', `/v1/people/${String(body['id'])}`, { name: 'Bee' });
    assert.equal(typeof changed.body['updated_at'], 'number');
    assert.equal((await ask('POST', '/v1/people', { name: 'x', starts_at: '1700000000' })).status, 400);
    const document = (await ask('GET', '/openapi.json')).body as unknown as Document;
    assert.equal(document.components.schemas['Person']?.properties['created_at']?.['type'], 'integer');
  });
});

interface Document {
  readonly components: {
    readonly schemas: Readonly<Record<string, { readonly properties: Readonly<Record<string, Row>> }>>;
  };
}

test('a text has the form that its name promises', async () => {
  const right = {
    name: 'Ada',
    email: 'ada@example.com',
    website: 'https://example.com/a?b=c',
    phone: '+49 (30) 1234-567',
  };
  assert.equal((await ask('POST', '/v1/people', right)).status, 201);
  const wrong = {
    name: ['', ' '],
    email: ['not-an-email', 'a@', ''],
    website: ['nowhere', '/relative', ''],
    phone: ['call me', '', '+'],
  };
  for (const [field, values] of Object.entries(wrong)) {
    for (const value of values) {
      const answer = await ask('POST', '/v1/people', { ...right, [field]: value });
      assert.deepEqual([answer.status, pointers(answer)[0]], [400, `/${field}`], `${field}=${value}`);
    }
  }
});

describe('who may call', () => {
  test('by an address or a name of this machine, by no other name, and by one name at a time', async () => {
    for (const host of ['localhost:1', '127.0.0.1', '10.1.2.3:80', '[::1]:4', 'app.localhost']) {
      assert.equal(await statusFor(url, { host }), 200, host);
    }
    for (const host of ['evil.com', 'localhost.evil.com', '127.0.0.1.nip.io', 'evil.com:80', 'a b']) {
      assert.ok([400, 421].includes(await statusFor(url, { host })), host);
    }
    assert.equal(await statusFor(url, ['Host', 'localhost', 'Host', 'evil.com']), 400);
  });

  test('as its variables say: more names, other origins, so many requests a minute', async () => {
    const { url: open } = await house.serve(backend, {
      ALLOWED_HOSTS: 'api.example.com',
      CORS_ORIGINS: 'https://app.example.com',
      RATE_LIMIT: '5',
      TRUST_PROXY: '1',
    });
    assert.equal(await statusFor(open, { host: 'api.example.com' }), 200);
    const headers = { origin: 'https://app.example.com', 'access-control-request-method': 'PATCH' };
    const preflight = await fetch(`${open}/v1/tags/1`, { method: 'OPTIONS', headers });
    assert.deepEqual(
      [preflight.status, preflight.headers.get('access-control-allow-origin')],
      [204, 'https://app.example.com'],
    );
    const other = await fetch(`${open}/v1/tags`, { headers: { origin: 'https://evil.com' } });
    assert.equal(other.headers.get('access-control-allow-origin'), null);
    const caller = { 'x-forwarded-for': '203.0.113.7' };
    const statuses: number[] = [];
    for (let time = 0; time < 7; time += 1) statuses.push(await statusFor(open, caller));
    assert.deepEqual(statuses, [200, 200, 200, 200, 200, 429, 429]);
    assert.equal(await statusFor(open, { 'x-forwarded-for': '203.0.113.8' }), 200);
    for (let time = 0; time < 7; time += 1) assert.equal(await statusFor(open, {}), 200);
  });

  test('from the start: / leads to the docs, and only these load what they brought', async () => {
    const answer = await fetch(`${url}/`);
    assert.deepEqual([answer.status, new URL(answer.url).pathname], [200, '/docs']);
  });
});

function statusFor(base: string, headers: Record<string, string> | string[]): Promise<number> {
  return new Promise((resolve, reject) => {
    const sent = request(`${base}/v1/tags`, { headers }, (response) => resolve(response.resume().statusCode ?? 0));
    sent.once('error', reject).end();
  });
}

test('the document names every filter, both bodies of a change, and where references lead', async () => {
  const document = (await ask('GET', '/openapi.json')).body as unknown as Described;
  const names = document.paths['/v1/people']?.['get']?.parameters?.map(({ name }) => name) ?? [];
  for (const name of ['created_at', 'created_at[gte]', 'created_at[lt]', 'name[in]', 'phone[null]'])
    assert.ok(names.includes(name), name);
  for (const name of names.filter((each) => each.includes('['))) {
    const value = name.endsWith('[null]') ? 'true' : '1';
    assert.equal((await ask('GET', `/v1/people?${encodeURIComponent(name)}=${value}`)).status, 200, name);
  }
  const types = Object.keys(document.paths['/v1/people/{id}']?.['patch']?.requestBody?.content ?? {});
  assert.deepEqual(types, ['application/json', 'application/merge-patch+json']);
});

interface Described {
  readonly paths: Readonly<Record<string, Readonly<Record<string, DescribedOperation>>>>;
}

interface DescribedOperation {
  readonly parameters?: readonly { readonly name: string }[];
  readonly requestBody?: { readonly content: object };
}
