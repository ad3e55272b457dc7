import assert from 'node:assert/strict';
import { get } from 'node:http';
import { connect } from 'node:net';
import { text } from 'node:stream/consumers';
import { after, before, test } from 'node:test';
import type { RunEvent } from '../../src/domain/run-event.ts';
import { closedSchemaFaults, type JsonSchema } from '../../src/verify/json-schema.ts';
import { readEventStream } from '../support/event-stream.ts';
import { openHttpService, type CallOptions, type HttpService } from '../support/http-service.ts';

// One backend is made over HTTP at first; the tests look at it in order, and the last one deletes it.

interface ApiDocument {
  readonly openapi: string;
  readonly info: { readonly title: string; readonly version: string };
  readonly paths: Readonly<Record<string, Readonly<Record<string, DocumentedOperation>>>>;
  readonly components: { readonly schemas: Readonly<Record<string, JsonSchema>> };
}

interface DocumentedOperation {
  readonly operationId: string;
  readonly parameters?: readonly { readonly name: string; readonly in: string; readonly required?: boolean }[];
  readonly responses: Readonly<
    Record<string, { readonly description: string; readonly content?: Record<string, { readonly schema: JsonSchema }> }>
  >;
}

interface Revision {
  readonly number: number;
  readonly kind: string;
}

interface Diff {
  readonly files: readonly { readonly path: string; readonly change: string; readonly patch: string }[];
  readonly schema: string;
}

interface Run {
  readonly runId: string;
  readonly projectId: string;
  readonly status: string;
  readonly events: readonly { readonly seq: number; readonly type: string }[];
  readonly lastSeq: number;
  readonly result?: { readonly url: string; readonly tables: readonly string[] };
  readonly error?: { readonly code: string };
}

const PROMPT = 'a blog with users, posts and comments';

let service: HttpService;
let document: ApiDocument;
let runId = '';

before(async () => {
  service = await openHttpService();
  document = await service.json<ApiDocument>(200, '/openapi.json');
});

after(() => service.close());

test('a run is watched through two cuts: every event once and in order, to the end', async () => {
  const created = await service.call('/v1/projects', { body: { prompt: PROMPT } });
  assert.equal(created.status, 202);
  ({ runId } = (await created.json()) as Run);
  assert.equal(created.headers.get('location'), `/v1/runs/${runId}`);

  const url = `${service.door.url}/v1/runs/${runId}/events`;
  const first = await readEventStream(url, { most: 4 });
  const second = await readEventStream(url, { lastEventId: first.ids.at(-1)!, most: 6 });
  const third = await readEventStream(`${url}?after=1`, { lastEventId: second.ids.at(-1)! });
  const events = [...first.events, ...second.events, ...third.events];

  const seqs = events.map(({ seq }) => seq);
  assert.deepEqual(
    seqs,
    seqs.map((_, index) => index + 1),
  );
  assert.deepEqual([...first.ids, ...second.ids, ...third.ids], seqs, 'the id of an event is its seq');
  assert.equal(events.filter(({ type }) => type === 'run-ended').length, 1);
  assert.equal(events.at(-1)?.type, 'run-ended');
  assertRising(events);

  const lines = (await (await service.call(`/v1/runs/${runId}/events?format=ndjson`)).text()).trimEnd().split('\n');
  assert.deepEqual(
    lines.map((line) => JSON.parse(line) as unknown),
    events,
  );
  const again = await service.call(`/v1/runs/${runId}/events`, { headers: { 'last-event-id': String(seqs.length) } });
  assert.equal(again.status, 204, 'so that a browser does not ask for ever');
  const run = await service.json<Run>(200, `/v1/runs/${runId}`);
  assert.equal(run.status, 'succeeded', JSON.stringify(run.error));
  assert.equal((await fetch(`${run.result?.url}/readyz`)).status, 200);
});

