import { formatType, sameSyntax, type ColumnDraft, type SchemaDraft } from '../../schema/drafts.ts';
import type { ChangeStep } from '../change-step.ts';
import { countedType, counterOf } from '../counted-type.ts';
import { commonColumns, commonTables, isRewritten, sameGenerated, type Difference } from './difference.ts';

/** One that is generated in another way is made again from the columns as they will be. */
export const generatedColumnsOff: Difference = (now, target, keep) =>
  commonTables(now, target).flatMap(({ table, goal }) =>
    table.columns
      .filter((column) => {
        const wanted = goal.columns.find(({ name }) => name === column.name);
        return wanted ? !sameGenerated(column, wanted) : column.generated !== undefined;
      })
      .map((column) => ({ kind: 'drop-column', table: table.name, column, kept: keep() }) as const),
  );

export const addColumns: Difference = (now, target) =>
  commonTables(now, target).flatMap(({ table, goal }) =>
    goal.columns
      .filter(({ name, generated }) => !generated && !table.columns.some((column) => column.name === name))
      .map((column) => ({ kind: 'add-column', table: table.name, column }) as const),
  );

type Pair = ReturnType<typeof commonColumns>[number] & { readonly table: string };

function columnsOfBoth(now: SchemaDraft, target: SchemaDraft): readonly Pair[] {
  return commonTables(now, target).flatMap(({ table, goal }) =>
    commonColumns(table, goal).map((pair) => ({ ...pair, table: table.name })),
  );
}

/** Defaults and counters that are in the way of a new type, of each other, or of a value that goes. */
export const unsettle: Difference = (now, target) =>
  columnsOfBoth(now, target).flatMap(({ table, column, wanted }) => {
    const place = { table, column: column.name };
    const counter = counterOf(column);
    const steps: ChangeStep[] = [];
    if (counter !== undefined && counter !== counterOf(wanted))
      steps.push({ kind: 'set-counter', ...place, from: counter, to: undefined });
    if (column.default && !keepsDefault(now, target, column, wanted))
      steps.push({ kind: 'set-default', ...place, from: column.default, to: undefined });
    return steps;
  });

function keepsDefault(now: SchemaDraft, target: SchemaDraft, column: ColumnDraft, wanted: ColumnDraft): boolean {
  if (column.generated || !isRewritten(now, target, column, wanted)) return true;
  return sameSyntax(column.default ?? {}, wanted.default ?? {});
}

export const setTypes: Difference = (now, target, keep) =>
  columnsOfBoth(now, target).flatMap(({ table, column, wanted }) => {
    if (column.generated || formatType(column.type) === formatType(wanted.type)) return [];
    const to = countedType(wanted.type, counterOf(column));
    return [{ kind: 'set-type', table, column: column.name, from: column.type, to, kept: keep() }];
  });

/** NULL, default and counter as they will be; generated columns, which rest on others, last. */
export const settle: Difference = (now, target) => [
  ...columnsOfBoth(now, target).flatMap(({ table, column, wanted }) => {
    if (column.generated) return [];
    const place = { table, column: column.name };
    const steps: ChangeStep[] = [];
    if (column.nullable !== wanted.nullable) steps.push({ kind: 'set-nullable', ...place, nullable: wanted.nullable });
    if (!sameSyntax(column.default ?? {}, wanted.default ?? {}))
      steps.push({ kind: 'set-default', ...place, from: column.default, to: wanted.default });
    if (counterOf(column) !== counterOf(wanted))
      steps.push({ kind: 'set-counter', ...place, from: undefined, to: counterOf(wanted) });
    return steps;
  }),
  ...commonTables(now, target).flatMap(({ table, goal }) =>
    goal.columns
      .filter(({ name, generated }) => generated && !table.columns.some((column) => column.name === name))
      .map((column) => ({ kind: 'add-column', table: table.name, column }) as const),
  ),
];

export const setComments: Difference = (now, target) => [
  ...commonTables(now, target).flatMap(({ table, goal }) =>
    table.comment === goal.comment
      ? []
      : [{ kind: 'set-comment', table: table.name, from: table.comment, to: goal.comment } as const],
  ),
  ...columnsOfBoth(now, target).flatMap(({ table, column, wanted }) =>
    column.comment === wanted.comment
      ? []
      : [{ kind: 'set-comment', table, column: column.name, from: column.comment, to: wanted.comment } as const],
  ),
];

export const dropColumns: Difference = (now, target, keep) =>
  commonTables(now, target).flatMap(({ table, goal }) =>
    table.columns
      .filter(({ name }) => !goal.columns.some((column) => column.name === name))
      .map((column) => ({ kind: 'drop-column', table: table.name, column, kept: keep() }) as const),
  );
