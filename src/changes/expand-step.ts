import type { Node } from 'libpg-query';
import {
  columnsIn,
  type ColumnDraft,
  type IndexDraft,
  type SchemaDraft,
  type TableConstraint,
  type TableDraft,
} from '../schema/drafts.ts';
import { withoutTextCasts } from './text-casts.ts';
import { constraintName, constraintsOf, type ChangeStep, type Kept } from './change-step.ts';

/** Hands out where values are kept, each place once. */
export type Keeper = () => Kept;

/**
 * The step with everything that Postgres would do silently along with it, or refuse to do: what rests on a dropped
 * column or table goes first, what stands in the way of a new type goes before and comes back after, and the names of
 * constraints, indexes and sequences follow a renaming. Each is a step of its own, so that each can be taken back.
 */
export function expandStep(draft: SchemaDraft, step: ChangeStep, keep: Keeper): readonly ChangeStep[] {
  if (step.kind === 'drop-column') {
    return [...dependentsOfColumn(draft, step.table, step.column.name, keep), step];
  }
  if (step.kind === 'drop-table') {
    return dropTable(draft, step);
  }
  if (step.kind === 'drop-constraint') {
    return [...referencesThrough(draft, step), step];
  }
  if (step.kind === 'set-type') {
    return aroundTypeChange(draft, step.table, [step.column], step, keep);
  }
  if (step.kind === 'set-enum-values') {
    return aroundEnumChange(draft, step, keep);
  }
  if (step.kind === 'rename-column') {
    return [step, ...namesAfterColumn(draft, step)];
  }
  if (step.kind === 'rename-table') {
    return [step, ...namesAfterTable(draft, step)];
  }
  return [step];
}

function dependentsOfColumn(
  draft: SchemaDraft,
  tableName: string,
  column: string,
  keep: Keeper,
): readonly ChangeStep[] {
  const table = tableOf(draft, tableName);
  const own = constraintsOf(table).filter((constraint) => usesColumn(constraint, column));
  const keyed = own.filter(({ kind }) => kind === 'primary-key' || kind === 'unique');
  const generated = table.columns.filter(
    (each) => each.generated && columnsIn(each.generated.expression).includes(column),
  );
  return [
    ...keyed.flatMap((constraint) =>
      referencesThrough(draft, { kind: 'drop-constraint', table: tableName, constraint }),
    ),
    ...generated.map((each) => ({ kind: 'drop-column', table: tableName, column: each, kept: keep() }) as const),
    ...table.indexes
      .filter((index) => indexUses(index, column))
      .map((index) => ({ kind: 'drop-index', table: tableName, index }) as const),
    ...own.map((constraint) => ({ kind: 'drop-constraint', table: tableName, constraint }) as const),
  ];
}

/** The foreign keys of other tables that rest on a key which is to go. */
function referencesThrough(
  draft: SchemaDraft,
  step: Extract<ChangeStep, { kind: 'drop-constraint' }>,
): readonly ChangeStep[] {
  const columns = keyColumns(step.constraint);
  if (!columns) return [];
  return draft.tables.flatMap((table) =>
    table.foreignKeys
      .filter((key) => key.referencedTable === step.table && sameNames(key.referencedColumns, columns))
      .map(
        (foreignKey) =>
          ({ kind: 'drop-constraint', table: table.name, constraint: { kind: 'foreign-key', foreignKey } }) as const,
      ),
  );
}

function keyColumns(constraint: TableConstraint): readonly string[] | undefined {
  if (constraint.kind === 'primary-key') return constraint.primaryKey.columns;
  return constraint.kind === 'unique' ? constraint.unique.columns : undefined;
}

/** Foreign keys go both ways first: a kept RESTRICT would keep rows from being deleted, a kept CASCADE delete kept rows. */
function dropTable(draft: SchemaDraft, step: Extract<ChangeStep, { kind: 'drop-table' }>): readonly ChangeStep[] {
  const { name } = step.table;
  const keys = draft.tables.flatMap((table) =>
    table.foreignKeys
      .filter((key) => table.name === name || key.referencedTable === name)
      .map(
        (foreignKey) =>
          ({ kind: 'drop-constraint', table: table.name, constraint: { kind: 'foreign-key', foreignKey } }) as const,
      ),
  );
  return [...keys, { ...step, table: { ...tableOf(draft, name), foreignKeys: [] } }];
}

