import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import type { Client } from '@modelcontextprotocol/client';
import { openTestHome, type TestHome } from '../support/cli.ts';
import { callFailed, callOk, connectMcp, stdioTransport } from '../support/mcp-client.ts';
import { PUBLISHING_ROUTES, PUBLISHING_TEST } from '../support/publishing-routes.ts';

// An editor whose model is the coder: no key of ours is set, what it writes is held to our gates, and it mends what they find.

interface Run {
  readonly status: string;
  readonly result?: { readonly url: string; readonly revision: number };
  readonly error?: { readonly code: string; readonly message: string };
}

interface Check {
  readonly passed: boolean;
  readonly planId?: string;
  readonly findings: readonly { readonly about: string; readonly report: string }[];
  readonly files: readonly { readonly path: string; readonly change: string }[];
}

interface Answer {
  readonly id: string;
  readonly status: string;
  readonly data: readonly unknown[];
}

const SCHEMA = `
  CREATE TABLE users (
    id varchar(21) PRIMARY KEY,
    email varchar(120) NOT NULL UNIQUE,
    name varchar(80) NOT NULL,
    password_hash varchar(255) NOT NULL,
    created_at bigint NOT NULL
  );
  CREATE TABLE posts (
    id varchar(21) PRIMARY KEY,
    title varchar(200) NOT NULL,
    slug varchar(200) NOT NULL UNIQUE,
    body text NOT NULL,
    status varchar(16) NOT NULL DEFAULT 'draft' CHECK (status IN ('draft', 'published')),
    published_at bigint,
    author_id varchar(21) NOT NULL REFERENCES users (id) ON DELETE CASCADE,
    created_at bigint NOT NULL
  );
  CREATE INDEX posts_author_id_idx ON posts (author_id);`;

const project = 'blog';
const ROUTES = 'src/routes/publishing.ts';

let home: TestHome;
let client: Client;

before(async () => {
  home = await openTestHome();
  client = await connectMcp(stdioTransport(home.folder));
});

after(async () => {
  await client.close();
  await home.close();
});

test('a model that has no key of ours builds publishing, scheduling and what is due against our gates', async () => {
  assert.match(client.getInstructions() ?? '', /schemaSql[^]*write_files[^]*check_backend[^]*deploy_backend/);
  const created = await callOk<Run>(client, 'create_backend', { prompt: 'a blog', name: project, schemaSql: SCHEMA });
  assert.equal(created.status, 'succeeded');
  const scheduled = await callOk<Run>(client, 'change_backend', {
    project,
    sql: 'ALTER TABLE posts ADD COLUMN scheduled_at bigint',
  });
  assert.deepEqual([scheduled.status, scheduled.result?.revision], ['succeeded', 2]);
  const guide = await callOk<{ content: string }>(client, 'read_code', { project, path: 'AGENTS.md' });
  assert.match(guide.content, /A route of your own/);

  // At first with a column that there is not, and without a test of its own.
  const { content: routes } = await callOk<{ content: string }>(client, 'read_code', {
    project,
    path: 'src/routes.ts',
  });
  const named = routes
    .replace('import { postsRoutes', "import { publishingRoutes } from './routes/publishing.ts';\nimport { postsRoutes")
    .replace('  postsRoutes(app, db);', '  postsRoutes(app, db);\n  publishingRoutes(app, db);');
  assert.notEqual(named, routes);
  const files = [
    { path: 'src/routes.ts', content: named },
    { path: ROUTES, content: PUBLISHING_ROUTES.replace('ORDER BY scheduled_at', 'ORDER BY scheduled_on') },
  ];
  await callOk(client, 'write_files', { project, files });
  const wrong = await callOk<Check>(client, 'check_backend', { project });
  assert.equal(wrong.passed, false);
  const [finding] = wrong.findings;
  assert.equal(finding?.about, 'sql-prepares', JSON.stringify(wrong.findings));
  assert.match(finding.report, /src\/routes\/publishing\.ts:\d+: column "scheduled_on" does not exist/);
  assert.ok(wrong.findings.every(({ report }) => report.length <= 2000));

  // What does not pass is not deployed, and what was written stays.
  const refused = await callFailed(client, 'deploy_backend', { project });
  assert.equal(refused.code, 'VERIFICATION_FAILED');
  assert.match(refused.message, /scheduled_on/);
  const kept = await callOk<{ content: string }>(client, 'read_code', { project, path: ROUTES });
  assert.match(kept.content, /scheduled_on/);

  await callOk(client, 'write_files', {
    project,
    files: [
      { path: ROUTES, content: PUBLISHING_ROUTES },
      { path: 'test/publishing.test.ts', content: PUBLISHING_TEST },
    ],
  });
  const right = await callOk<Check>(client, 'check_backend', { project });
  assert.deepEqual(right.findings, []);
  assert.equal(right.passed, true);
  assert.ok(right.files.some(({ path, change }) => path === ROUTES && change === 'added'));
  const deployed = await callOk<Run>(client, 'deploy_backend', { project });
  assert.deepEqual([deployed.status, deployed.result?.revision], ['succeeded', 3]);
  await publishOne(deployed.result?.url ?? '');
});

