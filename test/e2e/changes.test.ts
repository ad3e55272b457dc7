import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import type { ChangePlan } from '../../src/domain/change-plan.ts';
import type { Receipt } from '../../src/domain/receipt.ts';
import type { Snapshot } from '../../src/domain/snapshot.ts';
import type { RunResult } from '../../src/domain/run.ts';
import { lastLine, openTestHome, type CommandEnd, type TestHome } from '../support/cli.ts';
import { startSteadyClient, type SteadyRequest } from '../support/steady-client.ts';
import { superuserOf } from '../support/step-killer.ts';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

// A backend with rows lives on: changed while it is called, undone, and refused what its rows do not allow.

let home: TestHome;
let blog: { readonly url: string; readonly sourceDir: string; readonly receipt: string };
let database: string;
let file: string;

before(async () => {
  home = await openTestHome();
  file = join(home.folder, 'change.sql');
  const end = await home.run('create', 'a blog with users, posts and comments', '--name', 'blog', '--json');
  const result = ended(end);
  blog = result;
  database = result.database?.name ?? assert.fail('it has a database');
  await sql(`
    INSERT INTO users (id, email, name, password_hash) SELECT 'u' || i, 'u' || i || '@x.org', 'User ' || i, 'x' FROM generate_series(1, 50) i;
    INSERT INTO posts (id, title, slug, body, author_id, created_at) SELECT 'p' || i, 'Title ' || i, 's' || i, 'Body', 'u' || (1 + i % 50), 1700000000 + i FROM generate_series(1, 2000) i;
    INSERT INTO comments (id, post_id, author_id, body) SELECT 'c' || i, 'p' || i, 'u' || (1 + i % 50), 'Hello' FROM generate_series(1, 2000) i`);
});

after(() => home.close());

test('a client that calls 50 times a second sees nothing of a change that adds', async (t) => {
  const client = startSteadyClient(blog.url, callsOfABlog);
  const end = await home.run('change', 'blog', 'users can like posts', '--yes', '--json');
  const { asked, failed, slowestMs } = await client.stop();
  ended(end);
  t.diagnostic(`${asked} requests, the slowest ${slowestMs} ms`);
  assert.ok(asked > 200, `${asked} requests`);
  assert.deepEqual(failed, []);
  const { gates } = JSON.parse(await readFile(blog.receipt, 'utf8')) as Receipt;
  const golden = gates.find(({ gate }) => gate === 'golden');
  assert.match(golden?.summary ?? '', /^\d\d+ answers .* \d+ the same, 0 as the change means$/);
  assert.match(golden?.evidence[0] ?? '', /answered everything while the new schema was in place/);
});

test('an answer that differs and is not meant fails a change, and is named', async () => {
  // A change of the rows while it is rehearsed looks like one of the code: the trigger is the owner's, not the plan's.
  await sql(`CREATE FUNCTION shout() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN UPDATE posts SET title = upper(title) WHERE id = 'p2000'; RETURN NULL; END $$;
    CREATE TRIGGER shout AFTER UPDATE ON users FOR EACH STATEMENT EXECUTE FUNCTION shout()`);
  await writeFile(file, `ALTER TABLE users ADD COLUMN level integer; UPDATE users SET level = 1;`);
  const end = await home.run('change', 'blog', '--sql', file, '--yes', '--json');
  await sql('DROP FUNCTION shout CASCADE');
  const { status, error } = lastLine(end) as RunResult;
  assert.equal(status, 'failed');
  assert.match(
    error?.message ?? '',
    /«golden» failed: .*\n.*\n[^]*GET \/v1\/posts\/p2000: "title": "Title 2000",?, now "title": "TITLE 2000"/,
  );
});