test('the document is an OpenAPI 3.1 document', () => {
  assert.match(document.openapi, /^3\.1\.\d$/);
  assert.ok(document.info.title && document.info.version);
  const ids = operations().map(({ operation }) => operation.operationId);
  assert.equal(new Set(ids).size, ids.length, 'each operation has a name of its own');
  for (const { path, operation } of operations()) {
    const inPath = [...path.matchAll(/\{(\w+)\}/g)].map(([, name = '']) => name);
    const declared = (operation.parameters ?? []).filter((parameter) => parameter.in === 'path');
    assert.deepEqual(declared.map(({ name }) => name).toSorted(), inPath.toSorted(), path);
    assert.ok(declared.every(({ required }) => required));
    for (const response of Object.values(operation.responses)) assert.ok(response.description);
  }
  const references = [...JSON.stringify(document).matchAll(/"\$ref":"([^"]+)"/g)].map(
    ([, reference = '']) => reference,
  );
  assert.ok(references.length > 20);
  for (const reference of references) assert.ok(resolve(reference), `${reference} leads somewhere`);
});

test('every route of the document answers as it says', async () => {
  const { url } = (await service.json<Run>(200, `/v1/runs/${runId}`)).result!;
  await fillUsers(url);
  const { runId: cancelled } = await service.json<Run>(202, '/v1/projects', { body: { prompt: 'a gym', name: 'gym' } });
  const { keyId } = await service.json<{ keyId: string }>(201, '/v1/keys', { body: { name: 'spare' } });

  const plan = { body: { sql: 'ALTER TABLE users ADD COLUMN phone varchar(32)' } };
  const { planId } = await service.json<{ planId: string }>(201, '/v1/projects/blog/changes', plan);
  const now = { waitSeconds: 45 };

  const calls: Readonly<Record<string, readonly [path: string, options?: CallOptions]>> = {
    plan_backend: ['/v1/plans', { body: { prompt: 'a library with books and members' } }],
    rename_project: ['/v1/projects/blog/rename', { body: { name: 'blog' } }],
    create_backend: ['/v1/projects', { body: { prompt: '', name: 'notes', schemaSql: NOTES, waitSeconds: 0 } }],
    list_projects: ['/v1/projects?search=BLOG&limit=1'],
    get_project: ['/v1/projects/blog'],
    control_backend: ['/v1/projects/blog/actions', { body: { action: 'restart' } }],
    read_code: ['/v1/projects/blog/files?path=src/app.ts&fromLine=2&lines=3'],
    get_api_document: ['/v1/projects/blog/openapi.json'],
    call_endpoint: ['/v1/projects/blog/calls', { body: { path: '/v1/users?limit=1' } }],
    get_receipt: ['/v1/projects/blog/receipt'],
    get_logs: ['/v1/projects/blog/logs?lines=50&contains=listening'],
    get_schema: ['/v1/projects/blog/schema'],
    list_rows: ['/v1/projects/blog/tables/users/rows?filter=name:contains:user%20&sort=-name&limit=2'],
    run_sql: ['/v1/projects/blog/sql', { body: { sql: 'SELECT count(*), now(), NULL FROM users' } }],
    get_connection: ['/v1/projects/blog/connection'],
    set_secret: ['/v1/projects/blog/secrets', { body: { name: 'CORS_ORIGINS', value: 'https://shop.example.com' } }],
    list_secrets: ['/v1/projects/blog/secrets'],
    unset_secret: ['/v1/projects/blog/secrets/CORS_ORIGINS', { method: 'DELETE' }],
    take_snapshot: ['/v1/projects/blog/snapshots', { method: 'POST' }],
    list_snapshots: ['/v1/projects/blog/snapshots'],
    list_runs: ['/v1/runs?project=blog&status=succeeded'],
    get_run: [`/v1/runs/${runId}?afterSeq=3&waitSeconds=1`],
    cancel_run: [`/v1/runs/${cancelled}/cancel`, { method: 'POST' }],
    get_usage: ['/v1/usage?days=7'],
    list_keys: ['/v1/keys'],
    create_key: ['/v1/keys', { body: { name: 'mine', scope: 'read' } }],
    revoke_key: [`/v1/keys/${keyId}`, { method: 'DELETE' }],
    watch_run: [`/v1/runs/${runId}/events`],
    get_diagram: ['/v1/projects/blog/erd.svg'],
    get_health: ['/healthz'],
    get_readiness: ['/readyz'],
    get_metrics: ['/metrics'],
    delete_project: ['/v1/projects/gym?confirm=gym', { method: 'DELETE' }],
    plan_change: ['/v1/projects/blog/changes', plan],
    get_change: [`/v1/projects/blog/changes/${planId}`],
    apply_change: [`/v1/projects/blog/changes/${planId}/apply`, { body: now }],
    change_backend: ['/v1/projects/blog/change', { body: { ...now, prompt: 'add a nickname to users' } }],
    undo_change: ['/v1/projects/blog/undo', { body: { ...now, to: 1 } }],
    write_files: ['/v1/projects/blog/files', { body: { files: [{ path: 'docs/note.md', content: 'Ours.\n' }] } }],
    check_backend: ['/v1/projects/blog/check', { method: 'POST' }],
    deploy_backend: ['/v1/projects/blog/deploy', { body: now }],
    list_revisions: ['/v1/projects/blog/revisions?limit=2'],
    get_revision: ['/v1/projects/blog/revisions/2'],
    diff_revisions: ['/v1/projects/blog/diff?from=1&to=3'],
  };
  const documented = operations().map(({ operation }) => operation.operationId);
  assert.deepEqual(Object.keys(calls).toSorted(), documented.toSorted(), 'every documented route is called');
  for (const [operationId, [path, options]] of Object.entries(calls)) {
    await assertAsDocumented(operationId, await service.call(path, options));
  }
  const { data } = await service.json<{ data: { kind: string; status: string }[] }>(200, '/v1/runs?project=blog');
  assert.deepEqual(
    data.map(({ kind, status }) => `${kind} ${status}`),
    ['deploy', 'undo', 'change', 'change', 'create'].map((kind) => `${kind} succeeded`),
  );
  const gone = await service.json<Run>(200, `/v1/runs/${cancelled}?waitSeconds=30`);
  assert.equal(gone.status, 'cancelled');
});

