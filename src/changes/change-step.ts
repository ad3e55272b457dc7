import type { Node } from 'libpg-query';
import type { EnumType } from '../domain/database-schema.ts';
import type { ColumnDraft, ColumnType, IndexDraft, TableConstraint, TableDraft } from '../schema/drafts.ts';

/**
 * One thing that a change does to a schema. Plain data that a record can hold: what is needed to do it, to draw what
 * comes of it, and to take it back. `kept` is where values lie that a step took out of sight.
 */
export type ChangeStep =
  | { readonly kind: 'create-enum'; readonly type: EnumType }
  | { readonly kind: 'drop-enum'; readonly type: EnumType; readonly kept: string }
  | { readonly kind: 'restore-enum'; readonly type: EnumType; readonly kept: string }
  | { readonly kind: 'rename-enum'; readonly from: string; readonly to: string }
  | {
      readonly kind: 'set-enum-values';
      readonly type: string;
      readonly from: readonly string[];
      readonly to: readonly string[];
      readonly kept: string;
      readonly chosen?: string | undefined;
      /** Whether the type is made anew although values are only added: Postgres lets nobody use them before the commit. */
      readonly remake?: boolean | undefined;
      /** Where the type lies that was in its place before. */
      readonly restores?: string | undefined;
    }
  | { readonly kind: 'rename-enum-value'; readonly type: string; readonly from: string; readonly to: string }
  | { readonly kind: 'create-table'; readonly table: TableDraft }
  | { readonly kind: 'drop-table'; readonly table: TableDraft; readonly kept: string }
  | { readonly kind: 'restore-table'; readonly table: TableDraft; readonly kept: string }
  | { readonly kind: 'rename-table'; readonly from: string; readonly to: string }
  | { readonly kind: 'add-column'; readonly table: string; readonly column: ColumnDraft }
  | { readonly kind: 'drop-column'; readonly table: string; readonly column: ColumnDraft; readonly kept: Kept }
  | { readonly kind: 'restore-column'; readonly table: string; readonly column: ColumnDraft; readonly kept: Kept }
  | { readonly kind: 'rename-column'; readonly table: string; readonly from: string; readonly to: string }
  | {
      readonly kind: 'set-type';
      readonly table: string;
      readonly column: string;
      readonly from: ColumnType;
      readonly to: ColumnType;
      readonly using?: Node | undefined;
      readonly kept: Kept;
      readonly restores?: Kept | undefined;
    }
  /** How a column counts by itself; undefined when it does not. */
  | {
      readonly kind: 'set-counter';
      readonly table: string;
      readonly column: string;
      readonly from: Counter;
      readonly to: Counter;
    }
  | { readonly kind: 'set-nullable'; readonly table: string; readonly column: string; readonly nullable: boolean }
  | {
      readonly kind: 'set-default';
      readonly table: string;
      readonly column: string;
      readonly from?: Node | undefined;
      readonly to?: Node | undefined;
    }
  | {
      readonly kind: 'add-constraint';
      readonly table: string;
      readonly constraint: TableConstraint;
      readonly returns?: boolean | undefined;
    }
  | { readonly kind: 'drop-constraint'; readonly table: string; readonly constraint: TableConstraint }
  | { readonly kind: 'rename-constraint'; readonly table: string; readonly from: string; readonly to: string }
  | {
      readonly kind: 'create-index';
      readonly table: string;
      readonly index: IndexDraft;
      readonly returns?: boolean | undefined;
    }
  | { readonly kind: 'drop-index'; readonly table: string; readonly index: IndexDraft }
  | { readonly kind: 'rename-index'; readonly table: string; readonly from: string; readonly to: string }
  | { readonly kind: 'rename-sequence'; readonly from: string; readonly to: string }
  | {
      readonly kind: 'set-comment';
      readonly table: string;
      readonly column?: string | undefined;
      readonly from?: string | undefined;
      readonly to?: string | undefined;
    }
  | {
      readonly kind: 'fill-column';
      readonly table: string;
      readonly column: string;
      readonly value: Node;
      readonly where?: Node | undefined;
      readonly kept: Kept;
    }
  /** Fills a table of the same change from one that there is. Taken back, the rows go with their table. */
  | (RowCopy & { readonly kind: 'copy-rows' })
  | (RowCopy & { readonly kind: 'leave-rows' })
  | {
      readonly kind: 'unfill-column';
      readonly table: string;
      readonly column: string;
      readonly kept: Kept;
      readonly redo: Extract<ChangeStep, { kind: 'fill-column' }>;
    };

interface RowCopy {
  readonly into: string;
  readonly columns: readonly string[];
  readonly from: string;
  /** Columns of `from`, one for each of `columns`. */
  readonly values: readonly string[];
  readonly where?: Node | undefined;
}

/** A `serial` is a default from a sequence; the others are identities. */
export type Counter = 'always' | 'by-default' | 'serial' | undefined;

/** A relation of ours: values by the key of the row that they belong to. */
export interface Kept {
  /** `tb_kept_7` */
  readonly schema: string;
  readonly relation: string;
}

/** The name of a constraint; each has one by the time it is part of a step. */
export function constraintName(constraint: TableConstraint): string {
  if (constraint.kind === 'primary-key') return constraint.primaryKey.name ?? '';
  if (constraint.kind === 'unique') return constraint.unique.name ?? '';
  if (constraint.kind === 'foreign-key') return constraint.foreignKey.name ?? '';
  return constraint.kind === 'check' ? (constraint.check.name ?? '') : '';
}

/** Every constraint of a table as a step would name it. */
export function constraintsOf(table: TableDraft): readonly TableConstraint[] {
  return [
    ...(table.primaryKey ? [{ kind: 'primary-key', primaryKey: table.primaryKey } as const] : []),
    ...table.uniques.map((unique) => ({ kind: 'unique', unique }) as const),
    ...table.foreignKeys.map((foreignKey) => ({ kind: 'foreign-key', foreignKey }) as const),
    ...table.checks.map((check) => ({ kind: 'check', check }) as const),
  ];
}
