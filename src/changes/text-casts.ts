import type { Node } from 'libpg-query';
import { textsOf, type ColumnType } from '../schema/drafts.ts';

const TEXTS: readonly string[] = ['text', 'varchar', 'bpchar'];

export function isText({ name }: ColumnType): boolean {
  return TEXTS.includes(name);
}

/**
 * The expression as its writer put it: the catalog says `(status)::text = 'draft'::text` for `status = 'draft'`, which
 * would still be about text once the column is of another type. `columns`: those whose casts go.
 */
export function withoutTextCasts<T extends object>(expression: T, columns: readonly string[]): T {
  return strip(expression, columns) as T;
}

function strip(value: unknown, columns: readonly string[]): unknown {
  if (Array.isArray(value)) return value.map((part) => strip(part, columns));
  if (typeof value !== 'object' || value === null) return value;
  const inner = castText(value as Node);
  if (inner && isLoose(inner, columns)) return strip(inner, columns);
  return Object.fromEntries(Object.entries(value).map(([key, part]) => [key, strip(part, columns)]));
}

/** What a cast to text is a cast of. */
function castText(node: Node): Node | undefined {
  if (!('TypeCast' in node)) return undefined;
  const type = textsOf(node.TypeCast.typeName?.names).at(-1) ?? '';
  return TEXTS.includes(type) ? node.TypeCast.arg : undefined;
}

function isLoose(node: Node, columns: readonly string[]): boolean {
  const inner = castText(node);
  if (inner) return isLoose(inner, columns);
  if ('ColumnRef' in node) return columns.includes(textsOf(node.ColumnRef.fields).at(-1) ?? '');
  return ('A_Const' in node && node.A_Const.sval !== undefined) || 'A_ArrayExpr' in node;
}