test('revisions come a page at a time, and what became of files and schema between any two', async () => {
  const first = await service.json<{ data: Revision[]; nextCursor: string }>(
    200,
    '/v1/projects/blog/revisions?limit=3',
  );
  const rest = await service.json<{ data: Revision[] }>(
    200,
    `/v1/projects/blog/revisions?limit=3&cursor=${first.nextCursor}`,
  );
  assert.deepEqual(
    [...first.data, ...rest.data].map(({ number, kind }) => `${number} ${kind}`),
    ['5 deploy', '4 undo', '3 change', '2 change', '1 create'],
  );
  const project = await service.json<{ revision: number }>(200, '/v1/projects/blog');
  assert.equal(project.revision, 5);
  const revision = await service.json<{
    schemaSql: string;
    migrations: { sql: string }[];
    receipt: { passed: boolean };
  }>(200, '/v1/projects/blog/revisions/2');
  assert.match(revision.schemaSql, /phone varchar\(32\)/);
  assert.match(revision.migrations[0]?.sql ?? '', /ADD COLUMN phone/);
  assert.ok(revision.receipt.passed);

  const diff = await service.json<Diff>(200, '/v1/projects/blog/diff?from=1&to=2');
  assert.match(diff.schema, /^\+ +phone varchar\(32\)/m);
  assert.ok(diff.files.some(({ path, change }) => path.startsWith('db/migrations/0002_') && change === 'added'));
  assert.match(diff.files.find(({ path }) => path === 'src/schemas/users.ts')?.patch ?? '', /^\+.*phone/m);
  const deployed = await service.json<Diff>(200, '/v1/projects/blog/diff');
  assert.deepEqual(deployed.files, [
    { path: 'docs/note.md', change: 'added', patch: '@@ -0,0 +1 @@\n+Ours.\n', truncated: false },
  ]);
  const back = await service.json<Diff>(200, '/v1/projects/blog/diff?from=2&to=1');
  assert.match(back.schema, /^- +phone varchar\(32\)/m);
  const undone = await service.json<Diff>(200, '/v1/projects/blog/diff?from=1&to=4');
  assert.deepEqual([undone.schema, undone.files], ['', []]);
  const sql = await service.json<{ text: string }>(200, '/v1/projects/blog/schema?format=sql');
  assert.doesNotMatch(sql.text, /phone/);
  for (const path of ['revisions/6', 'diff?to=9', 'changes/plan_0123456789abcdef']) {
    const { code } = await service.json<{ code: string }>(404, `/v1/projects/blog/${path}`);
    assert.equal(code, 'NOT_FOUND', path);
  }
  await service.json(400, '/v1/projects/blog/revisions/two');
  await service.json(400, '/v1/projects/blog/change', { body: { prompt: ' ' } });
});

