import { createHash, randomBytes } from 'node:crypto';
import type { Database, Row } from '../db.ts';
import { accountColumns } from './account-columns.ts';
import type { Account } from './rules.ts';

export type TokenKind = 'session' | 'key' | 'reset';

/** How long a token is good for. One that sets a forgotten password travels by mail, so not for long. */
const HOURS = { session: 30 * 24, key: 365 * 24, reset: 24 } as const;
const { table, key, role, password } = accountColumns;

/** How long an answer to «whose token is it?» is good for: what another process ended lives on here no longer. */
const REMEMBERED_MS = 1000;
const MAX_REMEMBERED = 10_000;
let remembered = new Map<string, { readonly account: Promise<Account | undefined>; readonly until: number }>();

export interface NewToken {
  readonly account: string;
  readonly kind: TokenKind;
  readonly name: string;
  readonly scope?: string;
}

/**
 * A new token; it is told this once, and only its hash is kept. Undefined when the account's password is no longer the
 * one that was just checked: a sign-in under way must not outlive the password it came with.
 */
export async function issueToken(db: Database, { account, kind, name, scope }: NewToken, checkedHash?: string): Promise<Row | undefined> {
  // The letters let a scanner for leaked secrets, and people, see what it is.
  const token = `${kind.slice(0, 3)}_${randomBytes(32).toString('base64url')}`;
  const [row] = await db.write({
    text: `INSERT INTO auth.tokens (hash, account_id, kind, name, scope, expires_at)
           SELECT $1, ${key}, $3, $4, $5, now() + make_interval(hours => $6) FROM ${table}
           WHERE ${key} = $2 AND ($7::text IS NULL OR ${password} = $7) FOR SHARE
           RETURNING ${SHOWN}`,
    values: [hashOf(token), account, kind, name, scope ?? 'write', HOURS[kind], checkedHash ?? null],
  });
  return row && { token, ...row };
}

/** Whose token it is; undefined when it is none, or none any more. */
export function accountOf(db: Database, token: string): Promise<Account | undefined> {
  const known = remembered.get(token);
  if (known && known.until > Date.now()) return known.account;
  if (remembered.size >= MAX_REMEMBERED) forgetAccounts();
  const account = findAccount(db, token);
  const place = remembered;
  place.set(token, { account, until: Date.now() + REMEMBERED_MS });
  // An error is no answer.
  account.catch(() => place.delete(token));
  return account;
}

/** To be called once tokens have ended; look-ups that began before end in the map of before. */
export function forgetAccounts(): void {
  remembered = new Map();
}

async function findAccount(db: Database, token: string): Promise<Account | undefined> {
  const [row] = await db.find({ text: FIND, values: [hashOf(token)] });
  if (!row) return undefined;
  // Once an hour is often enough to know which ones are in use.
  if (row['stale']) {
    await db.write({ text: 'UPDATE auth.tokens SET used_at = now() WHERE id = $1', values: [row['token']] });
  }
  const { id, role: roleName, token: tokenId, kind, scope } = row;
  return { id: String(id), role: String(roleName ?? ''), token: String(tokenId), kind: String(kind), scope: String(scope) };
}

export function tokensOf(db: Database, account: string): Promise<readonly Row[]> {
  return db.find({
    text: `SELECT ${SHOWN} FROM auth.tokens WHERE account_id = $1 AND kind <> 'reset' AND expires_at > now() ORDER BY id`,
    values: [account],
  });
}

/** Resolves to whether there was one. */
export async function endToken(db: Database, account: string, id: string): Promise<boolean> {
  const rows = await db.write({
    text: 'DELETE FROM auth.tokens WHERE account_id = $1 AND id = $2 RETURNING 1',
    values: [account, id],
  });
  forgetAccounts();
  return rows.length > 0;
}

/** Sets the password, unless it has changed meanwhile, and ends every token. Resolves to whether it did. */
export async function changePassword(db: Database, account: string, oldHash: string, newHash: string): Promise<boolean> {
  const isChanged = await db.transaction(async (write) => {
    const rows = await write({ text: SET_PASSWORD, values: [account, oldHash, newHash] });
    // A statement of its own, so that it sees the tokens that were issued while the first one waited.
    if (rows.length > 0) await write({ text: 'DELETE FROM auth.tokens WHERE account_id = $1', values: [account] });
    return rows.length > 0;
  });
  forgetAccounts();
  return isChanged;
}

/** Uses up a token that was sent and sets the password, which ends every other. Resolves to whether it did. */
export async function resetPassword(db: Database, token: string, newHash: string): Promise<boolean> {
  const isChanged = await db.transaction(async (write) => {
    const [used] = await write({
      text: `DELETE FROM auth.tokens WHERE hash = $1 AND kind = 'reset' AND expires_at > now() RETURNING account_id`,
      values: [hashOf(token)],
    });
    if (!used) return false;
    const account = used['account_id'];
    await write({ text: `UPDATE ${table} SET ${password} = $2 WHERE ${key} = $1`, values: [account, newHash] });
    await write({ text: 'DELETE FROM auth.tokens WHERE account_id = $1', values: [account] });
    return true;
  });
  forgetAccounts();
  return isChanged;
}

/** The same password hashed anew: no token ends, and a password that was changed meanwhile stays. */
export async function rehash(db: Database, account: string, oldHash: string, newHash: string): Promise<void> {
  await db.write({ text: SET_PASSWORD, values: [account, oldHash, newHash] });
}

const SET_PASSWORD = `UPDATE ${table} SET ${password} = $3 WHERE ${key} = $1 AND ${password} = $2 RETURNING 1`;

const SHOWN = 'id, kind, name, scope, created_at, used_at, expires_at';

const FIND = `SELECT accounts.${key} AS id, ${role === undefined ? 'NULL' : `accounts.${role}`} AS role, tokens.id AS token,
    tokens.kind, tokens.scope, tokens.used_at < now() - interval '1 hour' AS stale
  FROM auth.tokens AS tokens JOIN ${table} AS accounts ON accounts.${key} = tokens.account_id
  WHERE tokens.hash = $1 AND tokens.kind <> 'reset' AND tokens.expires_at > now()`;

function hashOf(token: string): Buffer {
  return createHash('sha256').update(token).digest();
}
