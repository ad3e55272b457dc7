import { setTimeout as delay } from 'node:timers/promises';
import { processShell } from '../../src/cli/process-shell.ts';
import { runCommandLine } from '../../src/cli/run-command-line.ts';
import { BLOG_EVENTS, CANCELLED, creatingBackend, SUMMARY, toEvents } from './cli-fakes.ts';

// The command line as a process of its own, on a backend whose run takes its time: for signals, pipes and exit codes.

const STEP_MS = Number(process.env['STEP_MS'] ?? 5);
let cancelled = false;

const backend = creatingBackend([], {
  watch: async function* (_runId, { signal } = {}) {
    for (const event of BLOG_EVENTS) {
      await delay(STEP_MS, undefined, { signal });
      if (cancelled) {
        yield* toEvents([{ type: 'undo', message: 'Database tb_k3x9 dropped' }]);
        await delay(STEP_MS, undefined, { signal });
        yield* toEvents([{ type: 'run-ended', result: CANCELLED }]);
        return;
      }
      yield event;
    }
  },
  cancel: async () => void (cancelled = true),
  list: () => Promise.resolve([SUMMARY]),
  openapi: () => Promise.resolve({ paths: { '/v1/users': { get: {}, post: {} } } }),
  schema: () => Promise.resolve('CREATE TABLE a (id text);\n'.repeat(50_000)),
  close: () => delay(20),
});

process.exitCode = await runCommandLine(
  process.argv.slice(2),
  processShell(process.env, () => Promise.resolve(backend)),
);
