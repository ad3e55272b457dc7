/**
 * The shape of a database: what a checked design promises and what the catalog, read back, holds.
 * Everything after provisioning (scaffold, prompts, diagram, API documents) is made from the catalog's.
 */
export interface DatabaseSchema {
  readonly enums: readonly EnumType[];
  /** In an order in which they can be filled: a table comes after those it references, cycles aside. */
  readonly tables: readonly Table[];
}

export interface EnumType {
  readonly name: string;
  readonly values: readonly string[];
}

export interface Table {
  readonly name: string;
  readonly columns: readonly Column[];
  /** Column names in key order; empty when the table has no primary key. */
  readonly primaryKey: readonly string[];
  readonly foreignKeys: readonly ForeignKey[];
  readonly uniques: readonly UniqueKey[];
  readonly checks: readonly Check[];
  /** Indexes that no constraint owns. */
  readonly indexes: readonly Index[];
  readonly comment?: string | undefined;
}

export interface Column {
  readonly name: string;
  /** As Postgres' `format_type` prints it: `character varying(255)`, `bigint`, `numeric(12,2)`, `text[]`, an enum's name. */
  readonly type: string;
  readonly nullable: boolean;
  /** The default as an SQL expression. */
  readonly default?: string | undefined;
  /** Filled by Postgres: `always` takes no value from a writer, `by-default` may. */
  readonly identity?: 'always' | 'by-default' | undefined;
  /** The expression of a generated column, which takes no value from a writer. */
  readonly generated?: string | undefined;
  readonly comment?: string | undefined;
}

/** Whether a writer gives the column no value: Postgres numbers or computes it. */
export function isFilledByPostgres(column: Column): boolean {
  if (column.generated !== undefined || column.identity !== undefined) return true;
  if (/^nextval\(/i.test(column.default ?? '')) return true;
  return column.type === 'tsvector' && (column.nullable || column.default !== undefined);
}

export type ReferentialAction = 'no action' | 'restrict' | 'cascade' | 'set null' | 'set default';

export interface ForeignKey {
  readonly name: string;
  readonly columns: readonly string[];
  readonly referencedTable: string;
  readonly referencedColumns: readonly string[];
  readonly onDelete: ReferentialAction;
  readonly onUpdate: ReferentialAction;
  /** The last part of the path of the rows that point at one row, where a change would have made it another. */
  readonly listedAs?: string | undefined;
}

export interface UniqueKey {
  readonly name: string;
  readonly columns: readonly string[];
  readonly nullsNotDistinct: boolean;
}

export interface Check {
  readonly name: string;
  /** The condition as an SQL expression, without the surrounding `CHECK (…)`. */
  readonly expression: string;
}

export interface Index {
  readonly name: string;
  readonly method: string;
  readonly unique: boolean;
  /** Column names, or SQL text for an expression. */
  readonly keys: readonly string[];
  /** The condition of a partial index. */
  readonly predicate?: string | undefined;
}
