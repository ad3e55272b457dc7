import assert from 'node:assert/strict';
import { test } from 'node:test';
import { newId } from '../domain/ids.ts';
import { MemoryEngine, RunMemory } from './memory-engine.ts';
import { describeRunEngine } from './run-engine.contract.ts';
import type { RunBody, RunRequest } from './run-engine.ts';

describeRunEngine('MemoryEngine', async () => {
  const memory = new RunMemory();
  return {
    engine: (body) => new MemoryEngine(body, memory),
    request: async (ownerId = 'local') => newRequest(ownerId),
    recordEnd: async () => undefined,
    close: async () => undefined,
  };
});

for (let crash = 0; crash <= 3; crash += 1) {
  test(`a run whose process crashes after ${crash} steps is carried on without repeating them`, async () => {
    const memory = new RunMemory();
    const effects: string[] = [];
    const body = threeSteps(effects);
    const crashing = new MemoryEngine(body, memory);
    crashing.crashAfter(crash);
    await crashing.start({ concurrency: 1 });
    const request = newRequest('local');
    await crashing.submit(request);
    await new Promise(setImmediate);
    assert.equal(crashing.crashed, true);

    const successor = new MemoryEngine(body, memory);
    await successor.start({ concurrency: 1 });
    assert.deepEqual(await successor.takeOver(), [request.runId]);
    await successor.ended(request.runId);
    // The step that went on in the crash is repeated; nothing before it is.
    const expected = ['one', 'two', 'three', 'succeeded'];
    assert.deepEqual(effects, [...expected.slice(0, crash + 1), ...expected.slice(crash)]);
  });
}

function threeSteps(effects: string[]): RunBody {
  return {
    async run(steps) {
      for (const name of ['one', 'two', 'three']) await steps.step(name, async () => effects.push(name));
    },
    async finish(_steps, outcome) {
      effects.push(outcome.status);
    },
  };
}

function newRequest(ownerId: string): RunRequest {
  return { runId: newId('run'), ownerId, exclusiveKey: newId('project') };
}
