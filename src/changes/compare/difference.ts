import { formatType, sameSyntax, type ColumnDraft, type SchemaDraft, type TableDraft } from '../../schema/drafts.ts';
import type { ChangeStep } from '../change-step.ts';
import { onlyAdds, type Keeper } from '../expand-step.ts';

/** One way in which two schemas may differ, as the steps that take it away. */
export type Difference = (now: SchemaDraft, target: SchemaDraft, keep: Keeper) => readonly ChangeStep[];

/** Tables that are on both sides. */
export function commonTables(
  now: SchemaDraft,
  target: SchemaDraft,
): readonly { readonly table: TableDraft; readonly goal: TableDraft }[] {
  const goals = new Map(target.tables.map((table) => [table.name, table]));
  return now.tables.flatMap((table) => {
    const goal = goals.get(table.name);
    return goal ? [{ table, goal }] : [];
  });
}

/** Columns that are on both sides and can become each other. */
export function commonColumns(
  table: TableDraft,
  goal: TableDraft,
): readonly { readonly column: ColumnDraft; readonly wanted: ColumnDraft }[] {
  return table.columns.flatMap((column) => {
    const wanted = goal.columns.find(({ name }) => name === column.name);
    return wanted && sameGenerated(column, wanted) ? [{ column, wanted }] : [];
  });
}

/** A column that is generated in another way is another column. */
export function sameGenerated(one: ColumnDraft, other: ColumnDraft): boolean {
  if (!one.generated || !other.generated) return one.generated === other.generated;
  return (
    one.generated.stored === other.generated.stored &&
    sameSyntax(one.generated.expression, other.generated.expression) &&
    formatType(one.type) === formatType(other.type)
  );
}

/** Those of `all` that `others` does not have; what is there twice has to be there twice. */
export function without<T>(all: readonly T[], others: readonly T[], same: (one: T, other: T) => boolean): readonly T[] {
  const left = [...others];
  return all.filter((each) => {
    const index = left.findIndex((other) => same(each, other));
    if (index === -1) return true;
    left.splice(index, 1);
    return false;
  });
}

/** Whether the column's values are written anew: its type is another one, or an enum that is made anew. */
export function isRewritten(now: SchemaDraft, target: SchemaDraft, column: ColumnDraft, wanted: ColumnDraft): boolean {
  return formatType(column.type) !== formatType(wanted.type) || isMadeAnew(now, target, column.type.name);
}

/** A value can only be added to an enum; and one that is used at once could not be added in the same transaction. */
export function isMadeAnew(now: SchemaDraft, target: SchemaDraft, type: string): boolean {
  const from = now.enums.find(({ name }) => name === type)?.values;
  const to = target.enums.find(({ name }) => name === type)?.values;
  if (!from || !to) return false;
  return !onlyAdds({ from, to }) || usesNewValue(target, from, to);
}

/** Whether an expression of the schema names a value that is added. */
function usesNewValue(draft: SchemaDraft, from: readonly string[], to: readonly string[]): boolean {
  const written = JSON.stringify(draft.tables);
  return to.some((value) => !from.includes(value) && written.includes(`"sval":${JSON.stringify(value)}`));
}