test('a model writes source and nothing else', async () => {
  const write = (path: string) =>
    callFailed(client, 'write_files', {
      project,
      files: [
        { path: 'src/kept.ts', content: '' },
        { path, content: 'x' },
      ],
    });
  for (const path of ['.env', '../x.ts', '/etc/x', 'node_modules/pg/index.js', 'package.json', 'receipt/receipt.json'])
    assert.equal((await write(path)).code, 'SANDBOX_PATH_REFUSED', path);
  const removed = await callFailed(client, 'write_files', { project, remove: ['test/resources.test.ts'] });
  assert.equal(removed.code, 'SANDBOX_PATH_REFUSED');
  assert.equal((await callFailed(client, 'read_code', { project, path: 'src/kept.ts' })).code, 'NOT_FOUND');
});

test('a migration of its own that loses data waits for a person, and one that was applied stays as it was', async () => {
  const path = 'db/migrations/0009_drop.sql';
  await callOk(client, 'write_files', { project, files: [{ path, content: 'ALTER TABLE posts DROP COLUMN body;' }] });
  const refused = await callFailed(client, 'deploy_backend', { project });
  assert.equal(refused.code, 'CONFIRMATION_NEEDED');
  assert.match(refused.message, /DROP COLUMN body/);
  await callOk(client, 'write_files', { project, remove: [path] });
  const { files } = await callOk<{ files: string[] }>(client, 'read_code', { project, path: 'db/migrations' });
  assert.ok(!files.includes(path));
  const [first = ''] = files;
  await callOk(client, 'write_files', { project, files: [{ path: first, content: 'SELECT 1;' }] });
  const { passed, findings } = await callOk<Check>(client, 'check_backend', { project });
  assert.deepEqual([passed, findings[0]?.about], [false, 'plan']);
  assert.match(findings[0]?.report ?? '', /was changed after it had been applied/);
});

async function publishOne(url: string): Promise<void> {
  const send = async (path: string, body?: object): Promise<{ status: number; body: Answer }> => {
    const headers = { 'content-type': 'application/json' };
    const response = await fetch(`${url}${path}`, body ? { method: 'POST', headers, body: JSON.stringify(body) } : {});
    return { status: response.status, body: (await response.json()) as Answer };
  };
  const ada = { email: 'ada@example.com', name: 'Ada', password_hash: 'correct horse battery' };
  const { body: user } = await send('/v1/users', ada);
  const draft = { title: 'Soon', slug: 'soon', body: 'Later', author_id: user.id };
  const { status, body: post } = await send('/v1/posts', draft);
  assert.equal(status, 201, JSON.stringify(post));
  const due = async (): Promise<unknown> => (await send('/v1/posts/due')).body.data;
  assert.deepEqual(await due(), []);
  assert.equal((await send(`/v1/posts/${post.id}/schedule`, { at: 1000 })).status, 200);
  assert.deepEqual(await due(), [{ id: post.id, title: 'Soon', scheduled_at: 1000 }]);
  assert.equal((await send(`/v1/posts/${post.id}/publish`, {})).body.status, 'published');
  assert.deepEqual(await due(), []);
  assert.equal((await send('/v1/posts/nobody/publish', {})).status, 404);
  assert.equal((await send(`/v1/posts/${post.id}/schedule`, { at: 'soon' })).status, 400);
}
