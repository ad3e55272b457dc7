import type { Constraint, Node } from 'libpg-query';
import type { ReferentialAction } from '../domain/database-schema.ts';
import { checkCondition } from './check-expression.ts';
import { readName } from './read-name.ts';
import { placeOf, refuse, type Reading } from './reading.ts';
import type { CheckDraft, Deferral, ForeignKeyDraft, PrimaryKeyDraft, UniqueDraft } from './schema-draft.ts';
import { textsOf } from './syntax-nodes.ts';

/** A constraint of a table, wherever it was written: at a column, among the columns, or in an ALTER TABLE. */
export type TableConstraint =
  | { readonly kind: 'primary-key'; readonly primaryKey: PrimaryKeyDraft }
  | { readonly kind: 'unique'; readonly unique: UniqueDraft }
  | { readonly kind: 'foreign-key'; readonly foreignKey: ForeignKeyDraft }
  | { readonly kind: 'check'; readonly check: CheckDraft }
  | { readonly kind: 'not-null'; readonly columns: readonly string[] };

const ACTIONS: Readonly<Record<string, ReferentialAction>> = {
  a: 'no action',
  r: 'restrict',
  c: 'cascade',
  n: 'set null',
  d: 'set default',
};

type ConstraintReader = (
  reading: Reading,
  constraint: Constraint,
  column: string | undefined,
) => TableConstraint | undefined;

const READERS: Partial<Record<string, ConstraintReader>> = {
  CONSTR_PRIMARY: readPrimaryKey,
  CONSTR_UNIQUE: readUnique,
  CONSTR_FOREIGN: readForeignKey,
  CONSTR_CHECK: readCheck,
  CONSTR_NOTNULL: readNotNull,
};

/** `column` is where a column's own constraint was written. Undefined when the constraint is refused. */
export function readConstraint(reading: Reading, constraint: Constraint, column?: string): TableConstraint | undefined {
  const { conname: name, contype } = constraint;
  if (name !== undefined && readName(reading, 'constraint', name) === undefined) return undefined;
  const read = READERS[contype ?? ''];
  if (read) return read(reading, constraint, column);
  return refuse(
    reading,
    'constraint-refused',
    `${placeOf(reading, column)}: this constraint is not allowed here`,
    'Leave it out.',
  );
}

function readPrimaryKey(reading: Reading, constraint: Constraint, column: string | undefined): TableConstraint {
  const columns = keyColumns(reading, constraint, column);
  return { kind: 'primary-key', primaryKey: { name: constraint.conname, columns, deferral: deferralOf(constraint) } };
}

function readNotNull(reading: Reading, constraint: Constraint, column: string | undefined): TableConstraint {
  return { kind: 'not-null', columns: keyColumns(reading, constraint, column) };
}

function keyColumns(reading: Reading, constraint: Constraint, column: string | undefined): readonly string[] {
  return knownColumns(reading, column === undefined ? textsOf(constraint.keys) : [column]);
}

/** The columns, after a complaint about each that the table does not have or that is named twice. */
export function knownColumns(reading: Reading, columns: readonly string[]): readonly string[] {
  const known = reading.names.tables.get(reading.table ?? '');
  for (const [index, column] of columns.entries()) {
    if (!known?.has(column)) {
      const fix = `Add the column ${column}, or name one of: ${[...(known ?? [])].slice(0, 30).join(', ')}.`;
      refuse(reading, 'unknown-column', `${placeOf(reading)} has no column "${column}"`, fix);
    } else if (columns.indexOf(column) < index) {
      refuse(
        reading,
        'duplicate-name',
        `${placeOf(reading)}: a key names the column "${column}" twice`,
        'Name it once.',
      );
    }
  }
  return columns;
}

function readUnique(reading: Reading, constraint: Constraint, column: string | undefined): TableConstraint {
  const unique = {
    name: constraint.conname,
    columns: keyColumns(reading, constraint, column),
    nullsNotDistinct: constraint.nulls_not_distinct ?? false,
    deferral: deferralOf(constraint),
  };
  return { kind: 'unique', unique };
}

function readForeignKey(reading: Reading, constraint: Constraint, column: string | undefined): TableConstraint {
  const foreignKey = {
    name: constraint.conname,
    columns: knownColumns(reading, column === undefined ? textsOf(constraint.fk_attrs) : [column]),
    referencedTable: constraint.pktable?.relname ?? '',
    referencedColumns: textsOf(constraint.pk_attrs),
    onDelete: ACTIONS[constraint.fk_del_action ?? 'a'] ?? 'no action',
    onUpdate: ACTIONS[constraint.fk_upd_action ?? 'a'] ?? 'no action',
    deferral: deferralOf(constraint),
  };
  return { kind: 'foreign-key', foreignKey };
}

function readCheck(reading: Reading, constraint: Constraint, column: string | undefined): TableConstraint | undefined {
  const expression: Node | undefined = constraint.raw_expr;
  if (!expression) return undefined;
  const columns = reading.names.tables.get(reading.table ?? '') ?? new Set();
  checkCondition(reading, `A CHECK of ${placeOf(reading, column)}`, columns, expression);
  return { kind: 'check', check: { name: constraint.conname, expression } };
}

function deferralOf(constraint: Constraint): Deferral {
  if (constraint.initdeferred) return 'deferred';
  return constraint.deferrable ? 'deferrable' : undefined;
}
