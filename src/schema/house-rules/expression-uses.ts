import type { Node } from 'libpg-query';
import type { TableDraft } from '../schema-draft.ts';
import { childrenOf, columnsIn, textsOf } from '../syntax-nodes.ts';

/** How a table's checks, generated columns and indexes use its columns: what a change of type has to respect. */
export interface ExpressionUses {
  /** Columns whose value matters, so that another type would change or break the expression. */
  readonly asValues: ReadonlySet<string>;
  /** Columns compared with each other: they can only change together. */
  readonly compared: readonly (readonly [string, string])[];
}

export function expressionUses(table: TableDraft): ExpressionUses {
  const asValues = new Set<string>();
  const compared: (readonly [string, string])[] = [];
  for (const expression of expressionsOf(table)) collect(expression, asValues, compared);
  return { asValues, compared };
}

function expressionsOf(table: TableDraft): readonly Node[] {
  return [
    ...table.checks.map(({ expression }) => expression),
    ...table.columns.flatMap(({ generated }) => generated?.expression ?? []),
    ...table.indexes.flatMap(({ keys }) => keys.flatMap(({ on }) => ('expression' in on ? on.expression : []))),
    ...table.indexes.flatMap(({ predicate }) => predicate ?? []),
  ];
}

function collect(node: Node, asValues: Set<string>, compared: (readonly [string, string])[]): void {
  const pair = comparedColumns(node);
  if (pair) compared.push(pair);
  else if ('ColumnRef' in node) asValues.add(columnsIn(node)[0] ?? '');
  else if (!asksForNull(node)) for (const child of childrenOf(node)) collect(child, asValues, compared);
}

function comparedColumns(node: Node): readonly [string, string] | undefined {
  if (!('A_Expr' in node)) return undefined;
  const { lexpr, rexpr } = node.A_Expr;
  if (!lexpr || !rexpr || !('ColumnRef' in lexpr) || !('ColumnRef' in rexpr)) return undefined;
  const operator = textsOf(node.A_Expr.name)[0] ?? '';
  if (!['=', '<>', '!=', '<', '>', '<=', '>='].includes(operator)) return undefined;
  return [columnsIn(lexpr)[0] ?? '', columnsIn(rexpr)[0] ?? ''];
}

function asksForNull(node: Node): boolean {
  if ('NullTest' in node) return node.NullTest.arg !== undefined && 'ColumnRef' in node.NullTest.arg;
  if (!('FuncCall' in node)) return false;
  return ['num_nulls', 'num_nonnulls'].includes(textsOf(node.FuncCall.funcname)[0] ?? '');
}

/** The columns out of `wanted` that can change type: those used as values stay, and what is compared with them. */
export function changeable(wanted: ReadonlySet<string>, uses: ExpressionUses): ReadonlySet<string> {
  const free = new Set([...wanted].filter((column) => !uses.asValues.has(column)));
  for (let before = -1; before !== free.size;) {
    before = free.size;
    for (const [one, other] of uses.compared) {
      if (!free.has(one)) free.delete(other);
      if (!free.has(other)) free.delete(one);
    }
  }
  return free;
}
