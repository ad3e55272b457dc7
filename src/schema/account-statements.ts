import type { AccessPlan } from '../domain/access.ts';
import type { DatabaseSchema } from '../domain/database-schema.ts';
import type { DdlStatement } from '../domain/schema-design.ts';
import { quoteIdentifier } from './identifiers.ts';

/**
 * What accounts need beside the tables: schema `auth` with sessions and keys, and the throttle's counts; nothing for a
 * backend that nobody signs in to. They run after the tables, as their owner, and are a part of the first migration.
 */
export function accountStatements(access: AccessPlan | undefined, schema: DatabaseSchema): readonly DdlStatement[] {
  const table = schema.tables.find(({ name }) => name === access?.accounts?.table);
  if (access?.auth !== 'password' || !table) return [];
  const [key = ''] = table.primaryKey;
  const type = table.columns.find(({ name }) => name === key)?.type ?? 'character varying';
  const account = `public.${quoteIdentifier(table.name)} (${quoteIdentifier(key)})`;
  return [
    { kind: 'table', sql: 'CREATE SCHEMA auth' },
    { kind: 'table', sql: tokensTable(type, account) },
    { kind: 'index', sql: 'CREATE INDEX tokens_account_id_idx ON auth.tokens (account_id)' },
    { kind: 'table', sql: TRIES_TABLE },
  ];
}

function tokensTable(keyType: string, account: string): string {
  return `/* Sessions, API keys and what sets a forgotten password: by their hash alone. */ CREATE TABLE auth.tokens (
  id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  hash bytea NOT NULL UNIQUE,
  account_id ${keyType} NOT NULL REFERENCES ${account} ON DELETE CASCADE,
  kind text NOT NULL CHECK (kind IN ('session', 'key', 'reset')),
  name text NOT NULL DEFAULT '',
  scope text NOT NULL DEFAULT 'write' CHECK (scope IN ('read', 'write')),
  created_at timestamptz NOT NULL DEFAULT now(),
  used_at timestamptz NOT NULL DEFAULT now(),
  expires_at timestamptz NOT NULL
)`;
}

/** A crash loses it, which is no harm. */
const TRIES_TABLE = `/* How often who has tried to sign in. */ CREATE UNLOGGED TABLE auth.tries (
  key text PRIMARY KEY,
  count integer NOT NULL,
  since timestamptz NOT NULL
)`;
