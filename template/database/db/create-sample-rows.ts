import { readFile } from 'node:fs/promises';
import { tables } from '../src/tables.ts';
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
  const numbers = Object.entries(table.columns).flatMap(([field, { references }]) => {
    const target = tables.find((candidate) => candidate.table.name === references?.table);
    const place = sample[field];
    if (!references || typeof place !== 'number' || !target?.table.columns[references.field]?.readOnly) return [];
    return [[field, created.get(references.table)?.[place - 1]?.[references.field] ?? place] as const];
  });
  return { ...sample, ...Object.fromEntries(numbers) };
}