test("the owner's route is named where a renaming breaks it, and merged where it does not", async () => {
  const routes = join(blog.sourceDir, 'src/routes/posts.ts');
  const generated = await readFile(routes, 'utf8');
  await writeFile(routes, generated.replace(/\}\s*$/, newestAuthor('author_id')));
  ended(await home.run('deploy', 'blog', '--yes', '--json'));
  assert.deepEqual(await get('/v1/newest-author'), { id: 'u1' });
  const writers = await sql('SELECT id, author_id AS writer FROM posts ORDER BY id');

  await writeFile(file, 'ALTER TABLE posts RENAME COLUMN author_id TO writer_id');
  const refused = await home.run('change', 'blog', '--sql', file, '--yes', '--json');
  assert.match(
    (lastLine(refused) as RunResult).error?.message ?? '',
    /«sql-prepares» failed: [^]*src\/routes\/posts\.ts/,
  );
  assert.deepEqual(await get('/v1/newest-author'), { id: 'u1' });

  const own = await readFile(routes, 'utf8');
  await writeFile(routes, own.replace('SELECT author_id AS id', 'SELECT writer_id AS id'));
  ended(await home.run('change', 'blog', '--sql', file, '--yes', '--json'));
  assert.deepEqual(await get('/v1/newest-author'), { id: 'u1' });
  assert.deepEqual(await sql('SELECT id, writer_id AS writer FROM posts ORDER BY id'), writers);
  const { data } = (await get('/v1/users/u1/posts?limit=1')) as { data: readonly { writer_id: string }[] };
  assert.equal(data[0]?.writer_id, 'u1');
});

test('an undo that the rows written since do not allow is refused, with the reason', async () => {
  await writeFile(file, 'ALTER TABLE posts DROP COLUMN slug; ALTER TABLE users DROP CONSTRAINT users_email_key');
  const plan = await home.json<ChangePlan>('change', 'blog', '--sql', file, '--plan-only');
  assert.equal((await home.run('apply', plan.planId)).exitCode, 5, 'data goes out of reach');
  ended(await home.run('apply', plan.planId, '--accept-data-loss', plan.planId, '--json'));

  await sql(`INSERT INTO posts (id, title, body, writer_id) VALUES ('since', 'Since', 'Body', 'u1')`);
  assert.match(await refusedUndo(), /column \\"slug\\" .*contains null values[^]*delete the rows/);
  await sql(`DELETE FROM posts WHERE id = 'since'`);
  await sql(`INSERT INTO users (id, email, name, password_hash) VALUES ('twin', 'u1@x.org', 'Twin', 'x')`);
  assert.match(await refusedUndo(), /users_email_key.*\(email\)=\(u1@x\.org\) is duplicated/);
  await sql(`DELETE FROM users WHERE id = 'twin'`);
  ended(await home.run('undo', 'blog', '--yes', '--json'));
  assert.deepEqual(await sql(`SELECT slug FROM posts WHERE id = 'p7'`), [{ slug: 's7' }]);
});

test('a snapshot is taken before data goes, brings rows back, and the last three stay', async () => {
  const list = async () => (await home.json<{ snapshots: readonly Snapshot[] }>('snapshot', 'list', 'blog')).snapshots;
  assert.match((await list())[0]?.reason ?? '', /^before: ALTER TABLE posts DROP COLUMN slug/);
  const taken = await home.json<Snapshot>('snapshot', 'create', 'blog');
  const { length } = await sql('DELETE FROM comments; SELECT FROM comments');
  assert.equal(length, 0);
  const client = startSteadyClient(blog.url, () => ({ path: '/v1/comments?limit=1' }));
  await home.json('snapshot', 'restore', 'blog', taken.id, '--yes');
  const { failed } = await client.stop();
  assert.deepEqual(
    failed.filter((line) => !line.includes(': 503 ')),
    [],
    'whoever asks in the moment of the exchange is told to ask again',
  );
  assert.ok((await sql('SELECT FROM comments')).length > 1000);
  assert.equal((await list())[0]?.reason, `before restoring ${taken.id}`);
  for (const { id } of (await list()).slice(0, 3)) {
    assert.equal((await home.run('snapshot', 'delete', 'blog', id, '--yes')).exitCode, 2);
  }
  for (let more = 0; more < 4; more += 1) await home.json('snapshot', 'create', 'blog');
  assert.equal((await list()).length, 5, 'the oldest have gone');
  const oldest = (await list()).at(-1)?.id ?? '';
  await home.json('snapshot', 'delete', 'blog', oldest, '--yes');
  assert.equal((await list()).length, 4);
});

