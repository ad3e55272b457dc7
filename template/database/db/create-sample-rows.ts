import { readFile } from 'node:fs/promises';
import { tables } from '../src/tables.ts';
import type { Column } from '../src/table/column.ts';
import type { Table } from '../src/table/table.ts';

export type Row = Readonly<Record<string, unknown>>;

/** Makes a row of the table and resolves to it as it is kept. */
export type Create = (table: Table, values: Row) => Promise<Row>;

/**
 * Creates the rows of sample-rows.json, table by table; resolves to what they became, by table.
 * A reference names a row of the file by its key there or, where Postgres numbers the rows, by its place, counted from 1.
 */
export async function createSampleRows(create: Create): Promise<ReadonlyMap<string, readonly Row[]>> {
  const samples = await readSampleRows();
  const created = new Map<string, Row[]>();
  for (const { table } of tables) {
    const rows: Row[] = [];
    created.set(table.name, rows);
    for (const sample of samples[table.name] ?? []) {
      rows.push(await create(table, withKeys(table, sample, samples, created)));
    }
  }
  return created;
}

async function readSampleRows(): Promise<Samples> {
  const text = await readFile(new URL('sample-rows.json', import.meta.url), 'utf8');
  return JSON.parse(text) as Record<string, Row[]>;
}

type Samples = Readonly<Record<string, readonly Row[]>>;

/** The sample with the keys that were given to the rows it refers to. */
function withKeys(table: Table, sample: Row, samples: Samples, created: ReadonlyMap<string, readonly Row[]>): Row {
  const keys = Object.keys(table.columns).flatMap((field) => {
    const origin = originOf(table, field);
    const named = sample[field];
    if (!origin?.column.readOnly || named === null || named === undefined) return [];
    const place = placeOf(samples[origin.table.name] ?? [], origin.field, named);
    return [[field, created.get(origin.table.name)?.[place]?.[origin.field] ?? named] as const];
  });
  return { ...sample, ...Object.fromEntries(keys) };
}

function placeOf(samples: readonly Row[], field: string, named: unknown): number {
  const isNumbered = samples.every((sample) => !(field in sample));
  return isNumbered ? Number(named) - 1 : samples.findIndex((sample) => sample[field] === named);
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
