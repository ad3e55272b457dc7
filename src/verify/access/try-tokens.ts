import { randomBytes } from 'node:crypto';
import type { HttpAnswer } from '../http-client.ts';
import { isObject } from '../json-schema.ts';
import { keyOf, type Row } from '../smoke/resource.ts';
import { ask, type AccessTrial } from './access-trial.ts';
import type { Actor } from './expectation.ts';
import { bearer, operationOf, signIn } from './sign-up.ts';

/** What a token opens, until when, and what guessing one comes to. */
export async function tryTokens(trial: AccessTrial): Promise<void> {
  const [one, other] = trial.people.slice(-2);
  const { accounts } = trial.plan;
  if (!one || !other || !accounts) return;
  await forgeTokens(trial, one);
  await useKeys(trial, one, other);
  const second = await signIn(trial.prober, accounts, one.login, one.password);
  await expectMe(trial, second, 200, 'a second session');
  const logout = await call(trial, 'POST /v1/auth/logout', second);
  trial.compare(logout, logout.status === 204, '204 for a logout');
  await expectMe(trial, second, 401, 'a session that was logged out');
  await expectMe(trial, one.token, 200, 'the other session');
  await changePassword(trial, one);
}

async function forgeTokens(trial: AccessTrial, one: Actor): Promise<void> {
  const { token } = one;
  const made = `ses_${randomBytes(32).toString('base64url')}`;
  for (const forged of [`${token}x`, token.slice(0, -1), 'x', made, token.toUpperCase(), undefined])
    await expectMe(trial, forged, 401, 'a token that is none');
  for (const authorization of [`Basic ${token}`, token, `Bearer ${token},${token}`]) {
    const answer = await trial.prober.call(operationOf(trial.prober.document, 'GET /v1/auth/me'), {
      headers: { authorization },
    });
    trial.compare(answer, answer.status === 401, '401 for another scheme than Bearer');
  }
  const inQuery = await trial.prober.sendUnchecked({
    method: 'GET',
    path: `/v1/auth/me?access_token=${token}&token=${token}`,
  });
  trial.compare(inQuery, inQuery.status === 401, '401 for a token in the query');
  for (const { list } of trial.resources) {
    if (!list) continue;
    const answer = await trial.prober.call(list, { headers: { authorization: 'Bearer ses_none' } });
    trial.compare(answer, answer.status === 401, '401 for a bad token, where nobody may as well');
  }
}

/** An API key is somebody's own, makes no keys, and a key that may read does not write. */
async function useKeys(trial: AccessTrial, one: Actor, other: Actor): Promise<void> {
  const made = await call(trial, 'POST /v1/auth/tokens', one.token, { json: { name: 'probe', scope: 'read' } });
  const key = isObject(made.json) ? made.json : {};
  if (!trial.compare(made, made.status === 201, '201 for an API key')) return;
  const token = String(key['token']);
  await expectMe(trial, token, 200, 'an API key');
  const another = await call(trial, 'POST /v1/auth/tokens', token, { json: { name: 'more' } });
  trial.compare(another, another.status === 403, '403, as a key makes no keys');
  for (const resource of trial.resources) {
    if (!resource.create || !trial.expectation.applies(one, resource, 'create')) continue;
    const answer = await ask(trial, { ...one, token }, resource.create, { json: {} });
    trial.compare(answer, answer.status === 403, '403, as the key may only read');
  }
  const lists = [
    await call(trial, 'GET /v1/auth/tokens', one.token),
    await call(trial, 'GET /v1/auth/tokens', other.token),
  ] as const;
  trial.compare(lists[0], !lists[0].text.includes(one.token.slice(5, 25)), 'no token in a list of tokens');
  trial.compare(lists[1], !idsIn(lists[1]).some((id) => idsIn(lists[0]).includes(id)), "nobody else's tokens");
  const path = { id: String(key['id']) };
  const ended = await call(trial, 'DELETE /v1/auth/tokens/{id}', other.token, { path });
  trial.compare(ended, ended.status === 404, "404 for another's token");
  await expectMe(trial, token, 200, 'a key that another tried to end');
}

function idsIn({ json }: HttpAnswer): unknown[] {
  const data = isObject(json) && Array.isArray(json['data']) ? json['data'] : [];
  return data.map((token: Row) => token['id']);
}