test('a target schema is compared with the one there is; a renaming is asked for, never guessed', async () => {
  const { stdout } = await home.run('schema', 'blog', '--format', 'sql');
  const target = stdout
    .replace(/(CREATE TABLE comments \([^;]*?)\bbody\b/, '$1words')
    .replace(/(CREATE TABLE users \()/, '$1 level integer NOT NULL DEFAULT 1,');
  assert.notEqual(target, stdout);
  await writeFile(file, target);
  // With rows in it, a column made anew that has to be given cannot even be planned.
  const refused = await home.run('change', 'blog', '--schema', file, '--plan-only', '--json');
  assert.match(refused.stdout, /contains null values[^]*If it is a renaming, say --rename comments\.body=words/);
  await writeFile(file, target.replace(/\bwords text NOT NULL/, 'words text'));
  const guess = await home.json<ChangePlan>('change', 'blog', '--schema', file, '--plan-only');
  assert.deepEqual(guess.possibleRenames, [{ from: 'comments.body', to: 'words' }]);
  assert.equal(guess.needsConsent, true);
  await writeFile(file, target);
  ended(await home.run('change', 'blog', '--schema', file, '--rename', 'comments.body=words', '--yes', '--json'));
  assert.deepEqual(await sql(`SELECT words FROM comments WHERE id = 'c7'`), [{ words: 'Hello' }]);
  assert.deepEqual(await sql(`SELECT level FROM users WHERE id = 'u1'`), [{ level: 1 }]);
});

async function refusedUndo(): Promise<string> {
  const { exitCode, stdout } = await home.run('undo', 'blog', '--plan-only', '--json');
  assert.equal(exitCode, 1, stdout);
  return stdout;
}

function newestAuthor(column: string): string {
  return `
  const id = { type: 'object', properties: { id: { type: 'string' } }, required: ['id'] };
  app.get('/v1/newest-author', { schema: { summary: 'Who wrote last', response: { 200: id }, problems: [] } }, async () => {
    const [row] = await db.read({ text: 'SELECT ${column} AS id FROM posts ORDER BY created_at DESC LIMIT 1', values: [] });
    return { id: String(row?.['id'] ?? '') };
  });
}
`;
}

async function get(path: string): Promise<unknown> {
  return (await fetch(blog.url + path)).json();
}

function callsOfABlog(count: number): SteadyRequest {
  const calls: readonly SteadyRequest[] = [
    { path: '/v1/posts?limit=5' },
    { path: '/v1/users/u1' },
    { path: `/v1/posts/p${1 + (count % 2000)}`, method: 'PATCH', body: { body: `Body ${count}` } },
    { path: '/v1/users/u2/comments?limit=3' },
    { path: '/v1/comments', method: 'POST', body: { post_id: 'p1', author_id: 'u1', body: `Hello ${count}` } },
  ];
  return calls[count % calls.length] ?? assert.fail();
}

type Result = RunResult & { readonly sourceDir: string; readonly url: string; readonly receipt: string };

/** What a command that was to succeed ended with. */
function ended(end: CommandEnd): Result {
  const result = lastLine(end) as Result;
  assert.equal(result.status, 'succeeded', end.stdout + end.stderr);
  return result;
}

async function sql(text: string): Promise<readonly Record<string, unknown>[]> {
  const client = await superuserOf(home, database);
  try {
    const answers: unknown = await client.query(text);
    const last = (Array.isArray(answers) ? answers.at(-1) : answers) as { rows: readonly Record<string, unknown>[] };
    return last.rows;
  } finally {
    await client.end();
  }
}
