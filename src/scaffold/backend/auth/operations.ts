import type { JsonSchema } from '../http/json-schema.ts';
import { inputSchema } from '../table/column.ts';
import { newRowSchema, rowSchema, type Table } from '../table/table.ts';
import type { SecuredOperation } from './secured.ts';

/** What /v1/auth takes and answers. `login` is the field by which an account signs in. */
export function authOperations(accounts: Table, login: string): Readonly<Record<AuthOperation, SecuredOperation>> {
  const name = {
    ...inputSchema(accounts.columns[login] ?? { type: 'text', schema: { type: 'string' } }),
    minLength: 1,
  };
  const credentials = body('Login', { [login]: loginField, password: KNOWN }, { device: text(100) });
  return {
    register: {
      ...open('register', 'Make an account'),
      body: registration(accounts, login, name),
      response: { 201: rowSchema(accounts) },
      problems: [400, 409, 413, 415, 422, 429, 503],
    },
    login: {
      ...open('login', 'Sign in: a token for the header «authorization: Bearer …»'),
      body: credentials,
      response: { 200: NEW_TOKEN },
      problems: [400, 401, 413, 415, 429, 503],
    },
    logout: { ...signedIn('logout', 'End this session'), response: { 204: undefined }, problems: [401, 503] },
    me: { ...signedIn('me', 'Who am I?'), response: { 200: rowSchema(accounts) }, problems: [401, 503] },
    changePassword: {
      ...signedIn('changePassword', 'Change the password: every session and API key ends'),
      body: body('PasswordChange', { password: KNOWN, newPassword: NEW }),
      response: { 200: NEW_TOKEN },
      problems: [400, 401, 403, 413, 415, 429, 503],
    },
    forgotPassword: {
      ...open('forgotPassword', 'Ask for a token to set a forgotten password'),
      body: body('ForgottenPassword', { [login]: loginField }),
      response: { 202: undefined },
      problems: [400, 413, 415, 429, 503],
    },
    resetPassword: {
      ...open('resetPassword', 'Set a forgotten password by the token that was sent'),
      body: body('PasswordReset', { token: text(100), newPassword: NEW }),
      response: { 204: undefined },
      problems: [400, 401, 413, 415, 429, 503],
    },
    listTokens: {
      ...signedIn('listTokens', 'List my sessions and API keys'),
      response: { 200: TOKENS },
      problems: [401, 403, 503],
    },
    createKey: {
      ...signedIn('createKey', 'Make an API key'),
      body: body(
        'NewKey',
        { name: text(100, { minLength: 1 }) },
        { scope: { type: 'string', enum: ['read', 'write'], default: 'write' } },
      ),
      response: { 201: NEW_TOKEN },
      problems: [400, 401, 403, 413, 415, 503],
    },
    endToken: {
      ...signedIn('endToken', 'End a session or an API key'),
      params: { type: 'object', required: ['id'], properties: { id: { type: 'integer' } } },
      response: { 204: undefined },
      problems: [401, 403, 404, 414, 503],
    },
  };
}

export type AuthOperation =
  | 'register'
  | 'login'
  | 'logout'
  | 'me'
  | 'changePassword'
  | 'forgotPassword'
  | 'resetPassword'
  | 'listTokens'
  | 'createKey'
  | 'endToken';

/** Where each of them is served. */
export const AUTH_ROUTES: Readonly<Record<AuthOperation, readonly [method: string, url: string]>> = {
  register: ['POST', '/v1/auth/register'],
  login: ['POST', '/v1/auth/login'],
  logout: ['POST', '/v1/auth/logout'],
  me: ['GET', '/v1/auth/me'],
  changePassword: ['POST', '/v1/auth/password'],
  forgotPassword: ['POST', '/v1/auth/password/forgot'],
  resetPassword: ['POST', '/v1/auth/password/reset'],
  listTokens: ['GET', '/v1/auth/tokens'],
  createKey: ['POST', '/v1/auth/tokens'],
  endToken: ['DELETE', '/v1/auth/tokens/:id'],
};

function open(operationId: string, summary: string): SecuredOperation {
  return { tags: ['accounts'], summary, operationId };
}

function signedIn(operationId: string, summary: string): SecuredOperation {
  return { ...open(operationId, summary), security: [{ token: [] }] };
}

/** The account's own fields, its login and a password; whatever the column of the hash is called, it is no field. */
function registration(accounts: Table, login: string, name: JsonSchema): JsonSchema {
  const { properties, required, ...rest } = newRowSchema(accounts);
  return {
    ...rest,
    title: 'Registration',
    required: [login, ...(required as readonly string[]), 'password'],
    properties: { [login]: name, ...(properties as object), password: NEW },
  };
}

function body(title: string, required: JsonSchema, optional: JsonSchema = {}): JsonSchema {
  const properties = { ...required, ...optional };
  return { title, type: 'object', additionalProperties: false, required: Object.keys(required), properties };
}

function text(maxLength: number, more: JsonSchema = {}): JsonSchema {
  return { type: 'string', maxLength, ...more };
}

const loginField = text(254, { minLength: 1 });
const NEW = text(256, { minLength: 8, writeOnly: true });
const KNOWN = text(256, { writeOnly: true });
const TIME = { type: 'string', format: 'date-time' };

const SHOWN = {
  id: { type: 'integer' },
  kind: { type: 'string', enum: ['session', 'key'] },
  scope: { type: 'string', enum: ['read', 'write'] },
  name: { type: 'string' },
  created_at: TIME,
  used_at: TIME,
  expires_at: TIME,
};
const TOKEN: JsonSchema = { title: 'Token', type: 'object', required: Object.keys(SHOWN), properties: SHOWN };
const TOKENS: JsonSchema = {
  title: 'Tokens',
  type: 'object',
  required: ['data'],
  properties: { data: { type: 'array', items: TOKEN } },
};
const NEW_TOKEN: JsonSchema = {
  title: 'NewToken',
  type: 'object',
  required: ['token', ...Object.keys(SHOWN)],
  properties: { token: { type: 'string', description: 'Told this once.' }, ...SHOWN },
};
