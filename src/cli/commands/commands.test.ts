import assert from 'node:assert/strict';
import { test } from 'node:test';
import {
  CANCELLED,
  BLOG_EVENTS,
  DETAILS,
  FAILED,
  FAILED_EVENTS,
  fakeBackend,
  fakeShell,
  PROJECT_ID,
  RESULT,
  runCli,
  RUN,
  RUN_ID,
  streamOf,
  SUMMARY,
  toEvents,
} from '../../../test/support/cli-fakes.ts';
import type { RunId } from '../../domain/ids.ts';
import type { Plan, TurboBackend } from '../../turbobackend.ts';
import { runCommandLine } from '../run-command-line.ts';

const PLAN: Plan = {
  needsDatabase: true,
  reasoning: 'Users persist',
  planner: 'builtin',
  schema: {
    tables: [
      {
        tableName: 'users',
        columns: [{ name: 'id', type: 'varchar(36)', constraints: 'PRIMARY KEY' }],
        createQuery: 'CREATE TABLE users (id varchar(36) PRIMARY KEY)',
      },
    ],
  },
  access: null,
  ddl: ['CREATE TABLE users (id varchar(36) PRIMARY KEY)'],
  design: 'planned',
  questions: [],
  reasons: [{ table: 'users', because: 'named in «users»' }],
  warnings: ['"cheap" was not used'],
  costUsd: null,
};

test('plan --explain says below each table why it is there', async () => {
  const backend = fakeBackend({ plan: () => Promise.resolve(PLAN) });
  const { stdout } = await runCli(['plan', 'users', '--explain'], backend);
  assert.match(stdout, /users\n  id .*\n  why: named in «users»/);
  assert.doesNotMatch((await runCli(['plan', 'users'], backend)).stdout, /why:/);
});

test('plan prints the contract as JSON, the SQL when quiet, and makes nothing', async () => {
  const backend = fakeBackend({ plan: () => Promise.resolve(PLAN) });
  const json = await runCli(['plan', 'users', '--json'], backend);
  assert.deepEqual(JSON.parse(json.stdout), PLAN);
  assert.equal(json.shell.opened[0]?.work, false);
  assert.equal(
    (await runCli(['plan', 'users', '-q'], backend)).stdout,
    'CREATE TABLE users (id varchar(36) PRIMARY KEY);\n',
  );
  const words = await runCli(['plan', 'users'], backend);
  assert.match(words.stdout, /users\n {2}id {2}varchar\(36\) {2}PRIMARY KEY\n/);
  assert.match(words.stderr, /! "cheap" was not used/);
});

