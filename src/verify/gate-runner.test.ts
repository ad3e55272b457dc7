import assert from 'node:assert/strict';
import { test } from 'node:test';
import { TurboError } from '../domain/errors.ts';
import type { GateResult } from '../domain/receipt.ts';
import { Redactor } from '../domain/redactor.ts';
import { Secret } from '../domain/secret.ts';
import { GateRunner, verificationError } from './gate-runner.ts';

const never = new AbortController().signal;

function runnerThatTells(told: GateResult[], signal = never): GateRunner {
  const redactor = new Redactor();
  redactor.add(new Secret('hunter2hunter2'));
  return new GateRunner(redactor, signal, (result) => {
    told.push(result);
    return Promise.resolve();
  });
}

test('times a gate, takes secrets out of what it says, and tells of it', async () => {
  const told: GateResult[] = [];
  const runner = runnerThatTells(told);
  const outcome = await runner.run('types', () =>
    Promise.resolve({ status: 'failed', summary: 'saw hunter2hunter2', evidence: ['and hunter2hunter2 again'] }),
  );
  assert.equal(outcome.status, 'failed');
  assert.deepEqual(
    told.map(({ gate, status, summary, evidence }) => ({ gate, status, summary, evidence })),
    [{ gate: 'types', status: 'failed', summary: 'saw [secret]', evidence: ['and [secret] again'] }],
  );
  assert.ok(told[0] && told[0].durationMs >= 0);
  assert.deepEqual(runner.results, told);
});

test('a gate that cannot be carried out is no result', async () => {
  const runner = runnerThatTells([]);
  await assert.rejects(
    runner.run('boot', () => Promise.reject(new Error('no machine'))),
    { code: 'VERIFICATION_FAILED', message: 'The gate «boot» broke off: no machine' },
  );
  const cause = new TypeError('x.map is not a function: hunter2hunter2\nmore');
  await assert.rejects(
    runner.run('tests', () => Promise.reject(cause)),
    {
      message: 'The gate «tests» broke off: TypeError: x.map is not a function: [secret]',
    },
  );
  assert.deepEqual(runner.results, []);
});

test('runs nothing after an abort', async () => {
  const runner = runnerThatTells([], AbortSignal.abort(new Error('enough')));
  await assert.rejects(
    runner.run('boot', () => assert.fail('it was run')),
    /enough/,
  );
});

test('what breaks off becomes VERIFICATION_FAILED; an abort and a known failure stay what they are', () => {
  const cause = new Error('no machine');
  const error = verificationError(cause, never);
  assert.ok(error instanceof TurboError && error.code === 'VERIFICATION_FAILED' && error.cause === cause);
  assert.equal(verificationError(cause, AbortSignal.abort()), cause);
  const known = new TurboError('SANDBOX_UNAVAILABLE', 'x');
  assert.equal(verificationError(known, never), known);
});
