import assert from 'node:assert/strict';
import { test } from 'node:test';
import { withRetries } from '../domain/transient-failure.ts';
import { BRIEF_WITH_DATABASES } from './connect.ts';

test('tries again what passes by itself, and only that', async () => {
  const starting = failing('57P03', 2);
  assert.equal(await withRetries(BRIEF_WITH_DATABASES, starting.work), 'done');
  assert.equal(starting.calls(), 3);
  const refused = failing('42501', 1);
  await assert.rejects(withRetries(BRIEF_WITH_DATABASES, refused.work), { code: '42501' });
  assert.equal(refused.calls(), 1);
});

/** Work that fails with `code` the first few times. */
function failing(code: string, times: number): { readonly calls: () => number; readonly work: () => Promise<string> } {
  let calls = 0;
  return {
    calls: () => calls,
    work: async () => {
      calls += 1;
      if (calls <= times) throw Object.assign(new Error('no'), { code });
      return 'done';
    },
  };
}
