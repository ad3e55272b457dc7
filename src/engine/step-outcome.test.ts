import assert from 'node:assert/strict';
import { test } from 'node:test';
import { TurboError } from '../domain/errors.ts';
import { doneWith, failedWith, toError } from './step-outcome.ts';

test('a result is what JSON makes of it', () => {
  assert.deepEqual(doneWith({ at: new Date(0), gone: undefined }), {
    status: 'done',
    value: { at: '1970-01-01T00:00:00.000Z' },
  });
  assert.deepEqual(doneWith(undefined), { status: 'done' });
});

test('a TurboError comes back as one, with what caused it', () => {
  const cause = Object.assign(new Error('refused'), { code: 'ECONNREFUSED' });
  const error = rebuilt(
    new TurboError('DEPLOY_FAILED', 'not healthy', { cause, phase: 'deploy', fix: 'look at the log' }),
  );
  assert.ok(error instanceof TurboError);
  const { code, message, phase, fix } = error;
  assert.deepEqual(
    { code, message, phase, fix },
    { code: 'DEPLOY_FAILED', message: 'not healthy', phase: 'deploy', fix: 'look at the log' },
  );
  assert.equal((error.cause as { code?: string }).code, 'ECONNREFUSED');
});

test('a bug comes back with its name and where it came from', () => {
  const bug = new TypeError('x is not a function');
  const error = rebuilt(bug);
  assert.deepEqual([error.name, error.message, error.stack], [bug.name, bug.message, bug.stack?.slice(0, 2000)]);
});

test('what is thrown without being an error still has a message', () => {
  assert.equal(rebuilt('nope').message, 'nope');
});

test('an error that causes itself ends somewhere', () => {
  const error = new Error('round');
  error.cause = error;
  assert.equal(rebuilt(error).message, 'round');
});

function rebuilt(error: unknown): Error {
  const outcome = JSON.parse(JSON.stringify(failedWith(error))) as ReturnType<typeof failedWith>;
  return outcome.status === 'failed' ? toError(outcome.failure) : assert.fail();
}
