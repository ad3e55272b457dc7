import { access } from '../../src/access.ts';
import { isServed, type Action } from '../../src/auth/access-table.ts';
import { keyParameters } from '../../src/http/operations.ts';
import { rules } from '../../src/rules.ts';
import { tables } from '../../src/tables.ts';
import type { Table } from '../../src/table/table.ts';

/**
 * Why a rule of `src/rules.ts` may refuse the operation, or `src/access.ts` lets nobody do it; undefined when neither
 * does. Each rule has a test of its own.
 */
export function ruleOf(method: string, path: string): string | undefined {
  const rule = rules.find(({ operation }) => operation.replaceAll(/:(\w+)/g, '{$1}') === `${method} ${path}`)?.why;
  const table = tables.find((known) => path === known.path || path.startsWith(`${known.path}/`))?.table;
  const isClosed = table !== undefined && !isServed(access, table.name, ACTIONS[method] ?? 'read');
  return rule ?? (isClosed ? 'src/access.ts lets nobody do it' : undefined);
}

const ACTIONS: Readonly<Record<string, Action>> = { GET: 'read', POST: 'create', PATCH: 'change', DELETE: 'remove' };

/** `/v1/posts/{id}`, as the document writes it. */
export function documentedItem(path: string, table: Table): string {
  return [path, ...keyParameters(table).map((name) => `{${name}}`)].join('/');
}