function aroundEnumChange(
  draft: SchemaDraft,
  step: Extract<ChangeStep, { kind: 'set-enum-values' }>,
  keep: Keeper,
): readonly ChangeStep[] {
  if (onlyAdds(step)) return [step];
  const using = draft.tables.map((table) => ({
    table,
    columns: table.columns.filter(({ type }) => type.name === step.type).map(({ name }) => name),
  }));
  return using
    .filter(({ columns }) => columns.length > 0)
    .reduce<readonly ChangeStep[]>((inner, { table, columns }) => around(table, columns, inner, keep), [step]);
}

/** Whether values are only added: then the type need not be made anew. */
export function onlyAdds({
  from,
  to,
  remake = false,
  restores,
}: Pick<Extract<ChangeStep, { kind: 'set-enum-values' }>, 'from' | 'to' | 'remake' | 'restores'>): boolean {
  if (remake || restores !== undefined) return false;
  return sameNames(
    to.filter((value) => from.includes(value)),
    from,
  );
}

function aroundTypeChange(
  draft: SchemaDraft,
  table: string,
  columns: readonly string[],
  step: ChangeStep,
  keep: Keeper,
): readonly ChangeStep[] {
  return around(tableOf(draft, table), columns, [step], keep);
}

/** Operators of checks and indexes, and generated columns, hold the old type: off first, on afterwards. */
export function around(
  table: TableDraft,
  columns: readonly string[],
  inner: readonly ChangeStep[],
  keep: Keeper,
): readonly ChangeStep[] {
  const touches = (expression: Node): boolean => columnsIn(expression).some((name) => columns.includes(name));
  const generated = table.columns.filter((column) => column.generated && touches(column.generated.expression));
  // A generated column goes and comes back, and with it what rests on it.
  const rests = (used: readonly string[]): boolean => generated.some(({ name }) => used.includes(name));
  const checks = table.checks.filter(({ expression }) => touches(expression) || rests(columnsIn(expression)));
  const indexes = table.indexes.filter(
    (index) => expressionsOf(index).some(touches) || generated.some(({ name }) => indexUses(index, name)),
  );
  const keys = constraintsOf(table).filter((constraint) => constraint.kind !== 'check' && rests(columnsOf(constraint)));
  const places = generated.map((column) => ({ column, kept: keep() }));
  return [
    ...indexes.map((index) => ({ kind: 'drop-index', table: table.name, index }) as const),
    ...checks.map(
      (check) => ({ kind: 'drop-constraint', table: table.name, constraint: { kind: 'check', check } }) as const,
    ),
    ...keys.map((constraint) => ({ kind: 'drop-constraint', table: table.name, constraint }) as const),
    ...places.map((place) => ({ kind: 'drop-column', table: table.name, ...place }) as const),
    ...inner,
    ...places.map(({ column }) => ({ kind: 'add-column', table: table.name, column }) as const),
    ...keys.map((constraint) => ({ kind: 'add-constraint', table: table.name, constraint }) as const),
    ...checks.map(
      (check) =>
        ({
          kind: 'add-constraint',
          table: table.name,
          constraint: { kind: 'check', check: { ...check, expression: withoutTextCasts(check.expression, columns) } },
        }) as const,
    ),
    ...indexes.map(
      (index) => ({ kind: 'create-index', table: table.name, index: looseIndex(index, columns) }) as const,
    ),
  ];
}

function looseIndex(index: IndexDraft, columns: readonly string[]): IndexDraft {
  const loose = (expression: Node): Node => withoutTextCasts(expression, columns);
  return {
    ...index,
    keys: index.keys.map((key) =>
      'expression' in key.on ? { ...key, on: { expression: loose(key.on.expression) } } : key,
    ),
    predicate: index.predicate && loose(index.predicate),
  };
}

