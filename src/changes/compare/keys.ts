import {
  sameSyntax,
  type IndexDraft,
  type SchemaDraft,
  type TableConstraint,
  type TableDraft,
} from '../../schema/drafts.ts';
import { constraintName, constraintsOf, type ChangeStep } from '../change-step.ts';
import { loose } from './as-written.ts';
import { commonColumns, commonTables, isRewritten, without, type Difference } from './difference.ts';

/** A foreign key cannot be while one of its ends is of another type than the other. */
export const foreignKeysOff: Difference = (now, target) =>
  commonTables(now, target).flatMap(({ table, goal }) => {
    const gone = without(foreignKeysOf(table), foreignKeysOf(goal), sameConstraint(goal));
    return foreignKeysOf(table)
      .filter((constraint) => gone.includes(constraint) || isBetweenRewritten(now, target, table, constraint))
      .map((constraint) => dropping(table, constraint));
  });

type ForeignKeyConstraint = Extract<TableConstraint, { kind: 'foreign-key' }>;

function foreignKeysOf(table: TableDraft): readonly ForeignKeyConstraint[] {
  return constraintsOf(table).filter((constraint) => constraint.kind === 'foreign-key');
}

function isBetweenRewritten(
  now: SchemaDraft,
  target: SchemaDraft,
  table: TableDraft,
  { foreignKey }: ForeignKeyConstraint,
): boolean {
  const changes = (name: string, columns: readonly string[]): boolean => {
    const common = commonTables(now, target).find((each) => each.table.name === name);
    if (!common) return false;
    return commonColumns(common.table, common.goal).some(
      ({ column, wanted }) => columns.includes(column.name) && isRewritten(now, target, column, wanted),
    );
  };
  return changes(table.name, foreignKey.columns) || changes(foreignKey.referencedTable, foreignKey.referencedColumns);
}

function dropping(table: TableDraft, constraint: TableConstraint): ChangeStep {
  return { kind: 'drop-constraint', table: table.name, constraint };
}

/** Checks and indexes before the keys, which a foreign key may rest on. */
export const keysOff: Difference = (now, target) =>
  commonTables(now, target).flatMap(({ table, goal }) => [
    ...without(table.indexes, goal.indexes, sameIndex(goal)).map(
      (index) => ({ kind: 'drop-index', table: table.name, index }) as const,
    ),
    ...without(ownKeys(table), ownKeys(goal), sameConstraint(goal))
      .toReversed()
      .map((constraint) => dropping(table, constraint)),
  ]);

/** Those that need no other table. */
function ownKeys(table: TableDraft): readonly TableConstraint[] {
  return constraintsOf(table).filter(({ kind }) => kind !== 'foreign-key');
}

export const keysOn: Difference = (now, target) =>
  commonTables(now, target).flatMap(({ table, goal }) => [
    ...without(ownKeys(goal), ownKeys(table), sameConstraint(goal)).map(
      (constraint) => ({ kind: 'add-constraint', table: table.name, constraint }) as const,
    ),
    ...without(goal.indexes, table.indexes, sameIndex(goal)).map(
      (index) => ({ kind: 'create-index', table: table.name, index }) as const,
    ),
  ]);

export const foreignKeysOn: Difference = (now, target) =>
  commonTables(now, target).flatMap(({ table, goal }) =>
    without(foreignKeysOf(goal), foreignKeysOf(table), sameConstraint(goal)).map(
      (constraint) => ({ kind: 'add-constraint', table: table.name, constraint }) as const,
    ),
  );

/** What is the same in all but its name gets the name that it should have, where that is free. */
export const nameAsMeant: Difference = (now, target) =>
  commonTables(now, target).flatMap(({ table, goal }) => [
    ...pairs(constraintsOf(table), constraintsOf(goal), sameConstraint(goal), constraintName).map(
      ([from, to]) => ({ kind: 'rename-constraint', table: table.name, from, to }) as const,
    ),
    ...pairs(table.indexes, goal.indexes, sameIndex(goal), ({ name = '' }) => name).map(
      ([from, to]) => ({ kind: 'rename-index', table: table.name, from, to }) as const,
    ),
  ]);

function pairs<T>(
  present: readonly T[],
  wanted: readonly T[],
  same: (one: T, other: T) => boolean,
  nameOf: (thing: T) => string,
): readonly (readonly [from: string, to: string])[] {
  const names = new Set(present.map(nameOf));
  const meant = new Set(wanted.map(nameOf));
  return wanted.flatMap((thing) => {
    const found = present.find((each) => same(each, thing) && !meant.has(nameOf(each)));
    return found && !names.has(nameOf(thing)) ? [[nameOf(found), nameOf(thing)] as const] : [];
  });
}

type Same<T> = (one: T, other: T) => boolean;

function sameConstraint(table: TableDraft): Same<TableConstraint> {
  return (one, other) => one.kind === other.kind && sameWords(table, unnamed(one), unnamed(other));
}

/** All of the constraint but its name. */
function unnamed(constraint: TableConstraint): object {
  const [, rest] = Object.entries(constraint).find(([field]) => field !== 'kind') ?? [];
  return { ...(rest as object), name: undefined };
}

function sameIndex(table: TableDraft): Same<IndexDraft> {
  return (one, other) => sameWords(table, { ...one, name: undefined }, { ...other, name: undefined });
}

function sameWords(table: TableDraft, one: object, other: object): boolean {
  return sameSyntax(loose(table, one), loose(table, other));
}
