import type { Finding } from '../domain/schema-design.ts';
import { formatType } from './format-type.ts';
import type { SchemaNames } from './schema-names.ts';
import type { ColumnDraft, ForeignKeyDraft, SchemaDraft, TableDraft } from './schema-draft.ts';

/** Foreign keys that name no columns on the other side mean that table's primary key. */
export function resolveReferences(draft: SchemaDraft): SchemaDraft {
  const keys = new Map(draft.tables.map((table) => [table.name, table.primaryKey?.columns ?? []]));
  const resolve = (key: ForeignKeyDraft): ForeignKeyDraft =>
    key.referencedColumns.length > 0 ? key : { ...key, referencedColumns: keys.get(key.referencedTable) ?? [] };
  return { ...draft, tables: draft.tables.map((table) => ({ ...table, foreignKeys: table.foreignKeys.map(resolve) })) };
}

/**
 * What Postgres would refuse about foreign keys: a table or column that is not there, columns that are not unique on
 * the other side, types that cannot be compared. What was refused is told already and not told again here: `names` has
 * all tables and columns, as the proposal names them.
 */
export function checkReferences(draft: SchemaDraft, names: SchemaNames): readonly Finding[] {
  const tables = new Map(draft.tables.map((table) => [table.name, table]));
  return draft.tables.flatMap((table) =>
    table.foreignKeys.flatMap((key) => {
      const referenced = tables.get(key.referencedTable);
      if (referenced) return wasRefused(names, key, referenced) ? [] : problemsWith(table, key, referenced);
      return names.tables.has(key.referencedTable) || names.refused.has(key.referencedTable)
        ? []
        : [unknownTable(table, key, [...tables.keys()])];
    }),
  );
}

/** Whether the key names a column that was read, but refused. */
function wasRefused(names: SchemaNames, key: ForeignKeyDraft, referenced: TableDraft): boolean {
  const read = names.tables.get(referenced.name);
  return key.referencedColumns.some((name) => !columnOf(referenced, name) && read?.has(name));
}

function unknownTable(table: TableDraft, key: ForeignKeyDraft, known: readonly string[]): Finding {
  const message = `${table.name} (${key.columns.join(', ')}) references the table "${key.referencedTable}", which is not in this schema`;
  const fix = `Add it, or reference one of: ${known.slice(0, 30).join(', ')}.`;
  return { severity: 'error', code: 'unknown-table', message, table: table.name, fix };
}

function problemsWith(table: TableDraft, key: ForeignKeyDraft, referenced: TableDraft): readonly Finding[] {
  const error = (code: string, problem: string, fix: string): Finding => {
    const message = `${table.name} (${key.columns.join(', ')}) references ${referenced.name}${problem}`;
    return { severity: 'error', code, message, table: table.name, fix };
  };
  if (key.referencedColumns.length === 0) {
    return [error('no-key', ', which has no primary key', `Give ${referenced.name} a primary key.`)];
  }
  const list = key.referencedColumns.join(', ');
  const missing = key.referencedColumns.find((name) => !columnOf(referenced, name));
  if (missing !== undefined) {
    const fix = `Reference one of: ${referenced.columns
      .map(({ name }) => name)
      .slice(0, 30)
      .join(', ')}.`;
    return [error('unknown-column', `, which has no column "${missing}"`, fix)];
  }
  if (key.columns.length !== key.referencedColumns.length) {
    return [error('key-mismatch', ` (${list}): the numbers of columns differ`, 'Name as many columns on either side.')];
  }
  if (!isUnique(referenced, key.referencedColumns)) {
    const fix = `Add UNIQUE (${list}) to ${referenced.name}, or reference its primary key.`;
    return [error('not-unique', ` (${list}), which is neither its primary key nor UNIQUE`, fix)];
  }
  return typeProblems(table, key, referenced).map(([column, other]) =>
    error(
      'type-mismatch',
      `.${other.name}, but ${column.name} is ${formatType(column.type)} and ${other.name} is ${formatType(other.type)}`,
      `Make both ${formatType(other.type)}.`,
    ),
  );
}

export function columnOf(table: TableDraft, name: string): ColumnDraft | undefined {
  return table.columns.find((column) => column.name === name);
}

function isUnique(table: TableDraft, columns: readonly string[]): boolean {
  const keys = [
    table.primaryKey?.columns ?? [],
    ...table.uniques.map((unique) => unique.columns),
    ...uniqueIndexes(table),
  ];
  return keys.some((key) => key.length === columns.length && columns.every((column) => key.includes(column)));
}

function uniqueIndexes(table: TableDraft): readonly (readonly string[])[] {
  const whole = table.indexes.filter((index) => index.unique && !index.predicate);
  return whole.map((index) => index.keys.map((key) => ('column' in key.on ? key.on.column : '')));
}

/** The pairs of columns that Postgres could not compare. */
function typeProblems(
  table: TableDraft,
  key: ForeignKeyDraft,
  referenced: TableDraft,
): readonly (readonly [ColumnDraft, ColumnDraft])[] {
  return key.columns.flatMap((name, index) => {
    const column = columnOf(table, name);
    const other = columnOf(referenced, key.referencedColumns[index] ?? '');
    return column && other && comparisonGroup(column) !== comparisonGroup(other) ? [[column, other] as const] : [];
  });
}

const COMPARABLE: readonly (readonly string[])[] = [
  ['int2', 'int4', 'int8', 'smallserial', 'serial', 'bigserial', 'numeric', 'float4', 'float8'],
  ['text', 'varchar', 'bpchar'],
  ['timestamp', 'timestamptz', 'date'],
  ['inet', 'cidr'],
];

function comparisonGroup({ type }: ColumnDraft): string {
  const group = COMPARABLE.findIndex((names) => names.includes(type.name));
  return `${group < 0 ? type.name : group}${'[]'.repeat(Math.min(type.arrayDimensions, 1))}`;
}