async function changePassword(trial: AccessTrial, one: Actor): Promise<void> {
  const { accounts } = trial.plan;
  if (!accounts) return;
  const third = await signIn(trial.prober, accounts, one.login, one.password);
  const newPassword = `${one.password}!`;
  const wrong = await call(trial, 'POST /v1/auth/password', third, { json: { password: 'wrong', newPassword } });
  trial.compare(wrong, wrong.status === 403, '403, as the old password is wrong');
  const changed = await call(trial, 'POST /v1/auth/password', third, { json: { password: one.password, newPassword } });
  if (!trial.compare(changed, changed.status === 200, '200 for a new password')) return;
  await expectMe(trial, third, 401, 'the session that changed the password');
  await expectMe(trial, one.token, 401, 'a session from before the password was changed');
  const login = operationOf(trial.prober.document, 'POST /v1/auth/login');
  const old = await trial.prober.call(login, { json: { [accounts.login]: one.login, password: one.password } });
  trial.compare(old, old.status === 401, '401 for the old password');
  const spelled = { [accounts.login]: one.login.toUpperCase(), password: newPassword };
  const answer = await trial.prober.call(login, { json: spelled });
  trial.compare(answer, answer.status === 200, '200 for the new password, however the login is written');
}

/** Accounts that there are and are not look the same, in words and in time; guesses get nowhere. */
export async function tryGuessing(trial: AccessTrial): Promise<void> {
  const known = trial.people.at(-1);
  const { accounts } = trial.plan;
  if (!known || !accounts) return;
  const login = operationOf(trial.prober.document, 'POST /v1/auth/login');
  const guess = (name: string, password: string) =>
    trial.prober.call(login, { json: { [accounts.login]: name, password } });
  const answers: HttpAnswer[] = [];
  const times = { known: Infinity, unknown: Infinity };
  for (let round = 0; round < 4; round += 1) {
    for (const kind of ['known', 'unknown'] as const) {
      const startedAtMs = performance.now();
      answers.push(await guess(kind === 'known' ? known.login : 'nobody-at-all@example.com', 'not the one'));
      times[kind] = Math.min(times[kind], performance.now() - startedAtMs);
    }
  }
  const [first] = answers;
  if (!first) return;
  trial.compare(
    first,
    answers.every(({ text }) => text === first.text),
    'the same words for an account that there is and one that there is not',
  );
  // The quickest of a few: on a busy machine the others say how busy it is.
  const ratio = times.known / times.unknown;
  trial.compare(
    first,
    ratio > 0.4 && ratio < 2.5,
    `the same time for both, found ${times.known.toFixed(0)} and ${times.unknown.toFixed(0)} ms`,
  );
  const burst = await Promise.all(Array.from({ length: 16 }, (_, index) => guess(known.login, `guess ${index}`)));
  const tried = burst.filter(({ status }) => status !== 429 && status !== 503);
  trial.compare(
    burst.at(-1) ?? first,
    tried.length <= 8,
    `a burst of guesses to be held back, ${tried.length} of 16 were tried`,
  );
  const right = await guess(known.login, known.password);
  trial.compare(right, right.status === 429, '429 for the right password as well while guesses are held back');
}

/** At the very end: an account that is removed, where it may be, takes its tokens along. */
export async function tryRemovingAccounts(trial: AccessTrial): Promise<void> {
  const accounts = trial.resources.find(({ table }) => table.name === trial.plan.accounts?.table);
  const row = accounts && trial.expectation.rowsOf(accounts).at(-1);
  const actor =
    row && trial.people.find((one) => trial.expectation.may(one, 'remove', row) && one !== trial.people.at(-2));
  if (!accounts?.remove || !row || !actor) return;
  const answer = await ask(trial, actor, accounts.remove, { path: keyOf(accounts, accounts.remove, row.body) });
  trial.compare(answer, [204, 409].includes(answer.status), `204 for ${actor.name}, or 409 where rows refer to it`);
  if (answer.status === 204) await expectMe(trial, row.by.token, 401, 'the token of an account that is gone');
}

async function expectMe(trial: AccessTrial, token: string | undefined, status: number, what: string): Promise<void> {
  const answer = await call(trial, 'GET /v1/auth/me', token);
  trial.compare(answer, answer.status === status, `${status} for ${what}`);
}

function call(
  trial: AccessTrial,
  id: string,
  token: string | undefined,
  input: { readonly json?: unknown; readonly path?: Readonly<Record<string, string>> } = {},
): Promise<HttpAnswer> {
  const headers = token === undefined ? {} : bearer({ token });
  return trial.prober.call(operationOf(trial.prober.document, id), { ...input, headers });
}
