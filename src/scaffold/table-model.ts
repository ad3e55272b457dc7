import type { AccessPlan } from '../domain/access.ts';
import type { Column, DatabaseSchema, ForeignKey, Table } from '../domain/database-schema.ts';
import { nameTables, wordsOf, type TableNames } from '../domain/table-names.ts';
import type { Table as ApiTable } from './backend/table/table.ts';
import { closedCall } from './closed-columns.ts';
import { callResult, type ColumnCall } from './column-call.ts';
import { columnCall } from './column-model.ts';
import { fieldName } from '../domain/field-name.ts';
import { indexedColumns, listOrder } from './list-order.ts';

/** A table with all that is decided about its part of the backend. */
export interface TableModel {
  readonly table: Table;
  readonly names: TableNames;
  readonly columns: readonly ColumnModel[];
  /** The columns that address a row: the primary key, else a unique key that is never null; empty when there is none. */
  readonly keyColumns: readonly string[];
  /** `/v1/blog-posts` */
  readonly collectionPath: string;
  readonly children: readonly ChildList[];
  /** The table as the backend itself sees it. */
  readonly api: ApiTable;
}

interface ColumnModel {
  readonly column: Column;
  /** What the API calls it: its name, but for the one that no JSON object can be trusted with. */
  readonly field: string;
  readonly call: ColumnCall;
}

/** The rows of another table that point at one row of this. */
interface ChildList {
  /** `posts`, the path's last part. */
  readonly segment: string;
  readonly table: string;
  readonly column: string;
}

export function modelTables(schema: DatabaseSchema, access?: AccessPlan): readonly TableModel[] {
  const names = nameTables(schema);
  return schema.tables.map((table) => modelTable(table, schema, names, access));
}

function modelTable(
  table: Table,
  schema: DatabaseSchema,
  allNames: ReadonlyMap<string, TableNames>,
  access: AccessPlan | undefined,
): TableModel {
  const names = namesOf(allNames, table.name);
  const keyColumns = addressingColumns(table);
  const order = listOrder(table, keyColumns);
  const columns = table.columns.map((column) => ({
    column,
    field: fieldName(column.name),
    call: closedCall(columnCall(column, table, keyColumns, schema), column, table, access),
  }));
  return {
    table,
    names,
    columns,
    keyColumns,
    collectionPath: `/v1/${names.file}`,
    children: keyColumns.length === 1 ? childLists(table, keyColumns[0] ?? '', schema, allNames) : [],
    api: {
      name: table.name,
      model: names.model,
      singular: names.singular,
      plural: names.plural,
      key: keyColumns.map(fieldName),
      ...(order ? { order } : {}),
      indexed: indexedColumns(table).map(fieldName),
      columns: Object.fromEntries(columns.map(({ field, call }) => [field, callResult(call)])),
    },
  };
}

function namesOf(names: ReadonlyMap<string, TableNames>, table: string): TableNames {
  const found = names.get(table);
  if (!found) throw new Error(`The schema has no table ${table}`);
  return found;
}

function addressingColumns(table: Table): readonly string[] {
  const keys = [table.primaryKey, ...table.uniques.map((unique) => unique.columns)];
  const fits = (name: string): boolean =>
    table.columns.some((column) => column.name === name && !column.nullable && !NO_ADDRESS.test(column.type));
  return keys.find((key) => key.length > 0 && key.every(fits)) ?? [];
}

/** What has no one spelling that a path could hold. */
const NO_ADDRESS = /^(json|jsonb|bytea)$|\]$/;

function childLists(
  parent: Table,
  key: string,
  schema: DatabaseSchema,
  names: ReadonlyMap<string, TableNames>,
): readonly ChildList[] {
  const references = schema.tables.flatMap((child) =>
    child.foreignKeys
      .filter((foreignKey) => pointsAt(foreignKey, parent.name, key))
      .map((foreignKey) => ({
        child,
        column: foreignKey.columns[0] ?? '',
        listedAs: foreignKey.listedAs,
      })),
  );
  const taken = new Set(references.flatMap(({ listedAs }) => listedAs ?? []));
  return references.map(({ child, column, listedAs }) => {
    if (listedAs !== undefined) return { segment: listedAs, table: child.name, column };
    const isOnly = references.filter((other) => other.child === child).length === 1;
    const plain =
      child === parent || !isOnly ? relationSegment(child, parent, column, names) : namesOf(names, child.name).file;
    const segment = taken.has(plain) ? `${plain}-${taken.size + 1}` : plain;
    taken.add(segment);
    return { segment, table: child.name, column };
  });
}

function pointsAt(foreignKey: ForeignKey, table: string, column: string): boolean {
  return (
    foreignKey.referencedTable === table &&
    foreignKey.columns.length === 1 &&
    foreignKey.referencedColumns[0] === column
  );
}

/** Where a table's name does not tell which relation is meant: `messages-as-sender`, `children`. */
function relationSegment(child: Table, parent: Table, column: string, names: ReadonlyMap<string, TableNames>): string {
  const words = wordsOf(column);
  const role = words.length > 1 && /^(id|key|code|uuid)$/.test(words.at(-1) ?? '') ? words.slice(0, -1) : words;
  if (child === parent && role[0] === 'parent') return 'children';
  return `${namesOf(names, child.name).file}-as-${role.join('-') || 'reference'}`;
}