test('each command asks the use case for its answer, and prints it as one JSON object', async () => {
  const asked: unknown[][] = [];
  const answer =
    (name: string, value: unknown) =>
    (...args: unknown[]) => {
      asked.push([name, ...args]);
      return Promise.resolve(value);
    };
  const rows = { columns: ['n'], rows: [['1']], truncated: false };
  const backend = fakeBackend({
    list: answer('list', [SUMMARY]),
    show: answer('show', DETAILS),
    schema: answer('schema', '{"tables":[]}'),
    sql: answer('sql', rows),
    logs: answer('logs', ['a', 'b']),
    start: answer('start', SUMMARY),
    stop: answer('stop', SUMMARY),
    remove: answer('remove', ['files']),
    export: answer('export', 12),
    receipt: answer('receipt', { gates: [] }),
    doctor: answer('doctor', []),
    findLeftovers: answer('findLeftovers', []),
    sweepLeftovers: answer('sweepLeftovers', []),
    up: answer('up', [{ name: 'blog', url: 'http://127.0.0.1:4310', problem: undefined }]),
    down: answer('down', ['postgres']),
    showRun: answer('showRun', { run: RUN, result: RESULT, events: BLOG_EVENTS }),
  } as Partial<TurboBackend>);

  const cases: readonly (readonly [string, object, ...unknown[][]])[] = [
    ['list', { projects: [SUMMARY] }, ['list']],
    ['show blog', DETAILS, ['show', 'blog']],
    ['schema blog', { project: 'blog', format: 'sql', content: '{"tables":[]}' }, ['schema', 'blog', 'sql']],
    [
      'schema blog --format json',
      { project: 'blog', format: 'json', content: { tables: [] } },
      ['schema', 'blog', 'json'],
    ],
    ['sql blog select 1', rows, ['sql', 'blog', 'select 1', 1000]],
    ['logs blog -n 7', { project: 'blog', lines: ['a', 'b'] }, ['logs', 'blog', 7]],
    ['start blog', SUMMARY, ['start', 'blog']],
    ['stop blog', SUMMARY, ['stop', 'blog']],
    ['delete blog --yes', { project: 'blog', removed: ['files'] }, ['show', 'blog'], ['remove', 'blog']],
    ['export blog out', { project: 'blog', directory: 'out', files: 12 }, ['export', 'blog', 'out']],
    ['receipt blog', { gates: [] }, ['receipt', 'blog']],
    ['doctor', { diagnoses: [] }, ['doctor']],
    ['doctor --sweep', { leftovers: [], removed: false }, ['findLeftovers']],
    ['doctor --sweep --yes', { leftovers: [], removed: true }, ['sweepLeftovers']],
    ['up', { backends: [{ name: 'blog', url: 'http://127.0.0.1:4310' }] }, ['up']],
    ['down', { stopped: ['postgres'] }, ['down']],
    [`run show ${RUN_ID}`, { run: RUN, result: RESULT, events: BLOG_EVENTS }, ['showRun', RUN_ID]],
  ];
  for (const [line, printed, ...calls] of cases) {
    asked.length = 0;
    const { stdout, stderr, exitCode } = await runCli([...line.split(' '), '--json'], backend);
    assert.equal(exitCode, 0, `${line}: ${stdout}${stderr}`);
    assert.deepEqual(JSON.parse(stdout), printed);
    assert.deepEqual(asked, calls);
    assert.equal(stderr, '');
    assert.notEqual((await runCli(line.split(' '), backend)).stdout, '', line);
  }
});

test('a query may be piped in', async () => {
  const queries: string[] = [];
  const sql: TurboBackend['sql'] = (_project, query) => {
    queries.push(query);
    return Promise.resolve({ columns: ['n'], rows: [], truncated: true });
  };
  const { stderr } = await runCli(['sql', 'blog', '-'], fakeBackend({ sql }), { stdin: 'select 1\n' });
  await runCli(['sql', 'blog'], fakeBackend({ sql }), { stdin: 'select 2' });
  assert.deepEqual(queries, ['select 1', 'select 2']);
  assert.match(stderr, /more rows/);
});

test('a failed diagnosis is a configuration error', async () => {
  const backend = fakeBackend({
    doctor: () => Promise.resolve([{ subject: 'disk', status: 'failed', finding: 'full', fix: 'Make room.' }]),
  });
  const { exitCode, stdout } = await runCli(['doctor'], backend);
  assert.equal(exitCode, 4);
  assert.equal(stdout, '✗ disk  full\n        fix: Make room.\n');
});

test('what is left over is shown with whose it is, and what would become of it', async () => {
  const at = { place: 'fly', projectId: PROJECT_ID } as const;
  const leftovers = [
    { ...at, kind: 'deployment', project: { name: 'blog', status: 'failed' }, removable: true },
    { ...at, kind: 'sandbox', project: undefined, removable: false },
  ] as const;
  const { stdout } = await runCli(
    ['doctor', '--sweep'],
    fakeBackend({ findLeftovers: () => Promise.resolve(leftovers) }),
  );
  assert.deepEqual(stdout.trimEnd().split('\n'), [
    `would remove deployment at fly of ${PROJECT_ID} (blog, failed)`,
    `sandbox at fly of ${PROJECT_ID} (unknown here, so it is left alone)`,
    '`doctor --sweep --yes` removes it.',
  ]);
});

