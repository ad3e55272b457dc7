import type { Table } from '../../domain/database-schema.ts';
import type { Operation } from '../api-document.ts';
import { inParallel } from '../in-parallel.ts';
import type { Prober } from '../prober.ts';
import { isScalar, readPage, sameRows, sameValue, type Resource, type Row } from './resource.ts';

/** Every filter that the document offers finds the rows it is about and no others. */
export async function filterRows(prober: Prober, { table, list, stored }: Resource): Promise<void> {
  if (!list) return;
  const rows = stored.map(({ body }) => body);
  await inParallel(filtersOf(list), async ({ name, column, operator }) => {
    const filter = FILTERS[operator]?.(column, rows);
    if (!filter || (NUMBERS_ONLY.has(operator) && !isNumberColumn(table, column))) return;
    const answer = await prober.call(list, { query: { [name]: filter.value, limit: '100' } });
    const expected = rows.filter(filter.holds);
    const found = readPage(answer.json).rows;
    const holds = answer.status === 200 && sameRows(found, expected);
    prober.expect(answer, holds, `200 with the ${expected.length} rows whose ${name} is ${filter.value}`);
  });
}

interface FilterParameter {
  readonly name: string;
  readonly column: string;
  readonly operator: string;
}

/** `price`, `price[gte]`: as parameters of their own, or named in the description of the plain one. */
function filtersOf(list: Operation): FilterParameter[] {
  const parameters = list.parameters.filter((one) => one.in === 'query' && !NO_FILTERS.includes(one.name));
  const described = parameters.flatMap(({ schema, description }) => {
    const text = typeof schema === 'object' ? JSON.stringify([description, schema['description']]) : description;
    return [...(text ?? '').matchAll(/`([^`[\]]+\[\w+\])`/g)].map(([, name = '']) => name);
  });
  return [...new Set([...parameters.map(({ name }) => name), ...described])].map((name) => {
    const [, column = name, operator = 'eq'] = /^(.+?)(?:\[(\w+)\])?$/.exec(name) ?? [];
    return { name, column, operator };
  });
}

const NO_FILTERS: readonly string[] = ['limit', 'cursor', 'sort'];

type MakeFilter = (
  column: string,
  rows: readonly Row[],
) => { readonly value: string; readonly holds: (row: Row) => boolean } | undefined;

/** How texts are ordered is up to the database's collation. */
const NUMBERS_ONLY: ReadonlySet<string> = new Set(['gt', 'gte', 'lt', 'lte']);

const FILTERS: Readonly<Record<string, MakeFilter>> = {
  eq: byValue((found, asked) => sameValue(found, asked)),
  ne: byValue((found, asked) => !sameValue(found, asked)),
  gt: byNumber((found, asked) => found > asked),
  gte: byNumber((found, asked) => found >= asked),
  lt: byNumber((found, asked) => found < asked),
  lte: byNumber((found, asked) => found <= asked),
  in: (column, rows) => {
    const values = rows
      .map((row) => row[column])
      .filter(isScalar)
      .slice(0, 2);
    if (values.length === 0 || values.some((value) => /[,\s]/.test(String(value)))) return undefined;
    return { value: values.join(','), holds: (row) => values.some((value) => sameValue(row[column], value)) };
  },
  null: (column) => ({ value: 'true', holds: (row) => row[column] === null }),
};

function byValue(holds: (found: unknown, asked: unknown) => boolean): MakeFilter {
  return (column, rows) => {
    const asked = rows.map((row) => row[column]).find(isScalar);
    if (asked === undefined) return undefined;
    return { value: String(asked), holds: (row) => isScalar(row[column]) && holds(row[column], asked) };
  };
}

function byNumber(holds: (found: number, asked: number) => boolean): MakeFilter {
  return (column, rows) => {
    const asked = rows.map((row) => row[column]).find(isScalar);
    if (asked === undefined) return undefined;
    return {
      value: String(asked),
      holds: (row) => isScalar(row[column]) && holds(Number(row[column]), Number(asked)),
    };
  };
}

/** Whether the column's values are numbers, however JSON writes them. */
export function isNumberColumn(table: Table, name: string): boolean {
  const type = table.columns.find((column) => column.name === name)?.type ?? '';
  return /^(smallint|integer|bigint|numeric|real|double precision)/.test(type) && !type.endsWith('[]');
}
