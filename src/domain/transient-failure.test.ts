import assert from 'node:assert/strict';
import { test } from 'node:test';
import { isDatabaseAway } from './database-away.ts';
import { withRetries } from './transient-failure.ts';

const coded = (code: string): Error => Object.assign(new Error(code), { code });

test('retrying ends with success, with the attempts, with another error or with the signal', async () => {
  const policy = { attempts: 3, firstWaitMs: 1, maxWaitMs: 1, retries: isDatabaseAway };
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
