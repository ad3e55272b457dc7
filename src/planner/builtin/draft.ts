import { singularName } from './names.ts';

/** A table as the planner pictures it, before it is written down as SQL. */
export interface DraftTable {
  /** snake_case, plural. */
  readonly name: string;
  /** Without the house columns (id, created_at, updated_at): the writer adds those. */
  readonly columns: readonly DraftColumn[];
  /** Sets of column names that are unique together. */
  readonly uniques: readonly (readonly string[])[];
  /** 0 (a guess) to 1 (said in so many words). */
  readonly confidence: number;
}

export interface DraftColumn {
  /** snake_case; ends in `_id` when it references a table. */
  readonly name: string;
  /** An SQL type. */
  readonly type: string;
  readonly nullable: boolean;
  readonly unique?: boolean | undefined;
  /** An SQL expression. */
  readonly default?: string | undefined;
  /** The only values it may take. */
  readonly values?: readonly string[] | undefined;
  /** What follows the column's name in a CHECK: `>= 0`. */
  readonly check?: string | undefined;
  /** The name of the table it points at. */
  readonly references?: string | undefined;
  /** The row goes with the one it points at; undefined when the names of the tables have to tell. */
  readonly isPart?: boolean | undefined;
}

/** A many-to-many relation as a table of its own. */
export function junctionTable(left: string, right: string, name: string, confidence: number): DraftTable {
  const columns = [foreignKeyTo(left), foreignKeyTo(right, left === right ? 'related' : undefined)];
  return { name, columns, uniques: [columns.map((column) => column.name)], confidence };
}

/** `role` names the column when the table's own name would not do: `author` for `users` gives `author_id`. */
export function foreignKeyTo(table: string, role?: string, nullable = false): DraftColumn {
  const name = `${role ?? singularName(table)}_id`;
  return { name, type: 'varchar', nullable, references: table };
}
