import assert from 'node:assert/strict';
import { test } from 'node:test';
import {
  CANCELLED,
  creatingBackend,
  BLOG_EVENTS,
  fakeBackend,
  fakeShell,
  runCli,
  RUN,
  RUN_ID,
  streamOf,
  toEvents,
} from '../../test/support/cli-fakes.ts';
import { TurboError } from '../domain/errors.ts';
import type { RunId } from '../domain/ids.ts';
import { runCommandLine } from './run-command-line.ts';

test('the first Ctrl-C cancels the run and follows its undo to the end', async () => {
  const undone = toEvents([
    { type: 'run-started', message: '' },
    { type: 'undo', message: 'Database tb_k3x9 dropped' },
    { type: 'run-ended', result: CANCELLED },
  ]);
  const cancelled: RunId[] = [];
  const { promise: isCancelled, resolve } = Promise.withResolvers<void>();
  const shell = fakeShell(
    creatingBackend([], {
      cancel: async (runId) => {
        cancelled.push(runId);
        resolve();
      },
      watch: async function* () {
        yield* undone.slice(0, 1);
        shell.press('SIGINT');
        await isCancelled;
        yield* undone.slice(1);
      },
    }),
  );
  assert.equal(await runCommandLine(['a blog'], shell), 130);
  assert.deepEqual(cancelled, [RUN_ID]);
  assert.match(shell.stderr.written(), /Cancelling[^]*Database tb_k3x9 dropped[^]*Cancelled; nothing was kept/);
});

test('SIGTERM parks the run: what was opened is closed, and the next command is named', async () => {
  let closed = false;
  const shell = fakeShell(
    creatingBackend([], {
      close: async () => {
        closed = true;
      },
      watch: async function* (_runId, { signal } = {}) {
        yield* BLOG_EVENTS.slice(0, 2);
        shell.press('SIGTERM');
        assert.equal(signal?.aborted, true);
      },
    }),
  );
  assert.equal(await runCommandLine(['a blog'], shell), 143);
  assert.equal(closed, true);
  assert.match(shell.stderr.written(), /the next turbobackend command or a worker carries it on/);
});

test('a command that hangs is let go by Ctrl-C, also while the backend is being opened', async () => {
  const hanging = fakeShell(fakeBackend({ list: () => (hanging.press('SIGINT'), new Promise(() => undefined)) }));
  assert.equal(await runCommandLine(['list'], hanging), 130);

  let closed = false;
  const backend = fakeBackend({ close: async () => void (closed = true) });
  const shell = fakeShell(backend);
  const opening = { ...shell, open: () => (shell.press('SIGINT'), Promise.resolve(backend)) };
  assert.equal(await runCommandLine(['list'], opening), 130);
  assert.equal(closed, true);
});

test('a reader that has gone ends a command with 0, and a run only after its end', async () => {
  const list = fakeShell(fakeBackend({ list: () => (list.breakPipe(), new Promise(() => undefined)) }));
  assert.equal(await runCommandLine(['list'], list), 0);
  assert.equal(list.stderr.written(), '');

  const create = fakeShell(
    creatingBackend([], {
      watch: async function* () {
        yield* BLOG_EVENTS.slice(0, 3);
        create.breakPipe();
        yield* BLOG_EVENTS.slice(3);
      },
    }),
  );
  assert.equal(await runCommandLine(['a blog', '--json'], create), 0);
  assert.match(create.stdout.written(), /"type":"result"/);
});

test('a command that looks answers first, then carries interrupted runs on to their end, from where they were', async () => {
  const other = 'run_fedcba9876543210' as RunId;
  const followed: unknown[] = [];
  const backend = fakeBackend({
    resumed: [RUN_ID, other],
    showRun: (runId) =>
      Promise.resolve({
        run: { ...RUN, id: runId },
        result: runId === other ? { ...CANCELLED, name: 'shop' } : undefined,
        events: BLOG_EVENTS.slice(0, 4),
      }),
    watch: (runId, options) => {
      followed.push(runId, options?.afterSeq);
      return streamOf(BLOG_EVENTS.slice(4));
    },
    list: () => Promise.resolve([]),
  });
  const { stdout, stderr, exitCode } = await runCli(['list', '--json'], backend);
  assert.equal(exitCode, 0);
  assert.deepEqual(JSON.parse(stdout), { projects: [] });
  assert.deepEqual(followed, [RUN_ID, 4]);
  assert.match(stderr, /^! Carrying on 2 runs that were interrupted\n {2}run_0123456789abcdef {2}"a blog"\n/);
  assert.match(stderr, / deploy {4}ok {4}healthy on port 4310/);
  assert.match(stderr, /✓ blog is running at http:\/\/127\.0\.0\.1:4310[^]*! shop was cancelled/);
});

test('trouble with an interrupted run does not keep the command from its turn', async () => {
  const backend = fakeBackend({
    resumed: [RUN_ID],
    showRun: () => Promise.reject(new TurboError('RUN_NOT_FOUND', 'It is gone')),
    list: () => Promise.resolve([]),
  });
  const { exitCode, stderr } = await runCli(['list'], backend);
  assert.equal(exitCode, 0);
  assert.match(stderr, /✗ It is gone/);
});