test('rows come a page at a time, each once, whichever way they are sorted', async () => {
  for (const query of ['', 'sort=name', 'sort=-created_at', 'filter=name:ne:user 2&sort=-email']) {
    const seen: string[] = [];
    let cursor: string | undefined;
    do {
      const page = await service.json<{ data: { email: string }[]; nextCursor?: string }>(
        200,
        `/v1/projects/blog/tables/users/rows?limit=2&${query}${cursor === undefined ? '' : `&cursor=${cursor}`}`,
      );
      seen.push(...page.data.map(({ email }) => email));
      cursor = page.nextCursor;
    } while (cursor !== undefined);
    const expected = EMAILS.filter((email) => !query.includes('user 2') || !email.startsWith('user2'));
    assert.deepEqual(seen.toSorted(), expected, query);
    if (query === 'sort=name') assert.deepEqual(seen, expected);
  }
  for (const wrong of ['cursor=abc', 'sort=nope', 'filter=name:like:x', 'filter=nope:eq:1', 'limit=0', 'other=1']) {
    const { code } = await service.json<{ code: string }>(400, `/v1/projects/blog/tables/users/rows?${wrong}`);
    assert.equal(code, 'USAGE', wrong);
  }
  await service.json(404, '/v1/projects/blog/tables/pg_authid/rows');
});

test('statements that would write, escape or hang do nothing, and say why', async () => {
  const untouched = await rowCount();
  for (const [what, sql] of ATTACKS) {
    const startedAt = Date.now();
    const response = await service.call('/v1/projects/blog/sql', { body: { sql } });
    const problem = (await response.json()) as { code: string; detail: string };
    assert.ok(HARMLESS.has(what) || response.status === 422, `${what}: ${response.status} ${JSON.stringify(problem)}`);
    if (response.status === 422) {
      assert.equal(problem.code, 'QUERY_FAILED', what);
      assert.ok(problem.detail.length > 10, what);
    }
    assert.ok(Date.now() - startedAt < 15_000, `${what} takes too long`);
  }
  assert.deepEqual(await rowCount(), untouched);
  assert.equal(ATTACKS.length, 35);
});

test('files are read inside the source and nowhere else', async () => {
  const listed = await service.json<{ files: string[] }>(200, '/v1/projects/blog/files');
  assert.ok(listed.files.includes('src/app.ts') && !listed.files.some((file) => file.includes('node_modules')));
  const folder = await service.json<{ kind: string; files: string[] }>(200, '/v1/projects/blog/files?path=./src/');
  assert.equal(folder.kind, 'folder');
  for (const path of ['.env', '../../installation.json', '/etc/passwd', 'src/../.env', '%2e%2e/x', 'receipt', 'a\0b']) {
    const response = await service.call(`/v1/projects/blog/files?path=${encodeURIComponent(path)}`);
    assert.equal(response.status, 404, path);
  }
});

test('errors are problems with a code, a fix and the id of the request', async () => {
  const response = await service.call('/v1/projects', { body: { prompt: 7, extra: true } });
  assert.equal(response.status, 400);
  assert.equal(response.headers.get('content-type'), 'application/problem+json');
  const problem = (await response.json()) as { requestId: string; errors: { pointer: string }[] };
  assert.equal(problem.requestId, response.headers.get('x-request-id'));
  assert.ok(problem.errors.some(({ pointer }) => pointer === '/prompt'));
  assert.deepEqual(closedSchemaFaults(problem, { $ref: '#/components/schemas/Problem' }, resolve), []);

  for (const [status, path, options] of [
    [404, '/v1/nothing', {}],
    [404, '/v1/projects/nothing', {}],
    [404, '/v1/runs/run_0000000000000000/events', {}],
    [404, '/v1/runs/a%00b', {}],
    [404, '/v1/projects/a%00b', {}],
    [404, '/v1/keys/a%00b', { method: 'DELETE' }],
    [400, '/v1/projects/blog/tables/users/rows?filter=name:eq:a%00b', {}],
    [400, '/v1/projects/blog/sql', { body: { sql: 'SELECT \0' } }],
    [400, '/v1/projects/%zz', {}],
    [400, '/v1/plans', { body: ['a'] }],
    [400, '/v1/plans', { body: { prompt: 'a shop \ud800' } }],
    [400, '/v1/projects', { body: { prompt: 'a shop', name: 'shop', schemaSql: '\udc00' } }],
    [400, `/v1/runs/${runId}/events?after=x`, {}],
    [409, '/v1/projects/blog', { method: 'DELETE' }],
    [409, '/v1/projects/blog?confirm=blo', { method: 'DELETE' }],
    [409, '/v1/projects', { body: { prompt: PROMPT, name: 'blog' } }],
    [422, '/v1/plans', { body: { prompt: '', schemaSql: "COPY a TO PROGRAM 'id'" } }],
    [413, '/v1/plans', { body: { prompt: 'x'.repeat(5_000_000) } }],
    [415, '/v1/plans', { body: {}, headers: { 'content-type': 'text/plain' } }],
  ] as const) {
    const { code, status: told } = await service.json<{ code: string; status: number }>(status, path, options);
    assert.equal(told, status);
    assert.match(code, /^[A-Z_]+$/);
  }
});

