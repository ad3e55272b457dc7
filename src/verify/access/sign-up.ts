import { escapeIdentifier } from 'pg';
import type { Accounts, AccessPlan } from '../../domain/access.ts';
import type { ProvisionedDatabase } from '../../domain/provisioned-database.ts';
import type { ApiDocument } from '../api-document.ts';
import { connectAs } from '../connect-as.ts';
import { isObject } from '../json-schema.ts';
import type { Prober } from '../prober.ts';
import { bodyProperties, rowOf, type Row } from '../smoke/resource.ts';
import { ruleOf, type Actor } from './expectation.ts';

/** Where accounts are made, and rows that show what theirs may look like. */
export interface SigningUp {
  readonly prober: Prober;
  readonly accounts: Accounts;
  readonly clone: ProvisionedDatabase;
  readonly samples: readonly Row[];
}

export interface SignedUp {
  readonly actor: Actor;
  /** The account's own row. */
  readonly row: Row;
}

/** Makes an account, gives it the role and signs it in; undefined, with a fault, when one of them fails. */
export async function signUp(
  signing: SigningUp,
  place: number,
  name: string,
  role?: string,
): Promise<SignedUp | undefined> {
  const { prober, accounts } = signing;
  const login = `probe-${place}@example.com`;
  const password = `a long enough password ${place}`;
  const body = { ...registrationOf(signing, place), [accounts.login]: login, password };
  const made = await prober.call(operationOf(prober.document, 'POST /v1/auth/register'), { json: body });
  if (made.status !== 201) return noted(prober, made, `201 for ${name} who signs up`);
  const row = rowOf(made.json);
  const key = accountKey(signing);
  if (role !== undefined) await giveRole(signing, String(row[key]), role);
  const token = await signIn(prober, accounts, login, password);
  if (token === undefined) return undefined;
  const actor = { name, id: String(row[key]), role, login, password, token };
  const me = await prober.call(operationOf(prober.document, 'GET /v1/auth/me'), { headers: bearer(actor) });
  return { actor, row: rowOf(me.json) };
}

export async function signIn(
  prober: Prober,
  accounts: Accounts,
  login: string,
  password: string,
): Promise<string | undefined> {
  const operation = operationOf(prober.document, 'POST /v1/auth/login');
  const answer = await prober.call(operation, { json: { [accounts.login]: login, password } });
  if (answer.status === 200 && isObject(answer.json)) return String(answer.json['token']);
  return noted(prober, answer, '200 with a token for the right password');
}

export function bearer(actor: Pick<Actor, 'token'> | undefined): Record<string, string> {
  return actor ? { authorization: `Bearer ${actor.token}` } : {};
}

/** Every role that a rule of the plan names. */
export function rolesOf({ tables }: AccessPlan): readonly string[] {
  const grants = tables.flatMap(({ read, create, change, remove, refer }) => [
    read,
    create,
    change,
    remove,
    refer ?? [],
  ]);
  const rules = grants.flat().map(ruleOf);
  return [...new Set(rules.filter((rule) => rule.startsWith('role:')).map((rule) => rule.slice('role:'.length)))];
}

export function operationOf({ operations }: ApiDocument, id: string): ApiDocument['operations'][number] {
  const found = operations.find((operation) => operation.id === id);
  return found ?? { ...NOT_DOCUMENTED, id, method: id.split(' ')[0] ?? '', path: id.split(' ')[1] ?? '' };
}

/** Whatever is answered is then a fault: nothing of it is documented. */
const NOT_DOCUMENTED = { parameters: [], body: undefined, answers: {}, rules: [] };

function registrationOf({ prober, samples }: SigningUp, place: number): Row {
  const taken = Object.keys(bodyProperties(operationOf(prober.document, 'POST /v1/auth/register'), prober.document));
  const sample = samples[place % Math.max(1, samples.length)] ?? {};
  return Object.fromEntries(
    Object.entries(sample).filter(([name, value]) => taken.includes(name) && value !== undefined),
  );
}

function accountKey({ clone, accounts }: SigningUp): string {
  return clone.schema.tables.find(({ name }) => name === accounts.table)?.primaryKey[0] ?? 'id';
}

/** As its owner does it, past the API: nothing there may give a role. */
async function giveRole(signing: SigningUp, id: string, role: string): Promise<void> {
  const { clone, accounts } = signing;
  const [table = '', column = '', key = ''] = [accounts.table, accounts.role ?? '', accountKey(signing)].map(
    escapeIdentifier,
  );
  const client = await connectAs(clone, clone.owner, clone.name);
  try {
    await client.query(`UPDATE public.${table} SET ${column} = $2 WHERE ${key} = $1`, [id, role]);
  } finally {
    await client.end();
  }
}

function noted(prober: Prober, answer: Parameters<Prober['fault']>[0], expected: string): undefined {
  prober.fault(answer, expected);
  return undefined;
}
