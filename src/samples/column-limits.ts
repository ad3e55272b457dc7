import type { Table } from '../domain/database-schema.ts';
import { parseCheck, type Expression } from './check-expression.ts';

/** What a table's checks say about one column by itself. */
export interface ColumnLimits {
  readonly minimum?: number;
  readonly maximum?: number;
  readonly exclusiveMinimum?: number;
  readonly exclusiveMaximum?: number;
  readonly minLength?: number;
  readonly maxLength?: number;
  /** The only values it may have. */
  readonly words?: readonly (string | number | boolean)[];
  /** A regular expression as Postgres reads it. */
  readonly pattern?: string;
}

/** By column; columns that no simple check is about are left out. */
export function columnLimits(table: Table): ReadonlyMap<string, ColumnLimits> {
  const limits = new Map<string, ColumnLimits>();
  for (const condition of conditions(table)) {
    const found = limitOf(condition);
    if (found) limits.set(found.column, tighten(limits.get(found.column) ?? {}, found.limits));
  }
  return limits;
}

/** Everything that must hold for every row, each AND taken apart. */
export function conditions(table: Table): Expression[] {
  return table.checks.flatMap((check) => {
    const expression = parseCheck(check.expression);
    return expression ? conjuncts(expression) : [];
  });
}

function conjuncts(expression: Expression): Expression[] {
  if (expression.kind !== 'operation') return [expression];
  if (expression.operator === 'and') return expression.operands.flatMap(conjuncts);
  if (expression.operator !== 'or') return [expression];
  // «x IS NULL OR x > 0» says about values what the rest says.
  const [rest, ...more] = expression.operands.filter((operand) => nullTested(operand) === undefined);
  const tested = expression.operands.flatMap((operand) => nullTested(operand) ?? []);
  if (!rest || more.length > 0 || !tested.every((name) => columnsIn(rest).has(name))) return [expression];
  return conjuncts(rest);
}

/** The column that the condition asks to be null. */
function nullTested(condition: Expression): string | undefined {
  if (condition.kind !== 'operation' || condition.operator !== 'is null') return undefined;
  const [operand] = condition.operands;
  return operand?.kind === 'column' ? operand.name : undefined;
}

export function columnsIn(expression: Expression): ReadonlySet<string> {
  if (expression.kind === 'column') return new Set([expression.name]);
  if (expression.kind === 'constant') return new Set();
  const parts = { list: 'items', call: 'args', operation: 'operands' } as const;
  const inner = (expression as unknown as Record<string, readonly Expression[]>)[parts[expression.kind]] ?? [];
  return new Set(inner.flatMap((part) => [...columnsIn(part)]));
}

interface Limit {
  readonly column: string;
  readonly limits: ColumnLimits;
}

function limitOf(condition: Expression): Limit | undefined {
  if (condition.kind !== 'operation') return undefined;
  const [left, right] = condition.operands;
  if (!left || !right) return undefined;
  if (condition.operator === 'in') return wordsLimit(left, right);
  const flipped = FLIPPED[condition.operator];
  if (left.kind === 'constant' && flipped) return comparisonLimit(flipped, right, left);
  return comparisonLimit(condition.operator, left, right);
}

const FLIPPED: Readonly<Record<string, string>> = { '<': '>', '<=': '>=', '>': '<', '>=': '<=', '=': '=', '<>': '<>' };

function wordsLimit(column: Expression, list: Expression): Limit | undefined {
  if (column.kind !== 'column' || list.kind !== 'list') return undefined;
  const words = list.items.flatMap((item) => (item.kind === 'constant' && item.value !== null ? [item.value] : []));
  return words.length === list.items.length ? { column: column.name, limits: { words } } : undefined;
}

function comparisonLimit(operator: string, left: Expression, right: Expression): Limit | undefined {
  const constant = numberOf(right);
  if (left.kind === 'call') {
    const [of] = left.args;
    const column = of?.kind === 'call' && TRIMS.includes(of.name) ? of.args[0] : of;
    const isLength = ['length', 'char_length', 'character_length'].includes(left.name);
    if (!isLength || column?.kind !== 'column' || typeof constant !== 'number') return undefined;
    const limits = lengthLimits(operator, constant);
    // Spaces that a trim takes away make no value too short, but may make it longer.
    const isTrimmed = column !== of;
    return limits && { column: column.name, limits: isTrimmed ? { minLength: limits.minLength ?? 0 } : limits };
  }
  if (left.kind !== 'column') return undefined;
  if (typeof constant === 'number') {
    const limits = numberLimits(operator, constant);
    return limits && { column: left.name, limits };
  }
  if (right.kind !== 'constant' || typeof right.value !== 'string') return undefined;
  if (operator === '~') return { column: left.name, limits: { pattern: right.value } };
  if (operator === '~*') return { column: left.name, limits: { pattern: right.value } };
  return operator === '<>' && right.value === '' ? { column: left.name, limits: { minLength: 1 } } : undefined;
}

const TRIMS = ['btrim', 'trim', 'ltrim', 'rtrim', 'lower', 'upper'];

/** A number, also where Postgres prints it as `'-5'::integer` or `(- 5)`. */
function numberOf(expression: Expression): number | undefined {
  if (expression.kind === 'constant') {
    const { value } = expression;
    if (typeof value === 'number') return value;
    return typeof value === 'string' && /^-?\d+(\.\d+)?$/.test(value) ? Number(value) : undefined;
  }
  if (expression.kind !== 'operation' || expression.operator !== '-') return undefined;
  const [left, right] = expression.operands.map(numberOf);
  return left === 0 && right !== undefined ? -right : undefined;
}

function numberLimits(operator: string, constant: number): ColumnLimits | undefined {
  if (operator === '>=') return { minimum: constant };
  if (operator === '>') return { exclusiveMinimum: constant };
  if (operator === '<=') return { maximum: constant };
  if (operator === '<') return { exclusiveMaximum: constant };
  return operator === '=' ? { minimum: constant, maximum: constant } : undefined;
}

function lengthLimits(operator: string, constant: number): ColumnLimits | undefined {
  if (operator === '>=') return { minLength: constant };
  if (operator === '>') return { minLength: constant + 1 };
  if (operator === '<=') return { maxLength: constant };
  if (operator === '<') return { maxLength: constant - 1 };
  return operator === '=' ? { minLength: constant, maxLength: constant } : undefined;
}

function tighten(a: ColumnLimits, b: ColumnLimits): ColumnLimits {
  const all = {
    ...a,
    ...b,
    minimum: larger(a.minimum, b.minimum),
    exclusiveMinimum: larger(a.exclusiveMinimum, b.exclusiveMinimum),
    maximum: smaller(a.maximum, b.maximum),
    exclusiveMaximum: smaller(a.exclusiveMaximum, b.exclusiveMaximum),
    minLength: larger(a.minLength, b.minLength),
    maxLength: smaller(a.maxLength, b.maxLength),
  };
  return Object.fromEntries(Object.entries(all).filter(([, value]) => value !== undefined));
}

function larger(a: number | undefined, b: number | undefined): number | undefined {
  return a === undefined || b === undefined ? (a ?? b) : Math.max(a, b);
}

function smaller(a: number | undefined, b: number | undefined): number | undefined {
  return a === undefined || b === undefined ? (a ?? b) : Math.min(a, b);
}
