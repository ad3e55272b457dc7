import type { FastifyInstance, FastifyRequest, RouteHandlerMethod } from 'fastify';
import { access } from '../access.ts';
import type { Database, Row } from '../db.ts';
import { Problem } from '../problem.ts';
import { findStatement, insertStatement } from '../table/statements.ts';
import { toParameters, withGeneratedIds, type Values } from '../table/row-values.ts';
import { accountColumns, accounts } from './account-columns.ts';
import { currentUser } from './current-account.ts';
import { AUTH_ROUTES, authOperations, type AuthOperation } from './operations.ts';
import { checkPassword, hashPassword } from './password.ts';
import { refuse, type Account } from './rules.ts';
import { sendReset } from './send-reset.ts';
import { countRegistration, countReset, countTry, forgetTries } from './throttle.ts';
import { changePassword, endToken, issueToken, rehash, resetPassword, tokensOf } from './tokens.ts';

const { login, password: passwordField } = access.accounts;
const operations = authOperations(accounts, login);

/** /v1/auth: accounts, their passwords and their tokens. */
export function authRoutes(app: FastifyInstance, db: Database): void {
  const serve = (name: AuthOperation, handler: RouteHandlerMethod): void => {
    const [method, url] = AUTH_ROUTES[name];
    app.route({ method, url, schema: operations[name], onRequest: mustSignIn(name), handler });
  };

  serve('register', async (request, reply) => {
    const { password, ...values } = request.body as Values;
    await countRegistration(db, request.ip);
    const row = { ...values, [login]: nameOf(values), [passwordField]: await hashPassword(String(password)) };
    const parameters = await toParameters(accounts, withGeneratedIds(accounts, row));
    const [account] = await db.write(insertStatement(accounts, parameters));
    return reply.code(201).send(account);
  });

  serve('login', async (request) => {
    const { password = '', device = '' } = request.body as Record<string, string>;
    const name = nameOf(request.body as Values);
    await countTry(db, name, request.ip);
    const found = await findAccount(db, `${accountColumns.login} = $1`, name);
    const { matches, isOld } = await checkPassword(password, found?.hash);
    if (!found || !matches) return wrongPassword();
    await forgetTries(db, name, request.ip);
    const hash = isOld ? await hashPassword(password) : found.hash;
    if (isOld) await rehash(db, found.id, found.hash, hash);
    return (await issueToken(db, { account: found.id, kind: 'session', name: device }, hash)) ?? wrongPassword();
  });

  serve('logout', async (request, reply) => {
    const { id, token } = currentUser(request);
    await endToken(db, id, token);
    return reply.code(204).send();
  });

  serve('me', async (request) => {
    const [account] = await db.find(findStatement(accounts, [currentUser(request).id]));
    return account ?? refuse('nobody');
  });

  /** Whoever knows the old password gets a new session, and every other token ends. */
  serve('changePassword', async (request) => {
    const { id } = currentUser(request);
    const { password = '', newPassword = '' } = request.body as Record<string, string>;
    await countTry(db, id, request.ip);
    const found = await findAccount(db, `${accountColumns.key} = $1`, id);
    const { matches } = await checkPassword(password, found?.hash);
    const newHash = found && matches ? await hashPassword(newPassword) : '';
    const isChanged = found && matches && (await changePassword(db, id, found.hash, newHash));
    if (!isChanged) throw new Problem(403, 'The password is wrong.');
    await forgetTries(db, id, request.ip);
    return (await issueToken(db, { account: id, kind: 'session', name: '' }, newHash)) ?? wrongPassword();
  });

  /** Answers the same, and as quickly, whether there is such an account. */
  serve('forgotPassword', async (request, reply) => {
    const name = nameOf(request.body as Values);
    await countReset(db, name, request.ip);
    void sendResetTo(db, name).catch((error: unknown) => request.log.error(error));
    return reply.code(202).send();
  });

  serve('resetPassword', async (request, reply) => {
    const { token = '', newPassword = '' } = request.body as Record<string, string>;
    await countRegistration(db, request.ip);
    if (await resetPassword(db, token, await hashPassword(newPassword))) return reply.code(204).send();
    throw new Problem(401, 'The token is not valid, or not any more.');
  });

  serve('listTokens', async (request) => ({ data: await tokensOf(db, signedInPerson(request).id) }));

  serve('createKey', async (request, reply) => {
    const { name = '', scope = 'write' } = request.body as Record<string, string>;
    const key = await issueToken(db, { account: signedInPerson(request).id, kind: 'key', name, scope });
    return reply.code(201).send(key);
  });

  serve('endToken', async (request, reply) => {
    const { id } = request.params as { id: string };
    const isNumber = /^\d{1,18}$/.test(id);
    if (!isNumber || !(await endToken(db, signedInPerson(request).id, id))) throw new Problem(404, 'There is no such token.');
    return reply.code(204).send();
  });
}

/** Turns away who is not signed in before their body is read. */
function mustSignIn(name: AuthOperation): (request: FastifyRequest) => Promise<void> {
  const needsToken = operations[name].security !== undefined;
  return async (request) => {
    if (needsToken) currentUser(request);
    if (['listTokens', 'createKey', 'endToken', 'changePassword'].includes(name)) signedInPerson(request);
  };
}

/** An API key makes no keys and changes no password: whoever finds one cannot make it last. */
function signedInPerson(request: FastifyRequest): Account {
  const account = currentUser(request);
  if (account.kind !== 'session') throw new Problem(403, 'An API key may not do this: sign in.');
  return account;
}

async function findAccount(db: Database, condition: string, value: string): Promise<{ id: string; hash: string } | undefined> {
  const { table, key, password } = accountColumns;
  const text = `SELECT ${key} AS id, ${password} AS hash FROM ${table} WHERE ${condition}`;
  const [row]: readonly Row[] = await db.read({ text, values: [value] });
  return row && { id: String(row['id']), hash: String(row['hash']) };
}

async function sendResetTo(db: Database, name: string): Promise<void> {
  const found = await findAccount(db, `${accountColumns.login} = $1`, name);
  const issued = found && (await issueToken(db, { account: found.id, kind: 'reset', name: '' }));
  if (issued) await sendReset(name, String(issued['token']));
}

function wrongPassword(): never {
  throw new Problem(401, `The ${login} or the password is wrong.`);
}

/** One account for an address, however it is written: they are kept in small letters. */
function nameOf(values: Values): string {
  return String(values[login]).trim().toLowerCase();
}
