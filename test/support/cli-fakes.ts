import assert from 'node:assert/strict';
import { PassThrough } from 'node:stream';
import { TurboError } from '../../src/domain/errors.ts';
import type { ProjectId, RunId } from '../../src/domain/ids.ts';
import { CREATE_PHASES, type Phase, type Run, type RunResult } from '../../src/domain/run.ts';
import type { RunEvent, RunEventBody } from '../../src/domain/run-event.ts';
import { runCommandLine } from '../../src/cli/run-command-line.ts';
import type { OutputStream, Shell, Signal } from '../../src/cli/shell.ts';
import type { Config } from '../../src/config/config.ts';
import type { ProjectDetails, ProjectSummary, TurboBackend } from '../../src/turbobackend.ts';

export const RUN_ID = 'run_0123456789abcdef' as RunId;
export const PROJECT_ID = 'project_0123456789abcdef' as ProjectId;

export const RUN: Run = {
  kind: 'create',
  id: RUN_ID,
  projectId: PROJECT_ID,
  prompt: 'a blog',
  status: 'running',
  createdAt: 1_795_000_000,
};

export const RESULT: RunResult = {
  type: 'result',
  kind: 'create',
  runId: RUN_ID,
  projectId: PROJECT_ID,
  name: 'blog',
  status: 'succeeded',
  design: 'planned',
  missing: [],
  needsDatabase: true,
  database: { name: 'tb_k3x9', tables: ['users', 'posts', 'post_comments'] },
  url: 'http://127.0.0.1:4310',
  docsUrl: 'http://127.0.0.1:4310/docs',
  sourceDir: '/home/ada/turbobackend/projects/blog',
  repository: '/home/ada/turbobackend/repositories/blog.git',
  commit: '3f9c2ab',
  artifact: '/home/ada/turbobackend/artifacts/9f.tar.gz',
  receipt: '/home/ada/turbobackend/projects/blog/receipt.json',
  costUsd: 0,
  durationMs: 7527,
  phases: CREATE_PHASES.map((phase) => ({ phase, status: 'ok', durationMs: 120 })),
  error: null,
  revision: 1,
};

export const FAILED: RunResult = {
  ...RESULT,
  status: 'failed',
  url: '',
  docsUrl: '',
  database: null,
  design: null,
  missing: [],
  phases: [{ phase: 'design', status: 'failed', durationMs: 30 }],
  error: { code: 'SCHEMA_DESIGN_FAILED', message: 'No table could be made of it', fix: 'Name the things it keeps.' },
};

export const CANCELLED: RunResult = {
  ...FAILED,
  status: 'cancelled',
  error: { code: 'RUN_CANCELLED', message: 'The run was cancelled', fix: '' },
};

const MESSAGES: Readonly<Record<Phase, string>> = {
  detect: 'Needs a database: users, posts and comments persist',
  design: '3 tables, 14 columns, 3 foreign keys, 5 indexes',
  provision: 'Postgres 18.4 · database tb_k3x9 · role tb_k3x9_app',
  sandbox: 'local process sandbox · .env written (5 DB_* variables)',
  rehearse: 'forward and back on a copy with 10,000 rows',
  code: '14 files, 1,126 lines · Fastify 5 + TypeScript',
  verify: '9 of 9 gates passed: types, 23 tests, 42 requests',
  publish: 'git repository · commit 3f9c2ab · archive 48 kB',
  migrate: '2 statements in one transaction',
  deploy: 'healthy on port 4310',
};

/** Numbers bodies as the event log does; each phase that ends brings an eighth of the way. */
export function toEvents(bodies: readonly RunEventBody[], runId = RUN_ID): readonly RunEvent[] {
  let ended = 0;
  return bodies.map((body, index) => {
    if (body.type === 'phase-ended') ended += 1;
    const percent = body.type === 'run-ended' ? 100 : Math.round((ended / CREATE_PHASES.length) * 99);
    return { ...body, runId, seq: index + 1, percent, atMs: 1_000_000 + index * 100 };
  });
}