test('without a terminal, delete asks for --yes and touches nothing', async () => {
  const { exitCode, stderr, shell } = await runCli(['delete', 'blog'], fakeBackend());
  assert.equal(exitCode, 5);
  assert.match(stderr, /fix: turbobackend delete blog --yes\n/);
  assert.deepEqual(shell.opened, []);
  const agent = { columns: 80, environment: { CLAUDECODE: '1' }, stdin: 'blog\n' };
  assert.equal((await runCli(['delete', 'blog'], fakeBackend(), agent)).exitCode, 5);
});

test("on a terminal, delete asks for the project's name", async () => {
  const removed: string[] = [];
  const backend = fakeBackend({
    show: () => Promise.resolve(DETAILS),
    remove: (project) => {
      removed.push(project);
      return Promise.resolve([]);
    },
  });
  for (const stdin of ['bog\n', '']) {
    const refused = await runCli(['delete', 'blog'], backend, { columns: 80, stdin });
    assert.equal(refused.exitCode, 5);
    assert.deepEqual(removed, []);
  }
  const { exitCode, stderr } = await runCli(['delete', 'blog'], backend, { columns: 80, stdin: 'blog\n' });
  assert.equal(exitCode, 0);
  assert.deepEqual(removed, ['blog']);
  assert.match(stderr, /its database tb_k3x9/);
});

test('run watch follows the run itself, also one that was interrupted, and ends as it did', async () => {
  const backend = fakeBackend({
    resumed: [RUN_ID],
    showRun: () => Promise.resolve({ run: RUN, result: undefined, events: [] }),
    watch: () => streamOf(FAILED_EVENTS),
  });
  const { exitCode, stdout, stderr } = await runCli(['run', 'watch', RUN_ID, '--json'], backend);
  assert.equal(exitCode, 1);
  assert.equal(stderr, '');
  assert.deepEqual(JSON.parse(stdout.trim().split('\n').at(-1) ?? ''), FAILED);
});

test('run cancel waits for the undo; a run that had ended stays as it was', async () => {
  const cancelled: RunId[] = [];
  const open = fakeBackend({
    showRun: () => Promise.resolve({ run: RUN, result: undefined, events: [] }),
    cancel: async (runId) => void cancelled.push(runId),
    watch: () => streamOf(toEvents([{ type: 'run-ended', result: CANCELLED }])),
  });
  assert.equal((await runCli(['run', 'cancel', RUN_ID], open)).exitCode, 0);
  assert.deepEqual(cancelled, [RUN_ID]);

  const ended = fakeBackend({ showRun: () => Promise.resolve({ run: RUN, result: RESULT, events: [] }) });
  const { exitCode, stdout } = await runCli(['run', 'cancel', RUN_ID], ended);
  assert.equal(exitCode, 1);
  assert.match(stdout, /blog is running/);
});

test('a worker tells of each run it takes and ends, and SIGTERM is its proper end', async () => {
  const resumed: RunId[] = [];
  const shell = fakeShell(
    fakeBackend({
      resumed,
      showRun: () => Promise.resolve({ run: RUN, result: undefined, events: [] }),
      watch: () => streamOf(BLOG_EVENTS),
    }),
  );
  resumed.push(RUN_ID);
  setTimeout(() => shell.press('SIGTERM'), 50);
  assert.equal(await runCommandLine(['worker', '--concurrency', '2'], shell), 0);
  assert.equal(shell.opened[0]?.config.maxRuns, 2);
  const [taken, ended] = shell.stdout.written().split('\n');
  assert.equal(taken, `${RUN_ID} taken: "a blog"`);
  assert.equal(ended, `${RUN_ID} ✓ blog is running at http://127.0.0.1:4310 (7.5s)`);
});

test('logs -f prints what comes until it is interrupted', async () => {
  const pages = [
    ['a', 'b'],
    ['a', 'b', 'c'],
    ['a', 'b', 'c'],
  ];
  const shell = fakeShell(
    fakeBackend({
      logs: async () => {
        if (pages.length === 1) shell.press('SIGINT');
        return pages.shift() ?? [];
      },
    }),
  );
  assert.equal(await runCommandLine(['logs', 'blog', '-f', '-n', '1'], shell), 130);
  assert.equal(shell.stdout.written(), 'b\nc\n');
});
