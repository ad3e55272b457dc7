import assert from 'node:assert/strict';
import { test } from 'node:test';
import { TurboError } from '../domain/errors.ts';
import { isTransient, withRetries } from './transient-failure.ts';

const coded = (code: string): Error => Object.assign(new Error(code), { code });

test('a lost connection and a server that starts or stops are transient, an error in a statement is not', () => {
  for (const code of ['ECONNREFUSED', 'ECONNRESET', '08006', '57P01', '57P03', '53300']) {
    assert.equal(isTransient(coded(code)), true, code);
  }
  for (const code of ['23505', '42P01', '57014', 'ENOENT', 'DEPLOY_FAILED']) {
    assert.equal(isTransient(coded(code)), false, code);
  }
  assert.equal(isTransient(new Error('Connection terminated unexpectedly')), true);
  assert.equal(isTransient('ECONNREFUSED'), false);
});

test('a cause counts, and so does one of several errors', () => {
  assert.equal(isTransient(new Error('outer', { cause: new Error('inner', { cause: coded('08006') }) })), true);
  assert.equal(isTransient(new AggregateError([new Error('a'), coded('ECONNREFUSED')])), true);
});

test('a provider that is away was waited for already', () => {
  const lost = { cause: new Error('fetch failed', { cause: coded('ECONNREFUSED') }) };
  assert.equal(isTransient(new TurboError('PROVIDER_UNAVAILABLE', 'It cannot be reached', lost)), false);
  assert.equal(isTransient(new TurboError('CLUSTER_UNAVAILABLE', 'It cannot be reached', lost)), true);
});

test('retrying ends with success, with the attempts, with another error or with the signal', async () => {
  const policy = { attempts: 3, firstWaitMs: 1, maxWaitMs: 1, retries: isTransient };
  let tries = 0;
  const failing = (error: Error, times: number) => async (): Promise<number> => {
    tries += 1;
    if (tries <= times) throw error;
    return tries;
  };
  assert.equal(await withRetries(policy, failing(coded('08006'), 2)), 3);
  tries = 0;
  await assert.rejects(withRetries(policy, failing(coded('08006'), 3)), { code: '08006' });
  tries = 0;
  await assert.rejects(withRetries(policy, failing(coded('23505'), 1)), { code: '23505' });
  assert.equal(tries, 1);
  tries = 0;
  await assert.rejects(withRetries(policy, failing(coded('08006'), 1), AbortSignal.abort()), { code: '08006' });
  assert.equal(tries, 1);
});
