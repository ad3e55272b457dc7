import { setTimeout as delay } from 'node:timers/promises';
import type { Pool } from 'pg';
import type { ProjectId } from '../../src/domain/ids.ts';
import { Secret } from '../../src/domain/secret.ts';
import { DbosEngine } from '../../src/engine/dbos-engine.ts';
import type { RunBody } from '../../src/engine/run-engine.ts';
import { type ControlConnection, openControlPool } from '../../src/store/open-control-pool.ts';
import { findRun } from '../../src/store/runs.ts';
import { recordEnd, recordRun } from './control-database.ts';

// A process that carries out runs made of nothing but marks in a table, for the test that started it to kill.

/** A run's prompt, as JSON: what its steps are to do. */
export interface MarkedRun {
  readonly steps: number;
  readonly stepMs: number;
  /** How long undoing each takes; nothing by default. */
  readonly undoMs?: number;
  /** The step that fails. */
  readonly failAt?: number;
  /** The step that ends its process, each time. */
  readonly killAt?: number;
}

export interface WorkerSettings {
  readonly connection: Omit<ControlConnection, 'password'>;
  readonly password: string;
  readonly concurrency: number;
  readonly maxAttempts?: number;
  readonly keepsOwnRuns?: boolean;
  /** A run that the worker records and hands in itself. */
  readonly submits?: MarkedRun;
}

/** What a worker says. */
export type WorkerReport =
  | {
      readonly type: 'ready';
      readonly loadedMs: number;
      readonly startedMs: number;
      readonly tookOver: readonly string[];
      readonly submitted?: string | undefined;
    }
  | { readonly type: 'closed'; readonly closedMs: number };

export const MARKS = `
  CREATE TABLE public.marks (at bigint GENERATED ALWAYS AS IDENTITY, run_id text, mark text, pid integer,
                             made timestamptz DEFAULT clock_timestamp());
  CREATE TABLE public.things (run_id text, thing text, PRIMARY KEY (run_id, thing));`;

/** Each step makes a thing and marks its beginning and its end; undoing it takes the thing away. */
export function markingBody(pool: Pool): RunBody {
  const mark = async (runId: string, text: string): Promise<void> => {
    await pool.query('INSERT INTO public.marks (run_id, mark, pid) VALUES ($1, $2, $3)', [runId, text, process.pid]);
  };
  return {
    async run(steps) {
      const { runId } = steps;
      const plan = JSON.parse((await findRun(pool, runId))?.prompt ?? '') as MarkedRun;
      if (steps.resumed) await mark(runId, 'resumed');
      for (let number = 1; number <= plan.steps; number += 1) {
        const thing = `thing ${number}`;
        steps.undo(thing, async () => {
          await mark(runId, `undo ${number}`);
          await delay(plan.undoMs ?? 0);
          await pool.query('DELETE FROM public.things WHERE run_id = $1 AND thing = $2', [runId, thing]);
        });
        await steps.step(thing, async (signal) => {
          await mark(runId, `begin ${number}`);
          await pool.query('INSERT INTO public.things VALUES ($1, $2) ON CONFLICT DO NOTHING', [runId, thing]);
          if (plan.killAt === number) process.kill(process.pid, 'SIGKILL');
          await delay(plan.stepMs, undefined, { signal });
          if (plan.failAt === number) throw new Error(`step ${number} fails`);
          await mark(runId, `end ${number}`);
        });
      }
    },
    async finish({ runId }, { status }) {
      const run = await findRun(pool, runId);
      await mark(runId, status);
      await recordEnd(pool, { runId, ownerId: '', exclusiveKey: run?.projectId as ProjectId }, status);
    },
  };
}

async function work({ connection, password, submits, ...options }: WorkerSettings): Promise<void> {
  const control = { ...connection, password: new Secret(password) };
  const pool = openControlPool(control);
  const engine = new DbosEngine({ connection: control, pool, body: markingBody(pool), graceMs: 0, ...options });
  const loadedMs = performance.now();
  await engine.start(options);
  const startedMs = performance.now() - loadedMs;
  process.once('message', () => void close());
  const tookOver = await engine.takeOver();
  const own = submits && (await recordRun(pool, 'local', JSON.stringify(submits)));
  if (own) await engine.submit(own);
  report({ type: 'ready', loadedMs, startedMs, tookOver, submitted: own?.runId });

  async function close(): Promise<void> {
    const askedMs = performance.now();
    await engine.close();
    await pool.end();
    report({ type: 'closed', closedMs: performance.now() - askedMs });
    // Nothing that the engine left behind may keep the process from ending by itself.
    process.disconnect();
  }
}

function report(message: WorkerReport): void {
  process.send?.(message);
}

if (process.send) process.once('message', (settings) => void work(settings as WorkerSettings));
