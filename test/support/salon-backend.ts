import type { SourceFile } from '../../src/domain/source-file.ts';

/** A salon with accounts: what a model adds to its scaffold, a rule on a plain path and a login among it. */
export const SALON = `
  CREATE TABLE users (
    id varchar(21) PRIMARY KEY,
    email varchar(120) NOT NULL UNIQUE,
    password_hash varchar(255) NOT NULL,
    created_at bigint NOT NULL
  );
  CREATE TABLE bookings (
    id varchar(21) PRIMARY KEY,
    customer varchar(80) NOT NULL,
    starts_at bigint NOT NULL,
    created_at bigint NOT NULL
  );`;

const rules = `import type { Rule } from './http/openapi.ts';

export const rules: readonly Rule[] = [
  { operation: 'PATCH /v1/bookings/{id}', status: 409, why: 'A booking that has begun stays as it is.' },
  ...['GET /v1/users', 'POST /v1/users', 'GET /v1/users/{id}', 'PATCH /v1/users/{id}', 'DELETE /v1/users/{id}'].map(
    (operation) => ({ operation, status: 404, why: 'Accounts are served under /api.' }),
  ),
];
`;

const bookings = `import type { FastifyInstance } from 'fastify';
import type { Database } from '../db.ts';
import { serveChanges, serveCollection, serveItems } from '../http/resource-routes.ts';
import { Problem } from '../problem.ts';
import { bookingsRepository } from '../repositories/bookings.ts';

/** /v1/bookings and what lies below. */
export function bookingsRoutes(app: FastifyInstance, db: Database): void {
  const plain = bookingsRepository(db);
  const repository: typeof plain = {
    ...plain,
    async update(key, changes) {
      const booking = await plain.get(key);
      if (Number(booking['starts_at']) < Date.now() / 1000) throw new Problem(409, 'This booking has begun.');
      return plain.update(key, changes);
    },
  };
  serveCollection(app, '/v1/bookings', repository);
  serveItems(app, '/v1/bookings/:id', repository);
  serveChanges(app, '/v1/bookings/:id', repository);
}
`;

const accounts = `import type { FastifyInstance } from 'fastify';
import type { Database } from '../db.ts';
import type { Operation } from '../http/openapi.ts';
import { Problem } from '../problem.ts';
import { usersRepository } from '../repositories/users.ts';
import { isSecret } from '../table/hash-secret.ts';

/** Accounts, and a login that hands out a token. */
export function accountRoutes(app: FastifyInstance, db: Database): void {
  const users = usersRepository(db);
  const tokens = new Map<string, string>();

  app.post('/api/users', { schema: register }, async (request, reply) => {
    const { email, password } = request.body as { email: string; password: string };
    const row = await users.create({ email, password_hash: password });
    reply.code(201);
    return { id: row['id'], email };
  });

  app.post('/api/login', { schema: login }, async (request) => {
    const { email, password } = request.body as { email: string; password: string };
    const text = 'SELECT id, password_hash FROM users WHERE email = $1';
    const [row] = await db.read({ text, values: [email] });
    const isTheirs = row !== undefined && (await isSecret(password, String(row['password_hash'])));
    if (!isTheirs) throw new Problem(401, 'Email or password is wrong.');
    const token = crypto.randomUUID();
    tokens.set(token, email);
    return { token };
  });

  app.get('/api/me', { schema: me }, (request) => {
    const email = tokens.get(String(request.headers.authorization).replace('Bearer ', ''));
    if (email === undefined) throw new Problem(401, 'Sign in first.');
    return { email };
  });
}

const credentials = {
  type: 'object',
  required: ['email', 'password'],
  additionalProperties: false,
  properties: { email: { type: 'string', maxLength: 120 }, password: { type: 'string', minLength: 8, maxLength: 200 } },
};
const text = { type: 'string' };
const register: Operation = {
  tags: ['accounts'],
  summary: 'Register',
  operationId: 'register',
  body: credentials,
  response: { 201: { type: 'object', required: ['id', 'email'], properties: { id: text, email: text } } },
  problems: [400, 409, 413, 415, 422, 503],
};
const login: Operation = {
  tags: ['accounts'],
  summary: 'Sign in',
  operationId: 'logIn',
  body: credentials,
  response: { 200: { type: 'object', required: ['token'], properties: { token: text } } },
  problems: [400, 401, 413, 415, 503],
};
const me: Operation = {
  tags: ['accounts'],
  summary: 'Who is signed in',
  operationId: 'readMe',
  response: { 200: { type: 'object', required: ['email'], properties: { email: text } } },
  problems: [401],
};
`;

const tests = `import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import type { FastifyInstance } from 'fastify';
import { send, startTestApp } from './support/test-app.ts';

let app: FastifyInstance;
before(async () => {
  app = await startTestApp();
});
after(() => app.close());

const at = (seconds: number) => Math.floor(Date.now() / 1000) + seconds;

test('a booking can be moved until it begins', async () => {
  const create = (starts_at: number) => send(app, 'POST', '/v1/bookings', { customer: 'Ann', starts_at });
  const later = await create(at(3600));
  assert.equal((await send(app, 'PATCH', later.headers.location ?? '', { customer: 'Bob' })).status, 200);
  const begun = await create(at(-3600));
  assert.equal((await send(app, 'PATCH', begun.headers.location ?? '', { customer: 'Bob' })).status, 409);
});

test('an account signs in with its password and with no other', async () => {
  const ann = { email: 'ann@example.com', password: 'correct horse' };
  assert.equal((await send(app, 'POST', '/api/users', ann)).status, 201);
  assert.equal((await send(app, 'POST', '/api/login', { ...ann, password: 'wrong horse' })).status, 401);
  const { body } = await send(app, 'POST', '/api/login', ann);
  const me = await send(app, 'GET', '/api/me', undefined, { authorization: 'Bearer ' + body.token });
  assert.deepEqual(me.body, { email: ann.email });
  assert.equal((await send(app, 'GET', '/api/me')).status, 401);
});
`;

/** The files over those of the scaffold. `usersRoutes` stays out of `src/routes.ts` unless `openAccounts`. */
export function salonFiles(routes: string, openAccounts: boolean): readonly SourceFile[] {
  const imported = routes.replace(
    "import { usersRoutes } from './routes/users.ts';",
    `import { accountRoutes } from './routes/accounts.ts';${openAccounts ? "\nimport { usersRoutes } from './routes/users.ts';" : ''}`,
  );
  const served = imported.replace(
    '  usersRoutes(app, db);',
    `  accountRoutes(app, db);${openAccounts ? '\n  usersRoutes(app, db);' : ''}`,
  );
  return [
    { path: 'src/rules.ts', content: openAccounts ? rules.replace(/ {2}\.\.\.[^]*\),\n/, '') : rules },
    { path: 'src/routes.ts', content: served },
    { path: 'src/routes/bookings.ts', content: bookings },
    { path: 'src/routes/accounts.ts', content: accounts },
    { path: 'test/salon.test.ts', content: tests },
  ];
}
