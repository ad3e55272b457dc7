import { keyParameters } from '../../src/http/operations.ts';
import { rules } from '../../src/rules.ts';
import type { Table } from '../../src/table/table.ts';

/** Why a rule of `src/rules.ts` may refuse the operation; undefined when none does. Each rule has a test of its own. */
export function ruleOf(method: string, path: string): string | undefined {
  return rules.find(({ operation }) => operation.replaceAll(/:(\w+)/g, '{$1}') === `${method} ${path}`)?.why;
}

/** `/v1/posts/{id}`, as the document writes it. */
export function documentedItem(path: string, table: Table): string {
  return [path, ...keyParameters(table).map((name) => `{${name}}`)].join('/');
}
