import assert from 'node:assert/strict';
import { test } from 'node:test';
import { documentFaults, generalFaults, isPasswordName } from './answer-checks.ts';
import type { ApiDocument, Operation } from './api-document.ts';
import type { HttpAnswer, HttpRequest } from './http-client.ts';

const operation: Operation = {
  id: 'GET /v1/users/{id}',
  method: 'GET',
  path: '/v1/users/{id}',
  parameters: [],
  body: undefined,
  answers: {
    200: {
      'application/json': { type: 'object', required: ['id'], additionalProperties: false, properties: { id: {} } },
    },
    204: {},
    '4XX': { 'application/problem+json': true },
  },
  rules: [],
};
const document: ApiDocument = { operations: [operation], otherRules: [], resolve: () => undefined };
const faultOf = (answer: HttpAnswer) => documentFaults(answer, operation, document).join();
const problem = (status: number, change: object = {}) =>
  answerOf(status, { title: 'Bad', status, ...change }, 'application/problem+json');

function answerOf(
  status: number,
  json: unknown,
  type = 'application/json',
  request: Partial<HttpRequest> = {},
): HttpAnswer {
  const text = json === undefined ? '' : JSON.stringify(json);
  return { request: { method: 'GET', path: '/', ...request }, status, headers: { 'content-type': type }, text, json };
}

test('an answer as documented has no fault', () => {
  assert.deepEqual(documentFaults(answerOf(200, { id: 1 }), operation, document), []);
  assert.deepEqual(documentFaults(problem(404), operation, document), []);
  assert.deepEqual(documentFaults(answerOf(204, undefined), operation, document), []);
  assert.deepEqual(generalFaults(problem(404)), []);
});

test('finds statuses, types and bodies that are not documented', () => {
  assert.match(faultOf(answerOf(201, {})), /documented statuses 200, 204, 4XX/);
  assert.match(faultOf(answerOf(200, 'x', 'text/html')), /type application\/json, got text\/html/);
  assert.match(faultOf(answerOf(200, { id: 1, hash: 'x' })), /\/hash: is not documented/);
  assert.match(faultOf({ ...answerOf(200, undefined), text: '{' }), /body that is JSON/);
  assert.match(faultOf(answerOf(204, { id: 1 })), /no body/);
  assert.match(faultOf({ ...answerOf(0, undefined), text: 'no answer: ECONNRESET' }), /^an answer$/);
});

test('an error is a problem with its own status, never a 5xx but for a documented 501', () => {
  assert.match(generalFaults(answerOf(400, { error: 'x' })).join(), /problem\+json, got application\/json/);
  assert.match(generalFaults(problem(400, { status: 422 })).join(), /problem whose status is 400/);
  assert.match(generalFaults(problem(500)).join(), /no 5xx/);
  assert.match(generalFaults(problem(501)).join(), /no 5xx/);
  assert.deepEqual(generalFaults(problem(501), true), []);
});

test('finds passwords, stack traces, SQL and version headers', () => {
  assert.match(generalFaults(answerOf(200, { data: [{ password_hash: 'x' }] })).join(), /password_hash/);
  for (const detail of [
    'at Object.handler (/srv/src/routes/users.ts:12:5)',
    'boom in users.ts:12',
    'connect ECONNREFUSED 127.0.0.1:5432',
  ])
    assert.match(generalFaults(problem(400, { detail })).join(), /nothing of the code/, detail);
  for (const detail of [
    'syntax error at or near ";"',
    'SELECT id FROM users WHERE id = 1',
    'relation "users" does not exist',
    'duplicate key value violates unique constraint "users_email_key"',
  ])
    assert.match(generalFaults(problem(400, { detail })).join(), /tells no SQL/, detail);
  assert.match(
    generalFaults({ ...problem(404), headers: { ...problem(404).headers, server: 'x/1' } }).join(),
    /no server header/,
  );
});

test('an error may quote what was sent', () => {
  const sort = "id; select 1 from users'";
  const quoting = answerOf(
    400,
    { title: 'Bad', status: 400, detail: `cannot sort by ${sort}` },
    'application/problem+json',
    {
      path: `/v1/users?${new URLSearchParams({ sort }).toString()}`,
    },
  );
  assert.deepEqual(generalFaults(quoting), []);
});

test('knows a password column by its name', () => {
  for (const name of ['password', 'password_hash', 'userPassword', 'pwd', 'admin_passwd'])
    assert.ok(isPasswordName(name), name);
  for (const name of ['passport', 'password_changed_at', 'bypass', 'token']) assert.ok(!isPasswordName(name), name);
});
