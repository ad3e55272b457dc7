import assert from 'node:assert/strict';
import { test } from 'node:test';
import { TurboError } from '../domain/errors.ts';
import { Budget } from './budget.ts';
import type { ModelUsage } from './model-call.ts';
import type { PriceList } from './prices.ts';

/** A dollar per thousand tokens, whichever way they go. */
const price: PriceList = ({ tokensIn, tokensOut }) => (tokensIn + tokensOut) / 1000;
const unknown: PriceList = () => undefined;

const call = { purpose: 'code', tokensIn: 100, maxOutputTokens: 400 };

function bill(tokensOut: number, costUsd?: number): ModelUsage {
  return { provider: 'xai', model: 'm', tokensIn: 100, tokensOut, tokensCached: 0, durationMs: 1, costUsd };
}

const isExceeded = (error: unknown): boolean => error instanceof TurboError && error.code === 'BUDGET_EXCEEDED';

test('a call that could cost more than is left is not made', () => {
  const budget = new Budget({ capUsd: 1 });
  budget.settle(budget.reserve(call, price), bill(400, 0.5));
  budget.settle(budget.reserve(call, price), bill(300, 0.4));
  assert.throws(() => budget.reserve(call, price), isExceeded);
  assert.equal(budget.spentUsd, 0.9);
});

test('calls under way count with the most they can cost', () => {
  const budget = new Budget({ capUsd: 1 });
  const [first] = [budget.reserve(call, price), budget.reserve(call, price)];
  assert.throws(() => budget.reserve(call, price), isExceeded);
  budget.settle(first, 'none');
  assert.equal(budget.reserve(call, price).usd, 0.5);
});

test('a call is given less room when that makes it fit', () => {
  const budget = new Budget({ capUsd: 0.3 });
  assert.equal(budget.reserve(call, price).maxOutputTokens, 200);
  assert.throws(() => new Budget({ capUsd: 0.19 }).reserve(call, price), isExceeded);
});

test('what may have been billed stays set aside', () => {
  const budget = new Budget({ capUsd: 0.8 });
  budget.settle(budget.reserve(call, price), 'uncertain');
  assert.equal(budget.spentUsd, 0);
  assert.equal(budget.reserve(call, price).maxOutputTokens, 200);
});

test('counts what an earlier process spent', () => {
  assert.throws(() => new Budget({ capUsd: 1, spentUsd: 0.9 }).reserve(call, price), isExceeded);
});

test('calls without a known price are limited in number and tokens', () => {
  const few = new Budget({ unpricedCalls: 1 });
  few.settle(few.reserve(call, unknown), bill(10));
  assert.throws(() => few.reserve(call, unknown), isExceeded);

  const small = new Budget({ unpricedTokens: 150 });
  small.settle(small.reserve(call, unknown), bill(10));
  assert.throws(() => small.reserve(call, unknown), isExceeded);
});

test('bills make a price where none is published', () => {
  const budget = new Budget({ capUsd: 1 });
  budget.settle(budget.reserve(call, unknown), bill(400, 0.5));
  assert.equal(budget.reserve(call, unknown).usd, 0.5);
  assert.throws(() => budget.reserve(call, unknown), isExceeded);
});
