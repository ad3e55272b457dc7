import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { CommandResult, Sandbox } from '../../sandbox/sandbox.ts';
import { typesGate } from './types-gate.ts';

/** A sandbox whose compiler answers what it is told to. */
function requestWith(result: Partial<CommandResult>): Parameters<typeof typesGate>[0] {
  const sandbox = {
    directory: '/p',
    typescript: ['/bin/tsc'],
    run: (command: readonly string[]) => {
      const version = { exitCode: 0, timedOut: false, output: 'Version 7.0.2\n', durationMs: 1 };
      return Promise.resolve(command.includes('--version') ? version : { ...version, ...result });
    },
  } as Partial<Sandbox> as Sandbox;
  return { sandbox, signal: new AbortController().signal };
}

test('names the files that were checked and the compiler', async () => {
  const output = '/p/node_modules/pg/index.d.ts\n/lib/lib.es5.d.ts\n/p/src/app.ts\n/p/test/a.test.ts\n';
  assert.deepEqual(await typesGate(requestWith({ output })), {
    status: 'passed',
    summary: '2 files, no errors',
    evidence: ['Version 7.0.2', 'src/app.ts', 'test/a.test.ts'],
  });
});

test('tells the first error with its place', async () => {
  const error = "src/app.ts(3,7): error TS2322: Type 'string' is not assignable to type 'number'.";
  const outcome = await typesGate(requestWith({ exitCode: 2, output: `${error}\n/p/src/app.ts\n` }));
  assert.equal(outcome.status, 'failed');
  assert.equal(outcome.summary, `Type errors: 1, the first: ${error}`);
  assert.deepEqual(outcome.evidence, ['Version 7.0.2', error]);
});

test('a compiler that saw no file of the project has checked nothing', async () => {
  const outcome = await typesGate(requestWith({ output: '/lib/lib.es5.d.ts\n' }));
  assert.deepEqual([outcome.status, outcome.summary], ['failed', 'The compiler was given no file of the project']);
});

test('a compiler that cannot be started has failed', async () => {
  const outcome = await typesGate(requestWith({ exitCode: 127, output: 'not found' }));
  assert.deepEqual([outcome.status, outcome.summary], ['failed', 'The compiler ended with exit code 127']);
});
