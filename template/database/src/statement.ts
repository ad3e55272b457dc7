import { createHash } from 'node:crypto';
import type { QueryConfig } from 'pg';

export interface Statement {
  readonly text: string;
  readonly values: readonly unknown[];
}

/** Postgres keeps every named statement of a connection: enough names for an API, not for whatever clients think of. */
const MAX_NAMES = 300;
const names = new Map<string, string>();

/** The statement under a name, so that Postgres parses and plans it once per connection. */
export function namedStatement({ text, values }: Statement): QueryConfig {
  return { ...nameOf(text), text, values: [...values] };
}

function nameOf(text: string): { name?: string } {
  const known = names.get(text);
  if (known) return { name: known };
  if (names.size >= MAX_NAMES) return {};
  const name = createHash('sha256').update(text).digest('hex').slice(0, 16);
  names.set(text, name);
  return { name };
}
