import type { DrawnTable } from './diagram.ts';

/** A project's schema as `GET /v1/projects/{project}/schema` has it. */
export interface Schema {
  readonly tables: readonly SchemaTable[];
}

export interface SchemaTable {
  readonly name: string;
  readonly columns: readonly { readonly name: string; readonly type: string; readonly nullable: boolean }[];
  readonly primaryKey: readonly string[];
  readonly foreignKeys: readonly ForeignKey[];
}

interface ForeignKey {
  readonly columns: readonly string[];
  readonly referencedTable: string;
  readonly referencedColumns: readonly string[];
}

export function drawnSchema({ tables }: Schema): readonly DrawnTable[] {
  return tables.map(({ name, columns, primaryKey, foreignKeys }) => ({
    name,
    columns: columns.map((column) => ({
      name: column.name,
      type: shortType(column.type),
      marks: primaryKey.includes(column.name) ? 'key' : column.nullable ? 'optional' : '',
      refersTo: foreignKeys.find((key) => key.columns.includes(column.name))?.referencedTable,
    })),
  }));
}

/** A plan's table as `POST /v1/plans` has it. */
export interface PlannedTable {
  readonly tableName: string;
  readonly columns: readonly { readonly name: string; readonly type: string; readonly constraints: string }[];
  readonly createQuery: string;
}

export function drawnPlan(tables: readonly PlannedTable[]): readonly DrawnTable[] {
  return tables.map(({ tableName, columns }) => ({
    name: tableName,
    columns: columns.map(({ name, type, constraints }) => ({
      name,
      type: shortType(type),
      marks: /primary key/i.test(constraints) ? 'key' : /not null/i.test(constraints) ? '' : 'optional',
      refersTo: /references\s+"?(\w+)"?/i.exec(constraints)?.[1],
    })),
  }));
}

function shortType(type: string): string {
  return type.toLowerCase().replace('character varying', 'varchar').replace('timestamp with time zone', 'timestamptz');
}
