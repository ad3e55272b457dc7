import type { Column, DatabaseSchema, ForeignKey, Index, Table } from '../domain/database-schema.ts';
import { formatType } from './format-type.ts';
import { quoteIdentifier } from './identifiers.ts';
import type { PostgresParser } from './postgres-parser.ts';
import type { ColumnDraft, ForeignKeyDraft, IndexDraft, SchemaDraft, TableDraft } from './schema-draft.ts';
import { orderTables } from './table-order.ts';

/** The shape that the draft promises, in the catalog's words. */
export function toDatabaseSchema(parser: PostgresParser, draft: SchemaDraft): DatabaseSchema {
  return { enums: draft.enums, tables: orderTables(draft).tables.map((table) => toTable(parser, table)) };
}

function toTable(parser: PostgresParser, table: TableDraft): Table {
  return {
    name: table.name,
    columns: table.columns.map((column) => toColumn(parser, table, column)),
    primaryKey: table.primaryKey?.columns ?? [],
    foreignKeys: table.foreignKeys.map(toForeignKey),
    uniques: table.uniques.map(({ name = '', columns, nullsNotDistinct }) => ({ name, columns, nullsNotDistinct })),
    checks: table.checks.map(({ name = '', expression }) => ({ name, expression: parser.print(expression) })),
    indexes: table.indexes.map((index) => toIndex(parser, index)),
    comment: table.comment,
  };
}

function toColumn(parser: PostgresParser, table: TableDraft, column: ColumnDraft): Column {
  const isSerial = column.type.name.endsWith('serial');
  const inKey = table.primaryKey?.columns.includes(column.name) ?? false;
  const sequence = quoteIdentifier(`${table.name}_${column.name}_seq`);
  return {
    name: column.name,
    type: formatType(column.type),
    nullable: column.nullable && !inKey,
    default: isSerial
      ? `nextval('${sequence.replaceAll("'", "''")}'::regclass)`
      : column.default && parser.print(column.default),
    identity: column.identity,
    generated: column.generated && parser.print(column.generated.expression),
    comment: column.comment,
  };
}

function toForeignKey({
  name = '',
  columns,
  referencedTable,
  referencedColumns,
  onDelete,
  onUpdate,
}: ForeignKeyDraft): ForeignKey {
  return { name, columns, referencedTable, referencedColumns, onDelete, onUpdate };
}

function toIndex(parser: PostgresParser, index: IndexDraft): Index {
  return {
    name: index.name ?? '',
    method: index.method,
    unique: index.unique,
    keys: index.keys.map(({ on }) => ('column' in on ? on.column : parser.print(on.expression))),
    predicate: index.predicate && parser.print(index.predicate),
  };
}
