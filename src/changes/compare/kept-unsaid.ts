import type { SchemaDraft, TableDraft } from '../../schema/drafts.ts';
import { formatType } from '../../schema/drafts.ts';
import { commonTables } from './difference.ts';

/**
 * The target with what its notation has no words for, as it is: checks, comments, indexes, the length of a text,
 * defaults. Somebody who did not write them down has not asked for them to go.
 */
export function withUnsaid(now: SchemaDraft, target: SchemaDraft): SchemaDraft {
  const common = new Map(commonTables(now, target).map(({ table, goal }) => [goal, table]));
  return {
    ...target,
    tables: target.tables.map((goal) => {
      const table = common.get(goal);
      return table ? withUnsaidOf(table, goal) : goal;
    }),
  };
}

function withUnsaidOf(table: TableDraft, goal: TableDraft): TableDraft {
  const has = (columns: readonly string[]): boolean =>
    columns.every((name) => goal.columns.some((column) => column.name === name));
  const indexes = table.indexes.filter((index) =>
    has([...index.keys.flatMap(({ on }) => ('column' in on ? [on.column] : [])), ...index.include]),
  );
  return {
    ...goal,
    comment: goal.comment ?? table.comment,
    columns: goal.columns.map((wanted) => {
      const column = table.columns.find(({ name }) => name === wanted.name);
      return column ? unsaidOf(column, wanted) : wanted;
    }),
    checks: [...goal.checks.filter(({ name }) => !table.checks.some((each) => each.name === name)), ...table.checks],
    indexes: [...goal.indexes.filter(({ name }) => !indexes.some((each) => each.name === name)), ...indexes],
  };
}

type Column = TableDraft['columns'][number];

function unsaidOf(column: Column, wanted: Column): Column {
  const isText = [column, wanted].every(({ type }) => ['text', 'varchar'].includes(type.name));
  const type = isText && wanted.type.modifiers.length === 0 ? column.type : wanted.type;
  const sameType = formatType(column.type) === formatType(type);
  return {
    ...wanted,
    type,
    default: wanted.default ?? (sameType ? column.default : undefined),
    generated: wanted.generated ?? column.generated,
    comment: wanted.comment ?? column.comment,
    collateC: column.collateC,
  };
}
