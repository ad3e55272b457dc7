import type { Expression } from './check-expression.ts';

export type Row = Readonly<Record<string, unknown>>;

/** Stands for what cannot be known here; SQL's null is null. */
const UNKNOWN = Symbol('unknown');

type Value = string | number | boolean | null | readonly unknown[] | typeof UNKNOWN;

/** Whether Postgres would surely refuse the row: the condition is false, neither null nor beyond our understanding. */
export function isBroken(check: Expression, row: Row): boolean {
  return evaluate(check, row) === false;
}

function evaluate(expression: Expression, row: Row): Value {
  switch (expression.kind) {
    case 'constant':
      return expression.value;
    case 'column':
      return columnValue(row[expression.name], Object.hasOwn(row, expression.name));
    case 'list':
      return expression.items.map((item) => evaluate(item, row));
    case 'call':
      return evaluateCall(
        expression.name,
        expression.args.map((argument) => evaluate(argument, row)),
      );
    case 'operation':
      return evaluateOperation(expression.operator, expression.operands, row);
  }
}

function columnValue(value: unknown, isKnown: boolean): Value {
  if (!isKnown) return UNKNOWN;
  if (value === null || ['string', 'number', 'boolean'].includes(typeof value)) return value as Value;
  return Array.isArray(value) ? value : UNKNOWN;
}

function evaluateOperation(operator: string, operands: readonly Expression[], row: Row): Value {
  const values = operands.map((operand) => evaluate(operand, row));
  if (operator === 'and') return all(values);
  if (operator === 'or') return negate(all(values.map(negate)));
  const [left = UNKNOWN, right = UNKNOWN] = values;
  if (operator === 'not') return negate(left);
  if (left === UNKNOWN) return UNKNOWN;
  if (operator === 'is null') return left === null;
  if (right === UNKNOWN) return UNKNOWN;
  if (left === null || right === null) return null;
  if (operator === 'in') return Array.isArray(right) ? isIn(left, right) : UNKNOWN;
  return calculate(operator, left, right);
}

function all(values: readonly Value[]): Value {
  if (values.includes(false)) return false;
  if (values.includes(UNKNOWN)) return UNKNOWN;
  return values.includes(null) ? null : true;
}

function negate(value: Value): Value {
  return typeof value === 'boolean' ? !value : value;
}

function isIn(value: Value, list: readonly unknown[]): Value {
  if (list.some((item) => compare(value, item as Value) === 0)) return true;
  return list.includes(UNKNOWN) ? UNKNOWN : false;
}

function calculate(operator: string, left: Value, right: Value): Value {
  switch (operator) {
    case '=':
    case '<>':
    case '<':
    case '<=':
    case '>':
    case '>=':
      return holds(operator, compare(left, right));
    case '~':
    case '~*':
    case '!~':
    case '!~*':
      return matches(String(left), String(right), operator);
    case '~~':
      return new RegExp(`^${escapeRegExp(String(right)).replaceAll('%', '[^]*').replaceAll('_', '[^]')}$`).test(
        String(left),
      );
    case '||':
      return String(left) + String(right);
    default:
      return arithmetic(operator, Number(left), Number(right));
  }
}

function holds(operator: string, order: number): boolean {
  if (operator === '=') return order === 0;
  if (operator === '<>') return order !== 0;
  if (operator.startsWith('<')) return order < 0 || (order === 0 && operator === '<=');
  return order > 0 || (order === 0 && operator === '>=');
}

/** Numbers by size, everything else by its text: times of one type are written alike. */
function compare(left: Value, right: Value): number {
  const numbers = [left, right].map((value) => (value === '' ? Number.NaN : Number(value)));
  const [a, b] = numbers.some(Number.isNaN) ? [String(left), String(right)] : numbers;
  if (a === b) return 0;
  return (a ?? 0) < (b ?? 0) ? -1 : 1;
}

function matches(text: string, pattern: string, operator: string): Value {
  try {
    const found = new RegExp(pattern, operator.endsWith('*') ? 'i' : '').test(text);
    return operator.startsWith('!') ? !found : found;
  } catch {
    // Postgres knows expressions that JavaScript does not.
    return UNKNOWN;
  }
}

function escapeRegExp(text: string): string {
  return text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');
}

function arithmetic(operator: string, left: number, right: number): Value {
  const result = { '+': left + right, '-': left - right, '*': left * right, '/': left / right, '%': left % right }[
    operator
  ];
  return result === undefined || Number.isNaN(result) ? UNKNOWN : result;
}

function evaluateCall(name: string, args: readonly Value[]): Value {
  if (name === 'num_nonnulls') return args.filter((argument) => argument !== null).length;
  if (name === 'num_nulls') return args.filter((argument) => argument === null).length;
  if (name === 'coalesce') return args.find((argument) => argument !== null) ?? null;
  const [first = UNKNOWN] = args;
  if (first === UNKNOWN || first === null) return first;
  if (['length', 'char_length', 'character_length'].includes(name)) return Array.from(String(first)).length;
  if (name === 'octet_length') return Buffer.byteLength(String(first));
  if (name === 'lower') return String(first).toLowerCase();
  if (name === 'upper') return String(first).toUpperCase();
  if (['btrim', 'trim', 'ltrim', 'rtrim'].includes(name) && args.length === 1) return String(first).trim();
  if (name === 'abs') return Math.abs(Number(first));
  if (['cardinality', 'array_length'].includes(name)) return Array.isArray(first) ? first.length : UNKNOWN;
  return UNKNOWN;
}
