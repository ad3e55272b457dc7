import assert from 'node:assert/strict';
import { test } from 'node:test';
import { isDiskFull } from '../domain/disk-full.ts';
import { TurboError } from '../domain/errors.ts';
import { newId } from '../domain/ids.ts';
import { carryOut, type Refusal, type RunJournal, runCancelled } from './carry-out.ts';
import { BRIEF_WITH_A_FULL_DISK, PATIENT_WITH_A_FULL_DISK } from '../domain/transient-failure.ts';
import type { RunBody, RunOutcome, RunSteps } from './run-engine.ts';

test('a cancelled run does not wait for ever for a step that does not heed its signal', async () => {
  const stopping = new AbortController();
  const { body, log } = logged(async (steps) => {
    steps.undo('one', async () => void log.push('undo one'));
    await steps.step('one', () => {
      stopping.abort(runCancelled(steps.runId));
      return new Promise(() => undefined);
    });
  });
  await carryOut(body, journal({ signal: stopping.signal }), { overdueMs: 10 });
  assert.deepEqual(log, ['undo one', 'cancelled']);
});

test('a run whose steps are refused is undone as far as it had come', async () => {
  const { body, log, ends } = logged(async (steps) => {
    for (const name of ['one', 'two', 'three']) {
      steps.undo(name, async () => void log.push(`undo ${name}`));
      await steps.step(name, async () => log.push(name));
    }
  });
  await carryOut(body, journal({ known: ['one'], refusal: 1 }));
  assert.deepEqual(log, ['undo two', 'undo one', 'failed']);
  const [end] = ends;
  assert.ok(end?.status === 'failed' && end.error instanceof TurboError && end.error.code === 'RUN_GIVEN_UP');
});

test('a run whose undo steps are refused as well names them all', async () => {
  const { body, log, ends } = logged(async (steps) => {
    steps.undo('one', () => assert.fail('is not called'));
    await steps.step('one', () => assert.fail('is not called'));
  });
  await carryOut(body, journal({ refusal: 2 }));
  assert.deepEqual(log, ['failed']);
  assert.deepEqual(ends[0]?.status === 'failed' && ends[0].notUndone, ['one']);
});

test('a step waits for room on the disk and goes on, as the run did before it', async () => {
  let tries = 0;
  const { body, log } = logged(async (steps) => {
    await steps.step('write', async () => {
      tries += 1;
      const full = Object.assign(new Error('write failed'), { code: 'ENOSPC' });
      if (tries < 4) throw new TurboError('PUBLISH_FAILED', 'Could not commit', { cause: full });
    });
  });
  await carryOut(body, journal({}), { fullDisk: { ...PATIENT_WITH_A_FULL_DISK, firstWaitMs: 1 } });
  assert.deepEqual([tries, log], [4, ['succeeded']]);
});

test('where somebody waits for the run, a disk that stays full ends it, and what was made is taken back', async () => {
  const { body, log, ends } = logged(async (steps) => {
    steps.undo('write', async () => void log.push('undo write'));
    await steps.step('write', () => Promise.reject(Object.assign(new Error('no room'), { code: '53100' })));
  });
  await carryOut(body, journal({}), { fullDisk: { ...BRIEF_WITH_A_FULL_DISK, firstWaitMs: 1 } });
  assert.deepEqual(log, ['undo write', 'failed']);
  const [end] = ends;
  assert.ok(end?.status === 'failed' && isDiskFull(end.error));
});

test('many steps leave no listener behind on the run’s signal', async () => {
  const warnings: Error[] = [];
  const warn = (warning: Error): void => void warnings.push(warning);
  process.on('warning', warn);
  const { body } = logged(async (steps) => {
    for (let number = 0; number < 30; number += 1) await steps.step(`step ${number}`, async () => undefined);
  });
  await carryOut(body, journal({}));
  await new Promise(setImmediate);
  process.off('warning', warn);
  assert.deepEqual(warnings, []);
});

function logged(run: (steps: RunSteps) => Promise<void>): { body: RunBody; log: string[]; ends: RunOutcome[] } {
  const log: string[] = [];
  const ends: RunOutcome[] = [];
  const finish: RunBody['finish'] = async (_steps, outcome) => {
    ends.push(outcome);
    log.push(outcome.status);
  };
  return { body: { run, finish }, log, ends };
}

/** A journal that knows the outcomes of the steps named `known` and attempts all others. */
function journal(given: {
  readonly signal?: AbortSignal;
  readonly known?: readonly string[];
  readonly refusal?: Refusal;
}): RunJournal {
  return {
    runId: newId('run'),
    resumed: false,
    signal: given.signal ?? new AbortController().signal,
    record: async (name, attempt) =>
      given.known?.includes(name)
        ? { status: 'done' }
        : await attempt({ cancelled: false, refusal: given.refusal ?? 0 }),
  };
}
