import type { Node } from 'libpg-query';
import {
  renameDraft,
  type ColumnDraft,
  type IndexDraft,
  type SchemaDraft,
  type TableConstraint,
  type TableDraft,
} from '../schema/drafts.ts';
import { constraintName, type ChangeStep, type Counter } from './change-step.ts';
import { countedType } from './counted-type.ts';

/** The draft as it is once the step was taken. */
export function applyStep(draft: SchemaDraft, step: ChangeStep): SchemaDraft {
  if (step.kind === 'create-enum' || step.kind === 'restore-enum') {
    return { ...draft, enums: [...draft.enums, step.type] };
  }
  if (step.kind === 'drop-enum') {
    return { ...draft, enums: draft.enums.filter(({ name }) => name !== step.type.name) };
  }
  if (step.kind === 'set-enum-values') {
    return {
      ...draft,
      enums: draft.enums.map((type) => (type.name === step.type ? { ...type, values: step.to } : type)),
    };
  }
  if (step.kind === 'rename-enum-value') {
    return renamedEnumValue(draft, step);
  }
  if (step.kind === 'rename-enum' || step.kind === 'rename-table') {
    return renameDraft(draft, { ...SAME, type: renaming(step) });
  }
  if (step.kind === 'create-table' || step.kind === 'restore-table') {
    return { ...draft, tables: [...draft.tables, step.table] };
  }
  if (step.kind === 'drop-table') {
    return { ...draft, tables: draft.tables.filter(({ name }) => name !== step.table.name) };
  }
  if (step.kind === 'rename-column') {
    return renameDraft(draft, {
      ...SAME,
      column: (table, name) => (table === step.table ? renaming(step)(name) : name),
    });
  }
  if (step.kind === 'copy-rows' || step.kind === 'leave-rows') return draft;
  if (step.kind === 'rename-sequence' || step.kind === 'fill-column' || step.kind === 'unfill-column') {
    return draft;
  }
  return {
    ...draft,
    tables: draft.tables.map((table) => (table.name === step.table ? changeTable(table, step) : table)),
  };
}

type TableStep = Extract<ChangeStep, { readonly table: string }>;

const SAME = { type: same, column: (_table: string, name: string) => name, constraint: same };

function same(name: string): string {
  return name;
}

function renaming({ from, to }: { readonly from: string; readonly to: string }): (name: string) => string {
  return (name) => (name === from ? to : name);
}

function renamedEnumValue(
  draft: SchemaDraft,
  { type, from, to }: Extract<ChangeStep, { kind: 'rename-enum-value' }>,
): SchemaDraft {
  const rename = renaming({ from, to });
  const isOf = (column: ColumnDraft): boolean => column.type.name === type;
  const enums = draft.enums.map((each) => (each.name === type ? { ...each, values: each.values.map(rename) } : each));
  const tables = draft.tables.map((table) => ({
    ...table,
    columns: table.columns.map((column) =>
      isOf(column) && column.default ? { ...column, default: renamedConstant(column.default, from, to) } : column,
    ),
  }));
  return { ...draft, enums, tables };
}

/** A default follows the value that it names, as it does in Postgres. */
function renamedConstant(expression: Node, from: string, to: string): Node {
  return JSON.parse(
    JSON.stringify(expression).replaceAll(`{"sval":${JSON.stringify(from)}}`, () => `{"sval":${JSON.stringify(to)}}`),
  ) as Node;
}

function changeTable(table: TableDraft, step: TableStep): TableDraft {
  if (step.kind === 'add-column' || step.kind === 'restore-column') {
    return { ...table, columns: [...table.columns, step.column] };
  }
  if (step.kind === 'drop-column') {
    return { ...table, columns: table.columns.filter(({ name }) => name !== step.column.name) };
  }
  if (step.kind === 'set-type') {
    return changeColumn(table, step.column, { type: step.to });
  }
  if (step.kind === 'set-counter') {
    const { type } = table.columns.find(({ name }) => name === step.column) ?? {};
    return type ? changeColumn(table, step.column, withCounter(type, step.to)) : table;
  }
  if (step.kind === 'set-nullable') {
    return changeColumn(table, step.column, { nullable: step.nullable });
  }
  if (step.kind === 'set-default') {
    return changeColumn(table, step.column, { default: step.to });
  }
  if (step.kind === 'set-comment') {
    return step.column === undefined
      ? { ...table, comment: step.to }
      : changeColumn(table, step.column, { comment: step.to });
  }
  if (step.kind === 'add-constraint') {
    return withConstraint(table, step.constraint);
  }
  if (step.kind === 'drop-constraint') {
    return withoutConstraint(table, constraintName(step.constraint));
  }
  if (step.kind === 'rename-constraint') {
    return renameConstraint(table, renaming(step));
  }
  if (step.kind === 'create-index') {
    return { ...table, indexes: [...table.indexes, step.index] };
  }
  if (step.kind === 'drop-index') {
    return { ...table, indexes: table.indexes.filter(({ name }) => name !== step.index.name) };
  }
  if (step.kind === 'rename-index') {
    return {
      ...table,
      indexes: table.indexes.map((index): IndexDraft => ({ ...index, name: renaming(step)(index.name ?? '') })),
    };
  }
  return table;
}

function withCounter(type: ColumnDraft['type'], counter: Counter): Partial<ColumnDraft> {
  return { type: countedType(type, counter), identity: counter === 'serial' ? undefined : counter };
}

function changeColumn(table: TableDraft, name: string, change: Partial<ColumnDraft>): TableDraft {
  return {
    ...table,
    columns: table.columns.map((column) => (column.name === name ? { ...column, ...change } : column)),
  };
}

function withConstraint(table: TableDraft, constraint: TableConstraint): TableDraft {
  switch (constraint.kind) {
    case 'primary-key': {
      const keyed: TableDraft = { ...table, primaryKey: constraint.primaryKey };
      return constraint.primaryKey.columns.reduce(
        (changed, name) => changeColumn(changed, name, { nullable: false }),
        keyed,
      );
    }
    case 'unique':
      return { ...table, uniques: [...table.uniques, constraint.unique] };
    case 'foreign-key':
      return { ...table, foreignKeys: [...table.foreignKeys, constraint.foreignKey] };
    case 'check':
      return { ...table, checks: [...table.checks, constraint.check] };
    case 'not-null':
      return constraint.columns.reduce((changed, name) => changeColumn(changed, name, { nullable: false }), table);
  }
}

function withoutConstraint(table: TableDraft, name: string): TableDraft {
  const others = <T extends { readonly name: string | undefined }>(list: readonly T[]): T[] =>
    list.filter((each) => each.name !== name);
  return {
    ...table,
    primaryKey: table.primaryKey?.name === name ? undefined : table.primaryKey,
    uniques: others(table.uniques),
    foreignKeys: others(table.foreignKeys),
    checks: others(table.checks),
  };
}

function renameConstraint(table: TableDraft, rename: (name: string) => string): TableDraft {
  const renamed = <T extends { readonly name: string | undefined }>(each: T): T => ({
    ...each,
    name: rename(each.name ?? ''),
  });
  return {
    ...table,
    primaryKey: table.primaryKey && renamed(table.primaryKey),
    uniques: table.uniques.map(renamed),
    foreignKeys: table.foreignKeys.map(renamed),
    checks: table.checks.map(renamed),
  };
}
