import assert from 'node:assert/strict';
import { test } from 'node:test';
import { z } from 'zod';
import { TurboError } from '../domain/errors.ts';
import { isBug, problemOf, problemShape } from './problem.ts';

const REQUEST = { id: 'request-1', url: '/v1/projects?limit=0' };

test('a failure of ours is told with its code, status and fix', () => {
  const problem = problemOf(new TurboError('NAME_TAKEN', 'There is one', { fix: 'Choose another.' }), REQUEST);
  assert.deepEqual(problem, {
    type: 'urn:turbobackend:problem:name-taken',
    title: 'Conflict',
    status: 409,
    detail: 'There is one',
    instance: '/v1/projects',
    code: 'NAME_TAKEN',
    fix: 'Choose another.',
    requestId: 'request-1',
  });
  assert.deepEqual(problemShape.parse(problem), problem);
});

test('input that does not fit is complained about by JSON pointers', () => {
  const { error: cause } = z
    .object({ list: z.array(z.object({ 'a/b': z.int() })) })
    .safeParse({ list: [{ 'a/b': 'x' }] });
  const problem = problemOf(new TurboError('USAGE', 'no', { cause }), REQUEST);
  assert.equal(problem.errors?.[0]?.pointer, '/list/0/a~1b');
});

test('what nobody foresaw tells its caller nothing', () => {
  const bug = new Error('password authentication failed for user tb_admin');
  assert.ok(isBug(bug));
  const problem = problemOf(bug, REQUEST);
  assert.equal(problem.status, 500);
  assert.equal(problem.code, 'INTERNAL');
  assert.doesNotMatch(JSON.stringify(problem), /tb_admin/);
  assert.equal(problemOf(undefined, REQUEST).code, 'INTERNAL');
});

test('a database that is away is no bug, and may be back soon', () => {
  for (const code of ['ECONNREFUSED', '57P01', '08006']) {
    const away = Object.assign(new Error('away'), { code });
    assert.ok(!isBug(away));
    assert.equal(problemOf(away, REQUEST).status, 503);
  }
});