/** A whole run of a blog, with a warning and some progress on the way. */
export const BLOG_EVENTS = toEvents([
  { type: 'run-started', message: 'Creating blog' },
  ...CREATE_PHASES.flatMap((phase): readonly RunEventBody[] => [
    { type: 'phase-started', phase, message: '' },
    ...(phase === 'design' ? [{ type: 'warning', phase, message: 'Comments belong to posts: a guess' } as const] : []),
    ...(phase === 'code' ? [{ type: 'phase-progress', phase, message: 'src/routes/posts.ts (9/14)' } as const] : []),
    { type: 'phase-ended', phase, status: 'ok', message: MESSAGES[phase], durationMs: 120 },
  ]),
  { type: 'run-ended', result: RESULT },
]);

export const FAILED_EVENTS = toEvents([
  { type: 'run-started', message: 'Creating blog' },
  { type: 'phase-ended', phase: 'detect', status: 'warned', message: 'Could not tell', durationMs: 5 },
  { type: 'phase-started', phase: 'design', message: 'Designing' },
  { type: 'phase-ended', phase: 'design', status: 'failed', message: 'No table', durationMs: 30 },
  { type: 'undo', message: 'Database tb_k3x9 dropped' },
  { type: 'run-ended', result: FAILED },
]);

export const SUMMARY: ProjectSummary = {
  projectId: PROJECT_ID,
  name: 'blog',
  status: 'running',
  prompt: 'a blog',
  url: RESULT.url,
  tables: ['users', 'posts', 'post_comments'],
  createdAt: 1_795_000_000,
};

export const DETAILS: ProjectDetails = {
  ...SUMMARY,
  revision: 1,
  docsUrl: RESULT.docsUrl,
  sourceDir: RESULT.sourceDir,
  repository: RESULT.repository,
  commit: RESULT.commit,
  artifact: RESULT.artifact,
  receipt: RESULT.receipt,
  database: { name: 'tb_k3x9', host: '127.0.0.1', port: 4320, user: 'tb_k3x9_app' },
  runs: [{ id: RUN_ID, status: 'succeeded', createdAt: 1_795_000_000 }],
};

/** A backend that fails the test when something is called that the test did not give. */
export function fakeBackend(methods: Partial<TurboBackend> = {}): TurboBackend {
  return {
    plan: notAsked('plan'),
    submit: notAsked('submit'),
    watch: notAsked('watch'),
    showRun: notAsked('showRun'),
    cancel: notAsked('cancel'),
    listRuns: notAsked('listRuns'),
    planChange: notAsked('planChange'),
    showPlan: notAsked('showPlan'),
    applyPlan: notAsked('applyPlan'),
    change: notAsked('change'),
    writeSource: notAsked('writeSource'),
    checkSource: notAsked('checkSource'),
    revisions: notAsked('revisions'),
    listRevisions: notAsked('listRevisions'),
    revision: notAsked('revision'),
    diff: notAsked('diff'),
    forOwner: notAsked('forOwner'),
    keys: {
      create: notAsked('keys.create'),
      list: notAsked('keys.list'),
      revoke: notAsked('keys.revoke'),
      recognize: notAsked('keys.recognize'),
    },
    answerOnce: notAsked('answerOnce'),
    countRuns: notAsked('countRuns'),
    ready: notAsked('ready'),
    resumed: [],
    list: notAsked('list'),
    projectNames: notAsked('projectNames'),
    databaseAccess: notAsked('databaseAccess'),
    restart: notAsked('restart'),
    rename: notAsked('rename'),
    listProjects: notAsked('listProjects'),
    summarize: notAsked('summarize'),
    show: notAsked('show'),
    schema: notAsked('schema'),
    sql: notAsked('sql'),
    rows: notAsked('rows'),
    source: notAsked('source'),
    receipt: notAsked('receipt'),
    openapi: notAsked('openapi'),
    connection: notAsked('connection'),
    usage: notAsked('usage'),
    takeSnapshot: notAsked('takeSnapshot'),
    listSnapshots: notAsked('listSnapshots'),
    restoreSnapshot: notAsked('restoreSnapshot'),
    removeSnapshot: notAsked('removeSnapshot'),
    listSecrets: notAsked('listSecrets'),
    setSecret: notAsked('setSecret'),
    unsetSecret: notAsked('unsetSecret'),
    logs: notAsked('logs'),
    start: notAsked('start'),
    stop: notAsked('stop'),
    remove: notAsked('remove'),
    export: notAsked('export'),
    doctor: notAsked('doctor'),
    findLeftovers: notAsked('findLeftovers'),
    sweepLeftovers: notAsked('sweepLeftovers'),
    up: notAsked('up'),
    keepUp: notAsked('keepUp'),
    down: notAsked('down'),
    close: () => Promise.resolve(),
    ...methods,
  };
}

