import assert from 'node:assert/strict';
import { test } from 'node:test';
import { RequestBudget } from './request-budget.ts';

test('a caller has a minute’s worth of calls at once, and then as many as come back', () => {
  let now = 0;
  const budget = new RequestBudget(60, () => now);
  for (let call = 0; call < 60; call += 1) assert.ok(budget.take('ada').allowed);
  const refused = budget.take('ada');
  assert.deepEqual(refused, { allowed: false, limit: 60, remaining: 0, waitSeconds: 1 });
  assert.ok(budget.take('bob').allowed, 'others have their own');

  now = 2000;
  assert.ok(budget.take('ada').allowed);
  assert.ok(budget.take('ada').allowed);
  assert.ok(!budget.take('ada').allowed);

  now = 3_600_000;
  assert.equal(budget.take('ada').remaining, 59, 'never more than a minute’s worth');
});

test('callers that were quiet for long are forgotten, not those that call', () => {
  const budget = new RequestBudget(2, () => 0);
  budget.take('ada');
  budget.take('ada');
  for (let caller = 0; caller < 9_999; caller += 1) budget.take(`caller ${caller}`);
  assert.ok(!budget.take('ada').allowed);
  for (let caller = 0; caller < 10_000; caller += 1) budget.take(`other ${caller}`);
  assert.ok(budget.take('ada').allowed);
});
