import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import {
  creatingBackend,
  BLOG_EVENTS,
  FAILED,
  FAILED_EVENTS,
  fakeBackend,
  PROJECT_ID,
  runCli,
  RUN_ID,
  toEvents,
  type FakeShellOptions,
} from '../../test/support/cli-fakes.ts';
import { FAILURES, TurboError, type FailureCode } from '../domain/errors.ts';
import type { CreateRequest } from '../turbobackend.ts';

const folder = mkdtempSync(join(tmpdir(), 'turbo-cli-'));
after(() => rmSync(folder, { recursive: true }));

/** The request that a command line makes of `submit`. */
async function submitted(argv: readonly string[], options?: FakeShellOptions): Promise<CreateRequest> {
  const requests: CreateRequest[] = [];
  const backend = creatingBackend(BLOG_EVENTS, {
    submit: (request) => {
      requests.push(request);
      return Promise.resolve({ runId: RUN_ID, projectId: PROJECT_ID, name: 'blog' });
    },
  });
  const { exitCode, stderr } = await runCli(argv, backend, options);
  assert.equal(exitCode, 0, stderr);
  assert.equal(requests.length, 1);
  return requests[0] ?? assert.fail();
}

test('a prompt comes from words, a file or standard input', async () => {
  const file = join(folder, 'prompt.txt');
  writeFileSync(file, 'from a file\n');
  assert.equal((await submitted(['a blog'])).prompt, 'a blog');
  assert.equal((await submitted(['create', 'a', 'blog', 'with', 'posts'])).prompt, 'a blog with posts');
  assert.equal((await submitted(['create', '-f', file])).prompt, 'from a file');
  assert.equal((await submitted(['create'], { stdin: 'piped in\n' })).prompt, 'piped in');
  assert.equal((await submitted([], { stdin: 'piped in' })).prompt, 'piped in');
  assert.equal((await submitted(['-'], { stdin: 'typed', columns: 80 })).prompt, 'typed');
});

test('a schema, a name and a planner are handed on, and the flag wins over the environment', async () => {
  const schema = join(folder, 'shop.sql');
  writeFileSync(schema, 'CREATE TABLE a (id text)');
  assert.deepEqual(await submitted(['--schema', schema, '--name', 'shop', 'a shop']), {
    prompt: 'a shop',
    schemaSql: 'CREATE TABLE a (id text)',
    name: 'shop',
  });
  assert.equal((await submitted(['create', '--schema', schema])).prompt, 'a REST API for the tables of shop.sql');

  const environment = { TURBOBACKEND_PLANNER: 'magic' };
  const { shell } = await runCli(['create', 'x', '--planner', 'builtin'], creatingBackend(BLOG_EVENTS), {
    environment,
  });
  assert.equal(shell.opened[0]?.config.planner, 'builtin');
  assert.equal(shell.opened[0]?.work, true);
});

test("a project's name among a few bare words makes nothing", async () => {
  const backend = creatingBackend(BLOG_EVENTS, {
    projectNames: () => Promise.resolve(['blog']),
    submit: () => assert.fail('nothing is made'),
  });
  for (const prompt of ['blog', 'blgo', 'status blog', 'blog restart now']) {
    const { exitCode, stderr } = await runCli(prompt.split(' '), backend);
    assert.equal(exitCode, FAILURES.USAGE.exitCode, prompt);
    assert.match(stderr, /turbobackend show blog/);
  }
  const allowed = creatingBackend(BLOG_EVENTS, { projectNames: () => Promise.resolve(['blog']) });
  for (const argv of [['a blog'], ['create', 'travel blog'], ['a shop with a blog']]) {
    assert.equal((await runCli(argv, allowed)).exitCode, 0);
  }
});

test('what is missing or twofold is a usage error, before anything is opened', async () => {
  for (const argv of [
    ['create'],
    ['create', 'a', '--file', 'b'],
    ['create', 'a', '--schema', join(folder, 'missing.sql')],
    ['create', 'a', '--planner', 'magic'],
    ['create', 'a', '--frobnicate'],
    ['list', 'of', 'books'],
    ['show'],
    ['schema', 'blog', '--format', 'xml'],
    ['logs', 'blog', '-n', '-3'],
    ['worker', '--concurrency', '0'],
    ['run'],
    ['run', 'wach', 'run_1'],
    ['lst'],
    ['sql', 'blog'],
  ]) {
    const { exitCode, shell, stdout, stderr } = await runCli(argv, fakeBackend());
    assert.equal(exitCode, 2, argv.join(' '));
    assert.deepEqual(shell.opened, []);
    assert.equal(stdout, '');
    assert.notEqual(stderr, '');
  }
});

