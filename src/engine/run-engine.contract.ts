import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { setTimeout as delay } from 'node:timers/promises';
import { TurboError } from '../domain/errors.ts';
import { newId, type RunId } from '../domain/ids.ts';
import type { RunBody, RunEngine, RunOutcome, RunRequest, RunSteps } from './run-engine.ts';

/** What an adapter's test provides; the engines of one bench share what outlives them. */
export interface EngineBench {
  /** A new engine, not started. */
  engine(body: RunBody): RunEngine;
  /** A request whose run and project are on record. */
  request(ownerId?: string): Promise<RunRequest>;
  /** Puts a run's end on record, as every body has to. */
  recordEnd(runId: RunId, outcome: RunOutcome): Promise<void>;
  close(): Promise<void>;
}

/** The promises of `RunEngine`; every adapter has to keep them. */
export function describeRunEngine(name: string, openBench: () => Promise<EngineBench>): void {
  describe(name, () => {
    let bench: EngineBench;
    let log: string[];
    let outcome: RunOutcome | undefined;

    before(async () => {
      bench = await openBench();
    });
    after(() => bench.close());

    test('carries a run out step by step and finishes it once', async () => {
      await carryOut(async (steps) => {
        const one = await steps.step('one', async () => ({ length: log.push('one') }));
        await steps.step('two', async () => log.push(`two after ${one.length}`));
      });
      assert.deepEqual(log, ['one', 'two after 1', 'succeeded']);
    });

    test('hands a step’s result on as JSON, the first time as on replay', async () => {
      await carryOut(async (steps) => {
        const made = await steps.step<unknown>('make', async () => ({ at: new Date(0), left: undefined }));
        const nothing = await steps.step('nothing', async () => undefined);
        log.push(JSON.stringify(made), String(nothing));
      });
      assert.deepEqual(log, ['{"at":"1970-01-01T00:00:00.000Z"}', 'undefined', 'succeeded']);
    });

    test('keeps the results of steps that are begun together', async () => {
      await carryOut(async (steps) => {
        const all = await Promise.all([30, 1, 15].map((ms) => steps.step(`wait ${ms}`, () => delay(ms, ms))));
        log.push(all.join());
      });
      assert.deepEqual(log, ['30,1,15', 'succeeded']);
    });

    test('undoes newest first when the body rejects, and keeps what a TurboError says', async () => {
      await carryOut(async (steps) => {
        steps.undo('one', async () => void log.push('undo one'));
        await steps.step('one', async () => undefined);
        steps.undo('two', async () => void log.push('undo two'));
        await steps.step('two', async () => {
          throw new TurboError('CODE_FAILED', 'no code', { fix: 'mend it', phase: 'code', cause: new Error('why') });
        });
      });
      assert.deepEqual(log, ['undo two', 'undo one', 'failed']);
      assert.ok(outcome?.status === 'failed' && outcome.error instanceof TurboError);
      const { code, message, fix, phase, cause } = outcome.error;
      assert.deepEqual(
        { code, message, fix, phase },
        { code: 'CODE_FAILED', message: 'no code', fix: 'mend it', phase: 'code' },
      );
      assert.equal(cause instanceof Error && cause.message, 'why');
    });

    test('goes on when the body makes do without a step that failed', async () => {
      await carryOut(async (steps) => {
        await steps.step('guess', () => Promise.reject(new Error('down'))).catch(() => log.push('without'));
        await steps.step('rest', async () => log.push('rest'));
      });
      assert.deepEqual(log, ['without', 'rest', 'succeeded']);
    });

    test('names what could not be undone and undoes the rest', async () => {
      await carryOut(async (steps) => {
        steps.undo('one', async () => void log.push('undo one'));
        steps.undo('two', () => Promise.reject(new Error('stuck')));
        await steps.step('two', () => Promise.reject(new Error('broken')));
      });
      assert.deepEqual(log, ['undo one', 'failed']);
      assert.deepEqual(outcome?.status === 'failed' && outcome.notUndone, ['two']);
    });

    test('tries a step again while a database is away', async () => {
      await carryOut(async (steps) => {
        await steps.step('query', async () => {
          log.push('asked');
          const away = Object.assign(new Error('refused'), { code: 'ECONNREFUSED' });
          if (log.length < 3) throw new Error('no answer', { cause: away });
        });
      });
      assert.deepEqual(log, ['asked', 'asked', 'asked', 'succeeded']);
    });

    test('a run is tried again when a database was away between its steps', async () => {
      await carryOut(async (steps) => {
        steps.undo('one', () => assert.fail('is not undone'));
        await steps.step('one', async () => log.push('one'));
        if (log.push('between') === 2) throw Object.assign(new Error('refused'), { code: 'ECONNREFUSED' });
      });
      assert.deepEqual(log, ['one', 'between', 'between', 'succeeded']);
    });

    test('a cancelled run stops in its step, is undone and begins no other', async () => {
      const began = Promise.withResolvers<void>();
      const body = recorded(async (steps) => {
        steps.undo('one', async () => void log.push('undo one'));
        await steps.step('one', async (signal) => {
          began.resolve();
          await delay(30_000, undefined, { signal });
        });
        await steps.step('two', async () => log.push('two'));
      });
      await withEngine(body, 2, async (engine) => {
        const { runId } = await submitted(engine);
        await began.promise;
        await engine.cancel(runId);
        await engine.ended(runId);
      });
      assert.deepEqual(log, ['undo one', 'cancelled']);
    });

    test('a run that is cancelled before it begins has no effect, and an engine without places begins none', async () => {
      const body = recorded((steps) => steps.step('one', async () => void log.push('one')));
      const request = await withEngine(body, 0, async (engine) => {
        const waiting = await submitted(engine);
        await engine.cancel(waiting.runId);
        await delay(200);
        return waiting;
      });
      assert.deepEqual(log, []);
      await withEngine(body, 1, (engine) => engine.ended(request.runId));
      assert.deepEqual(log, ['cancelled']);
    });

    test('a body cannot overlook that its run was cancelled', async () => {
      let cancel: (runId: RunId) => Promise<void>;
      const body = recorded(async (steps) => {
        await steps.step('one', () => cancel(steps.runId));
        await steps.step('two', async () => log.push('two')).catch(() => undefined);
      });
      await withEngine(body, 1, async (engine) => {
        cancel = (runId) => engine.cancel(runId);
        const { runId } = await submitted(engine);
        await engine.ended(runId);
      });
      assert.deepEqual(log, ['cancelled']);
    });

    test('the same run is carried out once, however often it is handed in', async () => {
      const body = recorded((steps) => steps.step('one', async () => void log.push('one')));
      await withEngine(body, 2, async (engine) => {
        const request = await bench.request();
        await Promise.all([engine.submit(request), engine.submit(request)]);
        await engine.ended(request.runId);
        await engine.submit(request);
        await engine.ended(request.runId);
      });
      assert.deepEqual(log, ['one', 'succeeded']);
    });

    test('a second run with the same exclusive key is refused until the first has ended', async () => {
      const body = recorded((steps) => steps.step('wait', () => delay(300)));
      await withEngine(body, 2, async (engine) => {
        const first = await submitted(engine);
        const second = { ...(await bench.request()), exclusiveKey: first.exclusiveKey };
        await assert.rejects(engine.submit(second), { code: 'PROJECT_BUSY' });
        await engine.ended(first.runId);
        await engine.submit(second);
        await engine.ended(second.runId);
      });
      assert.deepEqual(log, ['succeeded', 'succeeded']);
    });

    test('carries out at most as many runs at a time as it was started with', async () => {
      let now = 0;
      let most = 0;
      const body = recorded((steps) =>
        steps.step('wait', async () => {
          most = Math.max(most, ++now);
          await delay(250);
          now -= 1;
        }),
      );
      await withEngine(body, 2, async (engine) => {
        const owners = ['ada', 'ada', 'ada', 'bob', 'bob', 'cleo'];
        const requests = await Promise.all(owners.map((owner) => submitted(engine, owner)));
        await Promise.all(requests.map(({ runId }) => engine.ended(runId)));
      });
      assert.equal(most, 2);
    });

    test('what close interrupts goes on elsewhere, no finished step repeated', async () => {
      const began = Promise.withResolvers<void>();
      const body = recorded(async (steps) => {
        await steps.step('one', async () => log.push('one'));
        await steps.step('two', async (signal) => {
          log.push(steps.resumed ? 'two again' : 'two');
          began.resolve();
          if (!steps.resumed) await delay(30_000, undefined, { signal });
        });
      });
      const request = await withEngine(body, 1, async (engine) => {
        const begun = await submitted(engine);
        await began.promise;
        return begun;
      });
      await withEngine(body, 1, (engine) => engine.ended(request.runId));
      assert.deepEqual(log, ['one', 'two', 'two again', 'succeeded']);
    });

    test('a run that nobody submitted is not found, and cancelling it changes nothing', async () => {
      const body = recorded(() => Promise.resolve());
      await withEngine(body, 1, async (engine) => {
        await engine.cancel(newId('run'));
        await assert.rejects(engine.ended(newId('run')), { code: 'RUN_NOT_FOUND' });
      });
    });

    /** A body that logs how it ended. */
    function recorded(run: (steps: RunSteps) => Promise<void>): RunBody {
      log = [];
      outcome = undefined;
      return {
        run,
        async finish(steps, end) {
          log.push(end.status);
          outcome = end;
          await bench.recordEnd(steps.runId, end);
        },
      };
    }

    async function carryOut(run: (steps: RunSteps) => Promise<void>): Promise<void> {
      await withEngine(recorded(run), 2, async (engine) => {
        const { runId } = await submitted(engine);
        await engine.ended(runId);
      });
    }

    async function withEngine<T>(
      body: RunBody,
      concurrency: number,
      use: (engine: RunEngine) => Promise<T>,
    ): Promise<T> {
      const engine = bench.engine(body);
      await engine.start({ concurrency });
      try {
        return await use(engine);
      } finally {
        await engine.close();
      }
    }

    async function submitted(engine: RunEngine, ownerId?: string): Promise<RunRequest> {
      const request = await bench.request(ownerId);
      await engine.submit(request);
      return request;
    }
  });
}
