import assert from 'node:assert/strict';
import { escapeIdentifier } from 'pg';
import type { FastifyInstance, InjectOptions, LightMyRequestResponse } from 'fastify';
import type { Row } from '../../db/create-sample-rows.ts';
import { access } from '../../src/access.ts';
import { accessTo, ruleOf } from '../../src/auth/access-table.ts';
import { accounts } from '../../src/auth/account-columns.ts';
import { readDatabaseSettings } from '../../src/config.ts';
import { openDatabase, type Database } from '../../src/db.ts';
import type { Column } from '../../src/table/column.ts';
import type { Table } from '../../src/table/table.ts';
import { tables } from '../../src/tables.ts';

export interface TestAccount {
  readonly id: string;
  readonly login: string;
  readonly token: string;
  readonly row: Row;
}

export const PASSWORD = 'correct horse battery staple';

/** The role that a rule asks for; undefined where none does. */
const role = Object.values(access.tables)
  .flatMap(({ read, create, change, remove }) => [...read, ...create, ...change, ...remove].map(ruleOf))
  .find((rule) => rule.startsWith('role:'))
  ?.slice('role:'.length);

const known = new WeakMap<FastifyInstance, TestAccount[]>();

/** Those that have signed up; the first has a role, if there are any. */
export function accountsOf(app: FastifyInstance): readonly TestAccount[] {
  return known.get(app) ?? [];
}

/** A new account, with what the sample has for its fields. */
export async function signUp(app: FastifyInstance, sample: Row = {}): Promise<TestAccount> {
  const others = accountsOf(app);
  const login = `person-${others.length + 1}@example.com`;
  const fields = Object.entries(accounts.columns).filter(([field, { readOnly }]) => !readOnly && field in sample);
  const own = Object.fromEntries(fields.map(([field]) => [field, sample[field]]));
  const registration = { ...own, [access.accounts.login]: login, password: PASSWORD };
  const made = await inject(app, { method: 'POST', url: '/v1/auth/register', payload: registration });
  assert.equal(made.statusCode, 201, made.body);
  const row: Row = made.json();
  const id = String(row[accounts.key[0] ?? '']);
  if (others.length === 0 && role !== undefined) await withDatabase((db) => grant(db, id, role));
  const session = await inject(app, { method: 'POST', url: '/v1/auth/login', payload: { [access.accounts.login]: login, password: PASSWORD } });
  assert.equal(session.statusCode, 200, session.body);
  const account = { id, login, token: String(session.json().token), row: (await me(app, session.json().token)) ?? row };
  known.set(app, [...others, account]);
  return account;
}

/** Whoever owns the row that these values would make; undefined where nobody does. */
export function ownerOf(app: FastifyInstance, table: Table, values: Row, created: ReadonlyMap<string, readonly Row[]>): TestAccount | undefined {
  const way = accessTo(access, table.name).owner?.split('.') ?? [];
  let row: Row | undefined = values;
  let of: Table | undefined = table;
  for (const field of way.slice(0, -1)) {
    const references: Column['references'] = of?.columns[field]?.references;
    const value: unknown = row?.[field];
    row = created.get(references?.table ?? '')?.find((parent) => parent[references?.field ?? ''] === value);
    of = tables.find((one) => one.table.name === references?.table)?.table;
  }
  const owner = String(row?.[way.at(-1) ?? '']);
  return accountsOf(app).find(({ id }) => id === owner);
}

export function bearer(account: TestAccount | undefined): Record<string, string> {
  return account ? { authorization: `Bearer ${account.token}` } : {};
}

const REFUSALS = [401, 403, 404, 422];

/** Sends it as each account in turn, until one may; resolves to the first answer that is no refusal, else to the mildest. */
export async function injectAsWhoMay(app: FastifyInstance, request: InjectOptions): Promise<LightMyRequestResponse> {
  const { authorization } = request.headers as Readonly<Record<string, string>>;
  const people = accountsOf(app);
  if (authorization !== undefined || people.length === 0) return inject(app, request);
  const refused: LightMyRequestResponse[] = [];
  for (const account of people) {
    const response = await inject(app, { ...request, headers: { ...request.headers, ...bearer(account) } });
    if (!REFUSALS.includes(response.statusCode)) return response;
    refused.push(response);
  }
  return refused.toSorted((a, b) => b.statusCode - a.statusCode)[0] as LightMyRequestResponse;
}

export async function withDatabase<Result>(work: (db: Database) => Promise<Result>): Promise<Result> {
  const db = openDatabase(readDatabaseSettings({ ...process.env, DB_NAME: process.env['TEST_DB_NAME'] }));
  try {
    return await work(db);
  } finally {
    await db.close();
  }
}

/** As `npm run grant` does it. */
async function grant(db: Database, id: string, name: string): Promise<void> {
  const [table = '', key = '', column = ''] = [accounts.name, accounts.key[0] ?? '', access.accounts.role ?? ''].map(escapeIdentifier);
  await db.write({ text: `UPDATE ${table} SET ${column} = $2 WHERE ${key} = $1`, values: [id, name] });
}

async function me(app: FastifyInstance, token: string): Promise<Row | undefined> {
  const response = await inject(app, { method: 'GET', url: '/v1/auth/me', headers: { authorization: `Bearer ${token}` } });
  return response.statusCode === 200 ? response.json() : undefined;
}

function inject(app: FastifyInstance, request: InjectOptions): Promise<LightMyRequestResponse> {
  return app.inject(request);
}
