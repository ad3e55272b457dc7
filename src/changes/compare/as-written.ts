import type { A_Expr } from 'libpg-query';
import { textsOf, type TableDraft } from '../../schema/drafts.ts';
import { isText, withoutTextCasts } from '../text-casts.ts';

/**
 * The table with its checks and indexes as people write them: Postgres words an expression anew each time that it reads
 * one of its own, and adds casts of text to text.
 */
export function asWritten(table: TableDraft): TableDraft {
  return {
    ...table,
    checks: table.checks.map((check) => loose(table, check)),
    indexes: table.indexes.map((index) => loose(table, index)),
  };
}

/** Any part of the table, without casts of its text to text. */
export function loose<T extends object>(table: TableDraft, part: T): T {
  const texts = table.columns.filter(({ type }) => isText(type)).map(({ name }) => name);
  return withLists(withoutTextCasts(part, texts)) as T;
}

/** `x IN ('a', 'b')`, which the catalog has as `x = ANY (ARRAY['a', 'b'])`. */
function withLists(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(withLists);
  if (typeof value !== 'object' || value === null) return value;
  const { A_Expr: expression } = value as { readonly A_Expr?: A_Expr };
  const right = expression?.rexpr;
  if (expression?.kind === 'AEXPR_OP_ANY' && isEquals(expression) && right && 'A_ArrayExpr' in right) {
    const items = right.A_ArrayExpr.elements ?? [];
    return withLists({ A_Expr: { ...expression, kind: 'AEXPR_IN', rexpr: { List: { items } } } });
  }
  return Object.fromEntries(Object.entries(value).map(([key, part]) => [key, withLists(part)]));
}

function isEquals({ name }: A_Expr): boolean {
  return textsOf(name).join('') === '=';
}
