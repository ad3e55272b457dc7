import { isFilledByPostgres, type Table } from '../domain/database-schema.ts';
import { isMadeByBackend } from '../domain/made-by-backend.ts';
import { isBroken, type Row } from './check-evaluation.ts';
import type { Expression } from './check-expression.ts';

/** Moves values that must lie above another column's to just above it. */
export function repairRow(row: Row, rules: readonly Expression[], table: Table): Row {
  const changed: Record<string, unknown> = Object.assign(Object.create(null), row) as Record<string, unknown>;
  for (const rule of rules) {
    if (!isBroken(rule, changed) || rule.kind !== 'operation') continue;
    const [left, right] = rule.operands;
    if (left?.kind !== 'column' || right?.kind !== 'column') continue;
    const [high, low] = rule.operator.startsWith('>') ? [left.name, right.name] : [right.name, left.name];
    if (!rule.operator.startsWith('>') && !rule.operator.startsWith('<')) continue;
    if (isReferenceOrFilled(table, high)) continue;
    changed[high] = justAbove(changed[low], isMadeHere(table, low));
  }
  return changed;
}

function isReferenceOrFilled(table: Table, name: string): boolean {
  const column = table.columns.find((candidateColumn) => candidateColumn.name === name);
  return !column || isFilledByPostgres(column) || table.foreignKeys.some((key) => key.columns.includes(name));
}

/** Whether the column's time is the moment when the row is made: later than any that a sample has. */
function isMadeHere(table: Table, name: string): boolean {
  const column = table.columns.find((candidate) => candidate.name === name);
  return column !== undefined && isMadeByBackend(column, table);
}

const DAY_SECONDS = 86_400;
/** Eleven years, which leaves a 32-bit count of seconds below its end. */
const LATE_SECONDS = 360_000_000;

function justAbove(value: unknown, isLate: boolean): unknown {
  const seconds = isLate ? LATE_SECONDS : DAY_SECONDS;
  if (typeof value === 'number') return value + (isLate ? (value > 1e11 ? seconds * 1000 : seconds) : 1);
  if (typeof value !== 'string') return value;
  if (/^-?\d+(\.\d+)?$/.test(value)) return (Number(value) + 1).toFixed(value.split('.')[1]?.length ?? 0);
  if (/^\d{2}:\d{2}/.test(value))
    return `${String(Math.min(23, Number(value.slice(0, 2)) + 1)).padStart(2, '0')}${value.slice(2)}`;
  const isDay = /^\d{4}-\d{2}-\d{2}$/.test(value);
  const time = Date.parse(isDay || value.endsWith('Z') ? value : `${value}Z`);
  if (Number.isNaN(time)) return value;
  return new Date(time + seconds * 1000).toISOString().slice(0, isDay ? 10 : 19) + (value.endsWith('Z') ? 'Z' : '');
}
