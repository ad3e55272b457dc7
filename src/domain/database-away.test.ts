import assert from 'node:assert/strict';
import { test } from 'node:test';
import { isDatabaseAway, toldFailure } from './database-away.ts';
import { TurboError } from './errors.ts';

const coded = (code: string): Error => Object.assign(new Error(code), { code });

test('a lost connection and a server that starts or stops are transient, an error in a statement is not', () => {
  for (const code of [
    'ECONNREFUSED',
    'ECONNRESET',
    '08006',
    '57P01',
    '57P02',
    '57P03',
    '57P05',
    '53200',
    '53300',
    '53400',
    '08P01',
  ]) {
    assert.equal(isDatabaseAway(coded(code)), true, code);
  }
  for (const code of ['23505', '42P01', '57014', 'ENOENT', 'DEPLOY_FAILED']) {
    assert.equal(isDatabaseAway(coded(code)), false, code);
  }
  assert.equal(isDatabaseAway(new Error('Connection terminated unexpectedly')), true);
  assert.equal(isDatabaseAway('ECONNREFUSED'), false);
});

test('a cause counts, and so does one of several errors', () => {
  assert.equal(isDatabaseAway(new Error('outer', { cause: new Error('inner', { cause: coded('08006') }) })), true);
  assert.equal(isDatabaseAway(new AggregateError([new Error('a'), coded('ECONNREFUSED')])), true);
  assert.equal(isDatabaseAway(Object.assign(new Error('outer'), { error: coded('57P01') })), true);
});

test('a provider that is away was waited for already', () => {
  const lost = { cause: new Error('fetch failed', { cause: coded('ECONNREFUSED') }) };
  assert.equal(isDatabaseAway(new TurboError('PROVIDER_UNAVAILABLE', 'It cannot be reached', lost)), false);
  assert.equal(isDatabaseAway(new TurboError('MODEL_UNAVAILABLE', 'It cannot be reached', lost)), false);
  assert.equal(isDatabaseAway(new TurboError('CLUSTER_UNAVAILABLE', 'It cannot be reached', lost)), true);
});

test('what Postgres called it is told as the failure that callers may try again after', () => {
  const told = toldFailure(Object.assign(new Error('out of shared memory'), { code: '53200' }));
  assert.ok(told instanceof TurboError);
  assert.equal(told.code, 'CLUSTER_UNAVAILABLE');
  assert.equal(told.status, 503);
  const known = new TurboError('DEPLOY_FAILED', 'no', { cause: coded('ECONNREFUSED') });
  assert.equal(toldFailure(known), known);
  const bug = new TypeError('x is not a function');
  assert.equal(toldFailure(bug), bug);
});
