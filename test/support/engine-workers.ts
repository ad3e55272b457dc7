import assert from 'node:assert/strict';
import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import type { TestContext } from 'node:test';
import { fileURLToPath } from 'node:url';
import type { WorkerReport, WorkerSettings } from './engine-worker.ts';
import { controlConnectionOf } from './control-database.ts';
import type { TestCluster } from './postgres.ts';

/** A process with an engine of its own. */
export interface EngineWorker {
  readonly pid: number;
  readonly ready: Extract<WorkerReport, { type: 'ready' }>;
  /** Everything that it printed. */
  output(): string;
  /** Sends a signal; for SIGKILL resolves once it is gone. */
  signal(signal: 'SIGKILL' | 'SIGSTOP' | 'SIGCONT'): Promise<void>;
  /** Resolves once it is gone, of its own. */
  gone(): Promise<void>;
  /** Lets it close its engine and end by itself. Resolves to how long closing took. */
  close(): Promise<number>;
}

/** Starts a worker and resolves once its engine is started and has taken over what it found. It ends with the test. */
export async function startWorker(
  t: TestContext,
  cluster: TestCluster,
  options: Omit<WorkerSettings, 'connection' | 'password'>,
): Promise<EngineWorker> {
  const child = fork(fileURLToPath(new URL('engine-worker.ts', import.meta.url)), { silent: true });
  t.after(() => child.kill('SIGKILL'));
  let output = '';
  for (const stream of [child.stdout, child.stderr]) stream?.on('data', (chunk) => (output += String(chunk)));
  const exited = once(child, 'exit');
  const { password, ...connection } = controlConnectionOf(cluster);
  child.send({ connection, password: password.reveal(), ...options } satisfies WorkerSettings);
  const ready = await nextReport(child, exited, () => output);
  assert.equal(ready.type, 'ready');
  return {
    pid: child.pid!,
    ready,
    output: () => output,
    async signal(signal) {
      child.kill(signal);
      if (signal === 'SIGKILL') await exited;
    },
    async gone() {
      await exited;
    },
    async close() {
      child.send('close');
      const closed = await nextReport(child, exited, () => output);
      await exited;
      assert.equal(child.exitCode, 0, output);
      return closed.type === 'closed' ? closed.closedMs : assert.fail('has not closed');
    },
  };
}

async function nextReport(child: ChildProcess, exited: Promise<unknown>, output: () => string): Promise<WorkerReport> {
  const died = exited.then(() => assert.fail(`The worker ended: ${output()}`));
  const [report] = await Promise.race([once(child, 'message'), died]);
  return report as WorkerReport;
}
