import type { DatabaseSchema } from '../../src/domain/database-schema.ts';
import { isMadeByBackend } from '../../src/domain/made-by-backend.ts';

type Row = Readonly<Record<string, unknown>>;

/** What became of the samples so far: each with the row that the backend answered, by table. */
export type Made = Map<string, { readonly sample: Row; readonly body: Row }[]>;

/** The body that makes the sample a row: without what the backend sets, and with the keys of the rows it refers to. */
export function bodyOf(schema: DatabaseSchema, name: string, sample: Row, made: Made): Row {
  const table = schema.tables.find((candidate) => candidate.name === name);
  if (!table) throw new Error(`The schema has no table ${name}`);
  const given = table.columns.filter((column) => column.name in sample && !isMadeByBackend(column, table));
  const entries = given.map(({ name: field }): [string, unknown] => {
    const key = table.foreignKeys.find(({ columns }) => columns.includes(field));
    const referenced = key?.referencedColumns[key.columns.indexOf(field)] ?? '';
    const parents = key ? (made.get(key.referencedTable) ?? []) : [];
    const parent = parents.find((candidate) => candidate.sample[referenced] === sample[field]);
    return [field, parent?.body[referenced] ?? sample[field]];
  });
  return Object.fromEntries(entries);
}
