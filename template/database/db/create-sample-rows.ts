import { readFile } from 'node:fs/promises';
import { tables } from '../src/tables.ts';
import type { Column } from '../src/table/column.ts';
import type { Table } from '../src/table/table.ts';

export type Row = Readonly<Record<string, unknown>>;

/** Makes a row of the table and resolves to it as it is kept. */
export type Create = (table: Table, values: Row) => Promise<Row>;

/**
 * Creates the rows of sample-rows.json, table by table; resolves to what they became, by table.
 * A reference to a row that Postgres numbers is that row's place in the file, counted from 1.
 */
export async function createSampleRows(create: Create): Promise<ReadonlyMap<string, readonly Row[]>> {
  const samples = await readSampleRows();
  const created = new Map<string, Row[]>();
  for (const { table } of tables) {
    const rows: Row[] = [];
    created.set(table.name, rows);
    for (const sample of samples[table.name] ?? []) {
      rows.push(await create(table, withNumbers(table, sample, created)));
    }
  }
  return created;
}

async function readSampleRows(): Promise<Readonly<Record<string, readonly Row[]>>> {
  const text = await readFile(new URL('sample-rows.json', import.meta.url), 'utf8');
  return JSON.parse(text) as Record<string, Row[]>;
}

/** The sample with the numbers that Postgres gave to the rows it refers to. */
function withNumbers(table: Table, sample: Row, created: ReadonlyMap<string, readonly Row[]>): Row {
  const numbers = Object.keys(table.columns).flatMap((field) => {
    const origin = originOf(table, field);
    const place = sample[field];
    if (!origin?.column.readOnly || typeof place !== 'number') return [];
    return [[field, created.get(origin.table.name)?.[place - 1]?.[origin.field] ?? place] as const];
  });
  return { ...sample, ...Object.fromEntries(numbers) };
}

interface Origin {
  readonly table: Table;
  readonly field: string;
  readonly column: Column;
}

/** Where the field's values come from: what it refers to, or what that refers to, and so on. */
function originOf(table: Table, field: string, seen: readonly Column[] = []): Origin | undefined {
  const column = table.columns[field];
  if (!column || seen.includes(column)) return undefined;
  if (!column.references) return seen.length > 0 ? { table, field, column } : undefined;
  const parent = tables.find((candidate) => candidate.table.name === column.references?.table);
  return parent && originOf(parent.table, column.references.field, [...seen, column]);
}