function expressionsOf(index: IndexDraft): readonly Node[] {
  const keys = index.keys.flatMap(({ on }) => ('expression' in on ? [on.expression] : []));
  return index.predicate ? [...keys, index.predicate] : keys;
}

/** `users_name_key` on a renamed column becomes `users_title_key`: whoever made the name from the column gets it anew. */
function namesAfterColumn(
  draft: SchemaDraft,
  { table: name, from, to }: Extract<ChangeStep, { kind: 'rename-column' }>,
): readonly ChangeStep[] {
  const table = tableOf(draft, name);
  const follows = (given: string, columns: readonly string[]): string | undefined => {
    if (!columns.includes(from)) return undefined;
    const old = `${name}_${columns.join('_')}_`;
    return given.startsWith(old)
      ? `${name}_${columns.map((each) => (each === from ? to : each)).join('_')}_${given.slice(old.length)}`
      : undefined;
  };
  const column = table.columns.find((each) => each.name === from);
  return [
    ...constraintsOf(table).flatMap((constraint) =>
      renameSteps(
        'rename-constraint',
        name,
        constraintName(constraint),
        follows(constraintName(constraint), columnsOf(constraint)),
      ),
    ),
    ...table.indexes.flatMap((index) =>
      renameSteps('rename-index', name, index.name ?? '', follows(index.name ?? '', indexColumns(index))),
    ),
    ...sequenceSteps(column, `${name}_${from}_seq`, `${name}_${to}_seq`),
  ];
}

function namesAfterTable(
  draft: SchemaDraft,
  { from, to }: Extract<ChangeStep, { kind: 'rename-table' }>,
): readonly ChangeStep[] {
  const table = tableOf(draft, from);
  const follow = (given: string): string | undefined =>
    given.startsWith(`${from}_`) ? `${to}${given.slice(from.length)}` : undefined;
  return [
    ...constraintsOf(table).flatMap((constraint) =>
      renameSteps('rename-constraint', to, constraintName(constraint), follow(constraintName(constraint))),
    ),
    ...table.indexes.flatMap((index) => renameSteps('rename-index', to, index.name ?? '', follow(index.name ?? ''))),
    ...table.columns.flatMap((column) =>
      sequenceSteps(column, `${from}_${column.name}_seq`, `${to}_${column.name}_seq`),
    ),
  ];
}

function renameSteps(
  kind: 'rename-constraint' | 'rename-index',
  table: string,
  from: string,
  to: string | undefined,
): readonly ChangeStep[] {
  // Postgres cuts a name that is too long, so that one stays as it is.
  return to === undefined || Buffer.byteLength(to) > 63 ? [] : [{ kind, table, from, to }];
}

function sequenceSteps(column: ColumnDraft | undefined, from: string, to: string): readonly ChangeStep[] {
  const fills = column?.identity !== undefined || column?.type.name.endsWith('serial');
  return fills && Buffer.byteLength(to) <= 63 ? [{ kind: 'rename-sequence', from, to }] : [];
}

function usesColumn(constraint: TableConstraint, column: string): boolean {
  return columnsOf(constraint).includes(column);
}

function columnsOf(constraint: TableConstraint): readonly string[] {
  if (constraint.kind === 'foreign-key') return constraint.foreignKey.columns;
  if (constraint.kind === 'check') return columnsIn(constraint.check.expression);
  return keyColumns(constraint) ?? [];
}

function indexColumns(index: IndexDraft): readonly string[] {
  return index.keys.flatMap(({ on }) => ('column' in on ? [on.column] : columnsIn(on.expression)));
}

function indexUses(index: IndexDraft, column: string): boolean {
  return [...indexColumns(index), ...index.include, ...(index.predicate ? columnsIn(index.predicate) : [])].includes(
    column,
  );
}

function sameNames(one: readonly string[], other: readonly string[]): boolean {
  return one.length === other.length && one.every((name, index) => name === other[index]);
}

export function tableOf(draft: SchemaDraft, name: string): TableDraft {
  const table = draft.tables.find((each) => each.name === name);
  if (!table) throw new Error(`The schema has no table ${name}`);
  return table;
}
