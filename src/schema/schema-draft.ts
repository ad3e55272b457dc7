import type { Node } from 'libpg-query';
import type { EnumType, ForeignKey, ReferentialAction, UniqueKey } from '../domain/database-schema.ts';

/**
 * A proposal as far as it has been read: what a `DatabaseSchema` says, and what is needed to write it down again as
 * SQL. Nothing of the proposal's text survives but names, constants, and expressions that were checked node by node.
 */
export interface SchemaDraft {
  readonly extensions: readonly string[];
  readonly enums: readonly EnumType[];
  readonly tables: readonly TableDraft[];
}

export interface TableDraft {
  readonly name: string;
  readonly columns: readonly ColumnDraft[];
  readonly primaryKey: PrimaryKeyDraft | undefined;
  readonly uniques: readonly UniqueDraft[];
  readonly foreignKeys: readonly ForeignKeyDraft[];
  readonly checks: readonly CheckDraft[];
  readonly indexes: readonly IndexDraft[];
  readonly comment: string | undefined;
}

export interface ColumnDraft {
  readonly name: string;
  readonly type: ColumnType;
  readonly nullable: boolean;
  readonly default: Node | undefined;
  readonly identity: 'always' | 'by-default' | undefined;
  readonly generated: { readonly expression: Node; readonly stored: boolean } | undefined;
  /** `COLLATE "C"`, the one collation that may be named. */
  readonly collateC: boolean;
  readonly comment: string | undefined;
}

export interface ColumnType {
  /** Postgres' own short name (`int4`, `varchar`, `serial`), or that of an enum of the draft. */
  readonly name: string;
  /** The numbers in parentheses: length, precision and scale. */
  readonly modifiers: readonly number[];
  readonly arrayDimensions: number;
}

/** A name is undefined until `nameConstraints` has given one. */
type Unnamed<Named extends { readonly name: string }> = Omit<Named, 'name'> & { readonly name: string | undefined };

/** When a constraint is checked: `deferred` at the end of a transaction, `deferrable` when the session says so. */
export type Deferral = 'deferrable' | 'deferred' | undefined;

export interface PrimaryKeyDraft {
  readonly name: string | undefined;
  readonly columns: readonly string[];
  readonly deferral: Deferral;
}

export type UniqueDraft = Unnamed<UniqueKey> & { readonly deferral: Deferral };

/** `referencedColumns` is empty where the proposal leaves them out; `resolveReferences` fills in the primary key. */
export type ForeignKeyDraft = Unnamed<ForeignKey> & {
  readonly onDelete: ReferentialAction;
  readonly deferral: Deferral;
};

export interface CheckDraft {
  readonly name: string | undefined;
  readonly expression: Node;
}

export interface IndexDraft {
  readonly name: string | undefined;
  readonly method: string;
  readonly unique: boolean;
  readonly nullsNotDistinct: boolean;
  readonly keys: readonly IndexKeyDraft[];
  /** Columns that the index carries along without being sorted by them. */
  readonly include: readonly string[];
  readonly predicate: Node | undefined;
}

export interface IndexKeyDraft {
  readonly on: { readonly column: string } | { readonly expression: Node };
  readonly operatorClass: string | undefined;
  readonly descending: boolean;
  readonly nulls: 'first' | 'last' | undefined;
  readonly collateC: boolean;
}
