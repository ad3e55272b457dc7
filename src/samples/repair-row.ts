import { isFilledByPostgres, type Table } from '../domain/database-schema.ts';
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
    changed[high] = justAbove(changed[low]);
  }
  return changed;
}

function isReferenceOrFilled(table: Table, name: string): boolean {
  const column = table.columns.find((candidateColumn) => candidateColumn.name === name);
  return !column || isFilledByPostgres(column) || table.foreignKeys.some((key) => key.columns.includes(name));
}

function justAbove(value: unknown): unknown {
  if (typeof value === 'number') return value + 1;
  if (typeof value !== 'string') return value;
  if (/^-?\d+(\.\d+)?$/.test(value)) return (Number(value) + 1).toFixed(value.split('.')[1]?.length ?? 0);
  if (/^\d{2}:\d{2}/.test(value))
    return `${String(Math.min(23, Number(value.slice(0, 2)) + 1)).padStart(2, '0')}${value.slice(2)}`;
  const isDay = /^\d{4}-\d{2}-\d{2}$/.test(value);
  const time = Date.parse(isDay || value.endsWith('Z') ? value : `${value}Z`);
  if (Number.isNaN(time)) return value;
  return new Date(time + 86_400_000).toISOString().slice(0, isDay ? 10 : 19) + (value.endsWith('Z') ? 'Z' : '');
}
