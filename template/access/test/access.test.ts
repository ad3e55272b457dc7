import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import type { FastifyInstance } from 'fastify';
import { access } from '../src/access.ts';
import { accessTo, isOpen } from '../src/auth/access-table.ts';
import { issueToken } from '../src/auth/tokens.ts';
import { tables } from '../src/tables.ts';
import { bearer, PASSWORD, signUp, withDatabase } from './support/accounts.ts';
import { ruleOf } from './support/free-of-rules.ts';
import { sampleAccount } from './support/sample-account.ts';
import { startTestApp } from './support/test-app.ts';

let app: FastifyInstance;
const { login } = access.accounts;

before(async () => {
  app = await startTestApp();
});
after(() => app.close());

type Method = 'GET' | 'POST' | 'DELETE';
async function send(method: Method, url: string, token?: string, payload?: object): Promise<{ status: number; body: any }> {
  const headers = token === undefined ? {} : { authorization: `Bearer ${token}` };
  const response = await app.inject({ method, url, headers, ...(payload ? { payload } : {}) });
  return { status: response.statusCode, body: response.body === '' ? undefined : response.json() };
}

const signIn = (name: string, password = PASSWORD) => send('POST', '/v1/auth/login', undefined, { [login]: name, password });
const me = async (token: string): Promise<number> => (await send('GET', '/v1/auth/me', token)).status;

describe('accounts', () => {
  test('a session ends with its logout, and all end with a new password', async () => {
    const { token, login: name } = await signUp(app, await sampleAccount(0));
    const again = (await signIn(name.toUpperCase())).body.token;
    assert.equal(await me(token), 200);
    assert.equal((await send('POST', '/v1/auth/logout', token)).status, 204);
    assert.equal(await me(token), 401);
    const wrong = await send('POST', '/v1/auth/password', again, { password: 'wrong', newPassword: `${PASSWORD}!` });
    assert.equal(wrong.status, 403);
    const changed = await send('POST', '/v1/auth/password', again, { password: PASSWORD, newPassword: `${PASSWORD}!` });
    assert.equal(await me(again), 401);
    assert.equal(await me(changed.body.token), 200);
    assert.equal((await signIn(name)).status, 401);
  });

  test('an API key works until it is ended, by nobody else, and makes no keys', async () => {
    const [alan, grace] = [await signUp(app, await sampleAccount(1)), await signUp(app, await sampleAccount(2))];
    const { body: key } = await send('POST', '/v1/auth/tokens', alan.token, { name: 'nightly', scope: 'read' });
    assert.equal((await send('GET', '/v1/auth/me', key.token)).status, 200);
    assert.equal((await send('POST', '/v1/auth/tokens', key.token, { name: 'another' })).status, 403);
    for (const { path, table } of tables) {
      if (ruleOf('POST', path) === undefined && accessTo(access, table.name).create.includes('signed-in'))
        assert.equal((await send('POST', path, key.token, {})).status, 403, path);
    }
    const { data } = (await send('GET', '/v1/auth/tokens', alan.token)).body;
    assert.deepEqual(data.map(({ kind }: { kind: string }) => kind), ['session', 'key']);
    assert.equal((await send('DELETE', `/v1/auth/tokens/${key.id}`, grace.token)).status, 404);
    assert.equal((await send('DELETE', `/v1/auth/tokens/${key.id}`, alan.token)).status, 204);
    assert.equal(await me(key.token), 401);
  });

  test('a forgotten password is set by the token that was sent, once', async () => {
    const { id, login: name, token } = await signUp(app, await sampleAccount(3));
    for (const asked of [name, 'nobody@example.com'])
      assert.equal((await send('POST', '/v1/auth/password/forgot', undefined, { [login]: asked })).status, 202);
    const reset = await withDatabase((db) => issueToken(db, { account: id, kind: 'reset', name: '' }));
    const body = { token: reset?.['token'], newPassword: `${PASSWORD}?` };
    assert.equal(await me(String(body.token)), 401);
    assert.equal((await send('POST', '/v1/auth/password/reset', undefined, body)).status, 204);
    assert.equal((await send('POST', '/v1/auth/password/reset', undefined, body)).status, 401);
    assert.equal(await me(token), 401);
    assert.equal((await signIn(name, `${PASSWORD}?`)).status, 200);
  });

  test('answers an unknown account as a wrong password, and both no more than five times', async () => {
    const { login: name } = await signUp(app, await sampleAccount(4));
    for (const asked of [name, 'nobody@example.org']) {
      const tries = await Promise.all(Array.from({ length: 8 }, () => signIn(asked, 'wrong')));
      assert.deepEqual(tries.map(({ status }) => status).toSorted(), [401, 401, 401, 401, 401, 429, 429, 429]);
      for (const { status, body } of tries) if (status === 401) assert.match(body.detail, /or the password is wrong/);
    }
  });

  test('takes no role, no hash and no key from a client', async () => {
    const coveted = [access.accounts.role, access.accounts.password, 'id'].filter((field) => field !== undefined);
    for (const field of coveted) {
      const body = { ...(await sampleAccount(0)), [login]: 'barbara@example.com', password: PASSWORD, [field]: 'x' };
      assert.equal((await send('POST', '/v1/auth/register', undefined, body)).status, 400, field);
    }
  });
});

for (const { path, table } of tables) {
  test(`${path} lets nobody in but as src/access.ts says`, async () => {
    const all = tables.map((known) => known.table);
    if (ruleOf('GET', path) === undefined) {
      assert.equal((await send('GET', path)).status, isOpen(access, all, table, 'read') ? 200 : 401);
      assert.equal((await send('GET', path, 'ses_none')).status, 401);
    }
    const isClosed = ruleOf('POST', path) !== undefined;
    assert.equal((await send('POST', path, undefined, {})).status, isClosed ? 404 : isOpen(access, all, table, 'create') ? 400 : 401);
  });
}

test('an answer without a token says how to come by one', async () => {
  const response = await app.inject({ url: '/v1/auth/me', headers: bearer(undefined) });
  assert.equal(response.statusCode, 401);
  assert.equal(response.headers['www-authenticate'], 'Bearer');
});