/** A backend that creates the blog with these events. */
export function creatingBackend(events: readonly RunEvent[], methods: Partial<TurboBackend> = {}): TurboBackend {
  return fakeBackend({
    submit: () => Promise.resolve({ runId: RUN_ID, projectId: PROJECT_ID, name: 'blog' }),
    watch: () => streamOf(events),
    show: () => Promise.resolve(DETAILS),
    projectNames: () => Promise.resolve([]),
    openapi: () => Promise.resolve({ paths: { '/v1/users': { get: {}, post: {} } } }),
    source: () => Promise.reject(new TurboError('NOT_FOUND', 'There is no README')),
    ...methods,
  });
}

function notAsked(name: string): () => never {
  return () => assert.fail(`${name} is not asked for`);
}

export async function* streamOf(events: readonly RunEvent[]): AsyncGenerator<RunEvent> {
  yield* events;
}

export interface FakeOutput extends OutputStream {
  readonly written: () => string;
  readonly resize: (columns: number) => void;
}

/** A stream that keeps what it is given; a terminal when it has columns. */
export function fakeOutput(columns?: number, rows = 24): FakeOutput {
  let text = '';
  let width = columns;
  const listeners = new Set<() => void>();
  return {
    isTTY: columns !== undefined,
    get columns() {
      return width;
    },
    rows,
    write: (chunk) => {
      text += chunk;
      return true;
    },
    on: (_event, listener) => listeners.add(listener),
    off: (_event, listener) => listeners.delete(listener),
    written: () => text,
    resize: (newColumns) => {
      width = newColumns;
      for (const listener of listeners) listener();
    },
  };
}

export interface FakeShell extends Shell {
  readonly stdout: FakeOutput;
  readonly stderr: FakeOutput;
  readonly exits: readonly number[];
  readonly opened: readonly { readonly config: Config; readonly work: boolean }[];
  readonly press: (signal: Signal) => void;
  readonly breakPipe: () => void;
}

export interface FakeShellOptions {
  readonly environment?: Readonly<Record<string, string>>;
  /** Columns of the terminal; without it there is none. */
  readonly columns?: number;
  /** What is piped in; with a terminal, what is typed. */
  readonly stdin?: string;
}

export function fakeShell(backend: TurboBackend, options: FakeShellOptions = {}): FakeShell {
  const onSignal = new Set<(signal: Signal) => void>();
  const onBrokenPipe = new Set<() => void>();
  const exits: number[] = [];
  const opened: { config: Config; work: boolean }[] = [];
  const stdin = new PassThrough();
  stdin.end(options.stdin ?? '');
  return {
    stdin: Object.assign(stdin, { isTTY: options.columns !== undefined }),
    stdout: fakeOutput(options.columns),
    stderr: fakeOutput(options.columns),
    environment: { HOME: '/home/ada', ...options.environment },
    version: '0.1.0',
    open: (config, { work }) => {
      opened.push({ config, work });
      return Promise.resolve(backend);
    },
    onSignal: (listener) => {
      onSignal.add(listener);
      return () => onSignal.delete(listener);
    },
    onBrokenPipe: (listener) => {
      onBrokenPipe.add(listener);
      return () => onBrokenPipe.delete(listener);
    },
    onExit: () => () => undefined,
    exit: (code) => exits.push(code),
    exits,
    opened,
    press: (signal) => {
      for (const listener of onSignal) listener(signal);
    },
    breakPipe: () => {
      for (const listener of onBrokenPipe) listener();
    },
  };
}

export interface Outcome {
  readonly exitCode: number;
  readonly stdout: string;
  readonly stderr: string;
  readonly shell: FakeShell;
}

/** Runs a command line against a backend and collects what came of it. */
export async function runCli(
  argv: readonly string[],
  backend: TurboBackend,
  options?: FakeShellOptions,
): Promise<Outcome> {
  const shell = fakeShell(backend, options);
  const exitCode = await runCommandLine(argv, shell);
  return { exitCode, stdout: shell.stdout.written(), stderr: shell.stderr.written(), shell };
}