test('help and version go to stdout and end well', async () => {
  const help = await runCli(['--help'], fakeBackend());
  assert.equal(help.exitCode, 0);
  for (const part of ['Build:', 'Projects:', 'Data:', 'Runs:', 'Platform:', 'Examples:', 'Exit codes:']) {
    assert.ok(help.stdout.includes(part), part);
  }
  assert.equal((await runCli(['--version'], fakeBackend())).stdout, '0.1.0\n');
  assert.equal((await runCli(['help', 'sql'], fakeBackend())).exitCode, 0);
  assert.match((await runCli([], fakeBackend(), { columns: 80 })).stdout, /turbobackend "<prompt>"/);
});

test('every failure ends with the exit code of the table and says how to mend it', async () => {
  for (const code of Object.keys(FAILURES) as FailureCode[]) {
    const list = (): Promise<never> => Promise.reject(new TurboError(code, 'It did not work', { fix: 'Do this.' }));
    const inWords = await runCli(['list'], fakeBackend({ list }));
    assert.equal(inWords.exitCode, FAILURES[code].exitCode);
    assert.equal(inWords.stderr, '✗ It did not work\n  fix: Do this.\n');
    const asJson = await runCli(['list', '--json'], fakeBackend({ list }));
    assert.equal(asJson.exitCode, FAILURES[code].exitCode);
    assert.equal(asJson.stderr, '');
    assert.deepEqual(JSON.parse(asJson.stdout), {
      type: 'error',
      error: { code, message: 'It did not work', fix: 'Do this.' },
    });
  }
});

test('a fix names the command the way the user called it', async () => {
  const environment = { npm_lifecycle_event: 'start', npm_package_name: 'turbobackend' };
  const { stderr } = await runCli(['lst'], fakeBackend(), { environment });
  assert.match(stderr, /fix: Type npm start -- list\. If it is a prompt: npm start -- create "lst"\.\n/);
});

test('a wrong setting is a configuration error that names the variable', async () => {
  const { exitCode, stderr } = await runCli(['list'], fakeBackend(), {
    environment: { TURBOBACKEND_MAX_RUNS: 'many' },
  });
  assert.equal(exitCode, 4);
  assert.match(stderr, /TURBOBACKEND_MAX_RUNS/);
});

test('a bug tells no details until they are asked for, and closes what was opened', async () => {
  let closed = 0;
  const backend = fakeBackend({
    list: () => Promise.reject(new Error('the inner thing')),
    close: () => Promise.resolve(void (closed += 1)),
  });
  const plain = await runCli(['list'], backend);
  assert.equal(plain.exitCode, 70);
  assert.match(plain.stderr, /Something broke on our side\n.*TURBOBACKEND_DEBUG=1/);
  assert.doesNotMatch(plain.stderr, /inner thing/);
  const debug = await runCli(['list'], backend, { environment: { TURBOBACKEND_DEBUG: '1' } });
  assert.match(debug.stderr, /Error: the inner thing\n +at /);
  assert.equal(closed, 2);
});

test('usage errors with --json are JSON, too', async () => {
  const { stdout, exitCode } = await runCli(['show', '--json'], fakeBackend());
  assert.equal(exitCode, 2);
  assert.equal((JSON.parse(stdout) as { error: { code: string } }).error.code, 'USAGE');
});

test('a failed run exits with its code, says why and where to read more', async () => {
  const { exitCode, stdout, stderr } = await runCli(['a blog'], creatingBackend(FAILED_EVENTS));
  assert.equal(exitCode, 1);
  assert.equal(stdout, '');
  assert.match(stderr, /design {4}FAIL {2}No table \(30ms\)\nundo {12}Database tb_k3x9 dropped\n/);
  assert.match(stderr, /✗ No table could be made of it\n {2}fix: Name the things it keeps\.\n.*run show run_0123/);

  const error = { code: 'CLUSTER_UNAVAILABLE', message: 'Postgres is away', fix: '' };
  const transient = toEvents([{ type: 'run-ended', result: { ...FAILED, error } }]);
  assert.equal((await runCli(['a blog'], creatingBackend(transient))).exitCode, 6);
});

test('a message that is a whole report is told in one line on the way and cut short at the end', async () => {
  const report = ['The gate «tests» failed', ...Array.from({ length: 30 }, (_, index) => `  line ${index}`)].join('\n');
  const events = toEvents([
    { type: 'phase-ended', phase: 'verify', status: 'failed', message: report, durationMs: 9 },
    { type: 'run-ended', result: { ...FAILED, error: { code: 'VERIFICATION_FAILED', message: report, fix: '' } } },
  ]);
  const { stderr } = await runCli(['a blog'], creatingBackend(events));
  assert.match(stderr, /\nverify {4}FAIL {2}The gate «tests» failed \(9ms\)\n/);
  assert.match(stderr, /✗ The gate «tests» failed\n {4}line 0\n[^]* {4}line 10\n {2}… 19 more lines\n/);
  assert.doesNotMatch(stderr, /line 11/);
});