test('a change of what is there makes no second backend', async () => {
  const count = async (): Promise<number> =>
    (await service.json<{ data: unknown[] }>(200, '/v1/projects?limit=100')).data.length;
  const already = await count();
  for (const prompt of ['add likes to posts in blog', 'rename posts to articles', 'blog']) {
    const { code, fix } = await service.json<{ code: string; fix: string }>(400, '/v1/projects', { body: { prompt } });
    assert.equal(code, 'USAGE');
    assert.match(fix, /say what the whole of it is for/);
  }
  assert.equal(await count(), already);
  const { detail } = await service.json<{ detail: string }>(404, '/v1/projects/blgo');
  assert.match(detail, /Did you mean «blog»/);
});

test('a call for another host, or from another page, is refused', async () => {
  const statusOf = (headers: Record<string, string>): Promise<number | undefined> =>
    new Promise((done, failed) => {
      get(`${service.door.url}/v1/projects`, { headers }, (response) => {
        response.resume();
        done(response.statusCode);
      }).on('error', failed);
    });
  const { host, port } = new URL(service.door.url);
  assert.equal(await statusOf({ host: `localhost:${port}` }), 200);
  assert.equal(await statusOf({ host, origin: service.door.url }), 200);
  assert.equal(await statusOf({ host: 'evil.example' }), 403);
  assert.equal(await statusOf({ host, origin: 'https://evil.example' }), 403);
  assert.equal(await statusOf({ host, origin: 'http://127.0.0.1:1' }), 403, 'a page of another port is another page');
  assert.equal(await statusOf({ host, origin: 'null' }), 403);
});

test('a header that can be there once is refused when it comes twice', async () => {
  const { hostname, port } = new URL(service.door.url);
  for (const twice of ['Host: evil.example', 'Authorization: Bearer a\r\nAuthorization: Bearer b']) {
    const socket = connect(Number(port), hostname);
    socket.end(`GET /v1/projects HTTP/1.1\r\nHost: ${hostname}:${port}\r\n${twice}\r\nConnection: close\r\n\r\n`);
    assert.match(await text(socket), /^HTTP\/1\.1 400 [^]*came twice/);
  }
});

test('a project is deleted when its name is given', async () => {
  const { removed } = await service.json<{ removed: string[] }>(200, '/v1/projects/blog?confirm=blog', {
    method: 'DELETE',
  });
  assert.ok(removed.some((line) => line.startsWith('database ')));
  await service.json(404, '/v1/projects/blog');
  await service.json(200, `/v1/runs/${runId}`);
});

const NOTES = 'CREATE TABLE notes (id varchar(32) PRIMARY KEY, body text NOT NULL);';

const EMAILS = [1, 2, 3, 4, 5].map((number) => `user${number}@example.com`);

async function fillUsers(url: string): Promise<void> {
  for (const [index, email] of EMAILS.entries()) {
    const response = await fetch(`${url}/v1/users`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ email, name: `user ${index + 1}`, password_hash: 'correct horse battery' }),
    });
    assert.equal(response.status, 201, await response.text());
  }
}

async function rowCount(): Promise<unknown> {
  const body = { sql: 'SELECT (SELECT count(*) FROM users), (SELECT count(*) FROM pg_class)' };
  return (await service.json<{ rows: unknown[][] }>(200, '/v1/projects/blog/sql', { body })).rows[0];
}

