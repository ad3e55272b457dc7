import type { ColumnType, SchemaDraft } from '../schema/drafts.ts';
import type { ChangeStep } from './change-step.ts';

import type { ChangeRisk } from '../domain/change-plan.ts';

export interface StepJudgement {
  readonly risk: ChangeRisk;
  /** The strongest lock that it takes, as Postgres calls it; empty when it takes none on a table with rows. */
  readonly lock: string;
  readonly rewritesTable: boolean;
  /** The table with rows that it touches; undefined where it touches none. */
  readonly table: string | undefined;
}

/** From so many rows on, a table that is scanned or written anew keeps writers waiting for a time that people notice. */
const MANY_ROWS = 10_000;

/** What a step means for a database with rows. `fresh` names tables and columns (`table.column`) of the same change. */
export function judgeStep(
  draft: SchemaDraft,
  step: ChangeStep,
  rowsOf: (table: string) => number,
  fresh: ReadonlySet<string>,
): StepJudgement {
  const table = touchedTable(draft, step);
  const isFresh = table === undefined || fresh.has(table);
  const rewritesTable = !isFresh && rewrites(step);
  const lock = isFresh ? '' : lockOf(step);
  return {
    risk: riskOf(step, isFresh, rewritesTable, rowsOf(table ?? ''), fresh),
    lock,
    rewritesTable,
    table: isFresh ? undefined : table,
  };
}

function touchedTable(draft: SchemaDraft, step: ChangeStep): string | undefined {
  if (step.kind === 'drop-table') return step.table.name;
  if (step.kind === 'create-table') return step.table.foreignKeys[0]?.referencedTable;
  if (step.kind === 'rename-table') return step.from;
  if (step.kind === 'set-enum-values')
    return draft.tables.find((table) => table.columns.some(({ type }) => type.name === step.type))?.name;
  return 'table' in step && typeof step.table === 'string' ? step.table : undefined;
}

function riskOf(
  step: ChangeStep,
  isFresh: boolean,
  rewritesTable: boolean,
  rows: number,
  fresh: ReadonlySet<string>,
): ChangeRisk {
  if (losesData(step, fresh)) return 'loses-data';
  if (isFresh) return 'safe';
  if (mayFail(step, fresh)) return 'may-fail';
  return rows >= MANY_ROWS && (rewritesTable || step.kind === 'create-index') ? 'locks' : 'safe';
}

function losesData(step: ChangeStep, fresh: ReadonlySet<string>): boolean {
  if (step.kind === 'drop-table' || step.kind === 'drop-enum') {
    return step.kind === 'drop-table' && !fresh.has(step.table.name);
  }
  if (step.kind === 'drop-column') {
    return step.column.generated === undefined && !fresh.has(`${step.table}.${step.column.name}`);
  }
  if (step.kind === 'set-type') {
    return narrows(step.from, step.to);
  }
  if (step.kind === 'set-enum-values') {
    return step.from.some((value) => !step.to.includes(value));
  }
  if (step.kind === 'fill-column') {
    return !fresh.has(`${step.table}.${step.column}`) && !fillsNulls(step);
  }
  return false;
}

/** `… WHERE column IS NULL` overwrites nothing. */
function fillsNulls({ column, where }: Extract<ChangeStep, { kind: 'fill-column' }>): boolean {
  if (!where || !('NullTest' in where) || where.NullTest.nulltesttype !== 'IS_NULL') return false;
  return JSON.stringify(where.NullTest.arg).includes(`"sval":${JSON.stringify(column)}`);
}

function mayFail(step: ChangeStep, fresh: ReadonlySet<string>): boolean {
  if (step.kind === 'add-constraint') {
    return !(
      step.constraint.kind === 'foreign-key' &&
      step.constraint.foreignKey.columns.every((name) => fresh.has(`${step.table}.${name}`))
    );
  }
  if (step.kind === 'create-index') {
    return step.index.unique;
  }
  if (step.kind === 'set-nullable') {
    return !step.nullable;
  }
  if (step.kind === 'set-type') {
    return !widens(step.from, step.to);
  }
  if (step.kind === 'add-column') {
    return !step.column.nullable && !fillsItself(step.column);
  }
  return false;
}

function fillsItself({
  default: given,
  identity,
  generated,
  type,
}: {
  readonly default: unknown;
  readonly identity: unknown;
  readonly generated: unknown;
  readonly type: ColumnType;
}): boolean {
  return given !== undefined || identity !== undefined || generated !== undefined || type.name.endsWith('serial');
}

const TEXTS: readonly string[] = ['varchar', 'text', 'bpchar'];
const INTEGERS: readonly string[] = ['int2', 'int4', 'int8'];

/** Every value fits, and stays what it was. */
function widens(from: ColumnType, to: ColumnType): boolean {
  if (from.arrayDimensions > 0 || to.arrayDimensions > 0) return false;
  const [length] = to.modifiers;
  if (TEXTS.includes(to.name))
    return length === undefined || (TEXTS.includes(from.name) && (from.modifiers[0] ?? Infinity) <= length);
  if (INTEGERS.includes(from.name) && INTEGERS.includes(to.name))
    return INTEGERS.indexOf(from.name) <= INTEGERS.indexOf(to.name);
  return to.name === 'numeric' && to.modifiers.length === 0 && [...INTEGERS, 'numeric'].includes(from.name);
}

function isNumber(type: ColumnType): boolean {
  return ['numeric', 'float4', 'float8'].includes(type.name);
}

/** Casts that round or cut without a word. */
function narrows(from: ColumnType, to: ColumnType): boolean {
  if (widens(from, to)) return false;
  if (isNumber(from) && (INTEGERS.includes(to.name) || isNumber(to))) return true;
  if (TEXTS.includes(to.name) && to.modifiers.length > 0) return true;
  return from.name.startsWith('timestamp') && ['date', 'time', 'timetz'].includes(to.name);
}

function rewrites(step: ChangeStep): boolean {
  if (step.kind === 'set-type') {
    return !(
      TEXTS.includes(step.from.name) &&
      ['varchar', 'text'].includes(step.to.name) &&
      widens(step.from, step.to)
    );
  }
  if (step.kind === 'add-column') {
    return (
      step.column.generated?.stored === true ||
      step.column.identity !== undefined ||
      step.column.type.name.endsWith('serial') ||
      isVolatile(step.column.default)
    );
  }
  if (step.kind === 'fill-column' || step.kind === 'unfill-column' || step.kind === 'restore-column') {
    return true;
  }
  if (step.kind === 'set-enum-values') {
    return step.from.some((value) => !step.to.includes(value));
  }
  return false;
}

/** A default that differs from row to row has to be written into each. */
function isVolatile(expression: unknown): boolean {
  return /"sval":"(?:gen_random_uuid|random|uuidv4|uuidv7|clock_timestamp|nextval)"/.test(
    JSON.stringify(expression ?? null),
  );
}

function lockOf(step: ChangeStep): string {
  if (step.kind === 'create-index') return 'SHARE';
  if (step.kind === 'create-table' || (step.kind === 'add-constraint' && step.constraint.kind === 'foreign-key'))
    return 'SHARE ROW EXCLUSIVE';
  if (step.kind === 'fill-column' || step.kind === 'unfill-column') return 'ROW EXCLUSIVE';
  return step.kind === 'set-comment' || step.kind === 'rename-index' ? 'SHARE UPDATE EXCLUSIVE' : 'ACCESS EXCLUSIVE';
}
