import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Redactor } from '../../domain/redactor.ts';
import { Secret } from '../../domain/secret.ts';
import { gitHubError, RATE_LIMITED, waitAskedFor } from './api-error.ts';

const redactor = new Redactor();
redactor.add(new Secret('ghp_secret'));

function errorOf(response: {
  readonly status: number;
  readonly headers?: Record<string, string>;
  readonly data?: unknown;
}) {
  return gitHubError(
    { message: 'octokit', response: { headers: {}, data: '', ...response } },
    { apiUrl: 'https://api.github.com', redactor },
  );
}

test('takes over what GitHub said, without its secrets and its pages', () => {
  const errors = [
    { resource: 'Repository', field: 'name', code: 'custom', message: 'name already exists' },
    { field: 'x', code: 'missing' },
  ];
  const { message } = errorOf({ status: 422, data: { message: 'Failed for ghp_secret', errors } });
  assert.equal(message, 'GitHub answered 422: Failed for [secret]: name already exists: x missing');
  assert.equal(errorOf({ status: 502, data: '<html>Unicorn</html>' }).message, 'GitHub answered 502');
  assert.equal(errorOf({ status: 500, data: 'x'.repeat(9999) }).message.length, 500);
});

test('knows what may have been done', () => {
  assert.deepEqual(
    [422, 403, 408, 502].map((status) => errorOf({ status }).mayBeDone),
    [false, false, true, true],
  );
  const lost = gitHubError(
    { message: 'fetch failed', cause: { cause: { code: 'ECONNRESET' } } },
    { apiUrl: 'https://api.github.com', redactor },
  );
  assert.deepEqual(
    [lost.message, lost.status, lost.mayBeDone],
    ['GitHub cannot be reached at api.github.com (ECONNRESET)', undefined, true],
  );
});

test('tells a limit from a missing right, and when it ends', () => {
  assert.equal(errorOf({ status: 403, data: { message: 'Forbidden' } }).code, undefined);
  assert.equal(errorOf({ status: 403, headers: { 'x-ratelimit-remaining': '7' } }).code, undefined);
  for (const limited of [
    { status: 429 },
    { status: 403, headers: { 'retry-after': '60' } },
    { status: 403, data: { message: 'You have exceeded a secondary rate limit' } },
  ]) {
    assert.equal(errorOf(limited).code, RATE_LIMITED);
  }
  const headers = { 'x-ratelimit-remaining': '0', 'x-ratelimit-reset': '1800000000' };
  assert.match(errorOf({ status: 403, headers }).message, /it takes requests again at 2027-01-15T08:00:00Z$/);
});

test('reads how long to wait, in seconds or until a date', () => {
  assert.equal(waitAskedFor(429, { 'retry-after': '2' }), 2000);
  assert.equal(waitAskedFor(403, { 'retry-after': new Date(0).toUTCString() }), 0);
  assert.equal(waitAskedFor(403, { 'retry-after': 'soon' }), undefined);
  assert.equal(waitAskedFor(503, { 'retry-after': '2' }), undefined);
});