function operations(): readonly { path: string; operation: DocumentedOperation }[] {
  return Object.entries(document.paths).flatMap(([path, methods]) =>
    Object.values(methods).map((operation) => ({ path, operation })),
  );
}

async function assertAsDocumented(operationId: string, response: Response): Promise<void> {
  const { operation } = operations().find((candidate) => candidate.operation.operationId === operationId)!;
  const body = await response.text();
  const documented = operation.responses[response.status];
  assert.ok(documented, `${operationId} answers ${response.status}: ${body.slice(0, 500)}`);
  assert.ok(response.status < 300);
  const [type = ''] = (response.headers.get('content-type') ?? '').split(';');
  const content = documented.content?.[type];
  assert.ok(content, `${operationId} answers ${type}`);
  if (type !== 'application/json') return assert.ok(body.length > 0);
  assert.deepEqual(closedSchemaFaults(JSON.parse(body), content.schema, resolve), [], operationId);
}

function resolve(reference: string): JsonSchema | undefined {
  return document.components.schemas[reference.replace('#/components/schemas/', '')];
}

function assertRising(events: readonly RunEvent[]): void {
  for (const [index, { percent }] of events.entries()) assert.ok(percent >= (events[index - 1]?.percent ?? 0));
}

/** What runs, since it gains nothing: the role is the boundary. */
const HARMLESS = new Set(['a commit', 'a wish to write', 'a setting', 'its own name', 'a big table']);

const ATTACKS: readonly (readonly [what: string, sql: string])[] = [
  ['an insert', "INSERT INTO users (id, email) VALUES ('x', 'x')"],
  ['an update', "UPDATE users SET name = 'x'"],
  ['a delete', 'DELETE FROM users'],
  ['a truncate', 'TRUNCATE users CASCADE'],
  ['a drop', 'DROP TABLE users CASCADE'],
  ['a table', 'CREATE TABLE evil (id int)'],
  ['a temporary table', 'CREATE TEMP TABLE evil (id int)'],
  ['a table from a query', 'SELECT * INTO evil FROM users'],
  ['a query that deletes', 'WITH gone AS (DELETE FROM users RETURNING *) SELECT * FROM gone'],
  ['two statements', 'SELECT 1; DROP TABLE users'],
  ['a block of code', "DO $$ BEGIN EXECUTE 'DROP TABLE users'; END $$"],
  ['a file to write', "COPY users TO '/tmp/evil'"],
  ['a program', "COPY users TO PROGRAM 'id'"],
  ['a file to read', "SELECT pg_read_file('/etc/passwd')"],
  ['a file to read from', "SELECT * FROM pg_read_file('/etc/passwd')"],
  ['a folder', "SELECT pg_ls_dir('/')"],
  ['a large object', "SELECT lo_import('/etc/passwd')"],
  ['passwords', 'SELECT * FROM pg_authid'],
  ['shadow passwords', 'SELECT * FROM pg_shadow'],
  ['another role', 'SET ROLE postgres'],
  ['another session', 'SET SESSION AUTHORIZATION postgres'],
  ['an explained delete', 'EXPLAIN ANALYZE DELETE FROM users'],
  ['a lock', 'LOCK TABLE users IN ACCESS EXCLUSIVE MODE'],
  ['an extension', 'CREATE EXTENSION dblink'],
  ['a configuration', "ALTER SYSTEM SET listen_addresses = '*'"],
  ['a grant', 'GRANT ALL ON users TO PUBLIC'],
  ['an end of others', 'SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE pid <> pg_backend_pid()'],
  ['a sleep', 'SELECT pg_sleep(60)'],
  ['a large value', "SELECT repeat('x', 900000000)"],
  ['a commit', 'COMMIT'],
  ['a wish to write', 'SET TRANSACTION READ WRITE'],
  ['a lock of its own', 'SELECT pg_advisory_lock(1)'],
  ['every lock that the cluster has', 'SELECT pg_advisory_lock(generate_series(1, 100000))'],
  ['a program', 'DO $$ BEGIN PERFORM pg_advisory_lock(i) FROM generate_series(1, 100000) AS i; END $$'],
  ['a notification', "SELECT pg_notify('tb_run_events', repeat('x', 7000)) FROM generate_series(1, 1000)"],
];
