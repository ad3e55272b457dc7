import type { Node } from 'libpg-query';
import type { EnumType } from '../domain/database-schema.ts';
import { renameInExpression } from './syntax-nodes.ts';
import type { ForeignKeyDraft, IndexDraft, SchemaDraft, TableDraft } from './schema-draft.ts';

export interface Renaming {
  /** A table or an enum. */
  readonly type: (name: string) => string;
  /** A column of the table that has this name before the renaming. */
  readonly column: (table: string, name: string) => string;
  readonly constraint: (name: string) => string;
}

/** The draft with other names, everywhere they are used. */
export function renameDraft(draft: SchemaDraft, renaming: Renaming): SchemaDraft {
  return {
    ...draft,
    enums: draft.enums.map((type): EnumType => ({ ...type, name: renaming.type(type.name) })),
    tables: draft.tables.map((table) => renameTable(table, renaming)),
  };
}

function renameTable(table: TableDraft, renaming: Renaming): TableDraft {
  const column = (name: string) => renaming.column(table.name, name);
  const name = (given: string | undefined) => given && renaming.constraint(given);
  const inExpression = (expression: Node) => renameInExpression(expression, column, renaming.type);
  return {
    ...table,
    name: renaming.type(table.name),
    columns: table.columns.map((each) => ({
      ...each,
      name: column(each.name),
      type: { ...each.type, name: renaming.type(each.type.name) },
      default: each.default && inExpression(each.default),
      generated: each.generated && { ...each.generated, expression: inExpression(each.generated.expression) },
    })),
    primaryKey: table.primaryKey && {
      ...table.primaryKey,
      name: name(table.primaryKey.name),
      columns: table.primaryKey.columns.map(column),
    },
    uniques: table.uniques.map((unique) => ({
      ...unique,
      name: name(unique.name),
      columns: unique.columns.map(column),
    })),
    foreignKeys: table.foreignKeys.map((key) => renameForeignKey(key, renaming, column)),
    checks: table.checks.map((check) => ({ name: name(check.name), expression: inExpression(check.expression) })),
    indexes: table.indexes.map((index) => renameIndex(index, renaming, column)),
  };
}

function renameForeignKey(key: ForeignKeyDraft, renaming: Renaming, column: (name: string) => string): ForeignKeyDraft {
  return {
    ...key,
    name: key.name && renaming.constraint(key.name),
    columns: key.columns.map(column),
    referencedTable: renaming.type(key.referencedTable),
    referencedColumns: key.referencedColumns.map((name) => renaming.column(key.referencedTable, name)),
  };
}

function renameIndex(index: IndexDraft, renaming: Renaming, column: (name: string) => string): IndexDraft {
  const inExpression = (expression: Node) => renameInExpression(expression, column, renaming.type);
  return {
    ...index,
    name: index.name && renaming.constraint(index.name),
    keys: index.keys.map((key) => ({
      ...key,
      on: 'column' in key.on ? { column: column(key.on.column) } : { expression: inExpression(key.on.expression) },
    })),
    include: index.include.map(column),
    predicate: index.predicate && inExpression(index.predicate),
  };
}
