import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { mkdir, readdir, readFile, rename, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import type { ProjectDetails, ProjectSummary, Revival } from '../../src/turbobackend.ts';
import { openTestHome, type TestHome } from '../support/cli.ts';

// What was deployed runs for good: after a crash, a reboot, a move and a restore.

let home: TestHome;

before(async () => {
  home = await openTestHome();
  const schema = join(home.folder, 'schema.sql');
  await writeFile(schema, 'CREATE TABLE posts (id serial PRIMARY KEY, title text NOT NULL);');
  const created = await home.run('create', '--schema', schema, '--name', 'blog', '--json');
  assert.equal(created.exitCode, 0, created.stdout + created.stderr);
});
after(() => home.close());

async function summary(of = home): Promise<ProjectSummary> {
  const { projects } = await of.json<{ projects: readonly ProjectSummary[] }>('list');
  return projects[0] as ProjectSummary;
}

async function up(of = home): Promise<readonly Revival[]> {
  return (await of.json<{ backends: readonly Revival[] }>('up')).backends;
}

async function killBackend(): Promise<void> {
  const { projectId } = await summary();
  const file = join(home.folder, 'state', 'deployments', projectId, 'deployment.json');
  const readServer = async () =>
    (JSON.parse(await readFile(file, 'utf8')) as { process?: { readonly pid: number } }).process;
  let server = await readServer();
  // A server may answer a moment before it is written down which one it is.
  for (let tries = 0; server === undefined && tries < 100; tries += 1) {
    await sleep(50);
    server = await readServer();
  }
  assert.ok(server, 'a server was started');
  process.kill(server.pid, 'SIGKILL');
}

async function isReady(url: string): Promise<boolean> {
  return fetch(`${url}/readyz`, { headers: { connection: 'close' } }).then(
    ({ status }) => status === 200,
    () => false,
  );
}

async function addPost(url: string, title: string): Promise<void> {
  const headers = { 'content-type': 'application/json' };
  const answer = await fetch(`${url}/v1/posts`, { method: 'POST', headers, body: JSON.stringify({ title }) });
  assert.equal(answer.status, 201, await answer.text());
}

async function countPosts(of: TestHome): Promise<number> {
  return (await of.json<{ rows: readonly unknown[] }>('sql', 'blog', 'SELECT title FROM posts')).rows.length;
}

test('one that was killed is told from one that was stopped, and `up` starts the first alone', async () => {
  await killBackend();
  const dead = await summary();
  assert.equal(dead.status, 'dead');
  assert.deepEqual(
    (await up()).map(({ name, url }) => [name, url]),
    [['blog', dead.url]],
  );
  assert.ok(await isReady(dead.url));

  await home.json('stop', 'blog');
  assert.deepEqual(await up(), []);
  assert.equal((await summary()).status, 'stopped');
  await home.json('start', 'blog');
});

test('what `down` ended runs again after `up`', async () => {
  await home.json('down');
  const [revival] = await up();
  assert.ok(await isReady(revival?.url ?? ''));
  assert.equal((await summary()).status, 'running');
});

test('`serve` has a killed backend up again within seconds', async () => {
  const { url } = await summary();
  await killBackend();
  let wasUpAtStart = false;
  let cameBackAfterMs = Infinity;
  const serving = home.start(['serve', '--port', '0', '--json'], (_line, child) => {
    void (async () => {
      for (let tries = 0; tries < 100 && !(await isReady(url)); tries += 1) await sleep(100);
      wasUpAtStart = await isReady(url);
      await killBackend();
      const killedAt = performance.now();
      for (let tries = 0; tries < 150 && !(await isReady(url)); tries += 1) await sleep(100);
      if (await isReady(url)) cameBackAfterMs = performance.now() - killedAt;
      child.kill('SIGTERM');
    })();
  });
  const { stderr, exitCode } = await serving;
  assert.ok(wasUpAtStart, stderr);
  assert.ok(cameBackAfterMs < 15_000, `${cameBackAfterMs} ms\n${stderr}`);
  assert.match(stderr, /blog runs again at http/);
  assert.equal(exitCode, 0);
});

test('a home that was moved starts its backends, and its records name the new place', async () => {
  await home.json('down');
  const moved = join(home.folder, 'elsewhere');
  await rename(join(home.folder, 'state'), moved);
  const there = home.with({ TURBOBACKEND_HOME: moved });
  const [revival] = await up(there);
  assert.ok(await isReady(revival?.url ?? ''), revival?.problem);
  await addPost(revival?.url ?? '', 'kept');
  const { sourceDir, receipt, repository } = await there.json<ProjectDetails>('show', 'blog');
  for (const path of [sourceDir, receipt, repository]) assert.ok(path.startsWith(`${moved}/`), path);
  assert.ok((await readdir(sourceDir)).includes('package.json'));
  await there.json('down');
  await rename(moved, join(home.folder, 'state'));
  assert.ok(await isReady((await up())[0]?.url ?? ''));
});

test('a copy that was restored runs beside the original, with rows and an address of its own', async () => {
  await home.json('down');
  const restored = join(home.folder, 'restored');
  // Without what is made again when it is missing, as docs/deploy.md has it.
  const archive = join(home.folder, 'state.tgz');
  execFileSync('tar', ['-C', join(home.folder, 'state'), '--exclude', './runtime-*', '-czf', archive, '.']);
  await mkdir(restored);
  execFileSync('tar', ['-C', restored, '-xzf', archive]);
  const copy = home.with({ TURBOBACKEND_HOME: restored });
  const [original] = await up();
  const [second] = await up(copy);
  try {
    assert.ok(await isReady(original?.url ?? ''), original?.problem);
    assert.ok(await isReady(second?.url ?? ''), second?.problem);
    assert.notEqual(second?.url, original?.url);
    assert.equal((await summary(copy)).url, second?.url);
    await addPost(second?.url ?? '', 'only in the copy');
    assert.equal(await countPosts(copy), (await countPosts(home)) + 1);
  } finally {
    await copy.run('down');
  }
});
