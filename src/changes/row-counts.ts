import { escapeIdentifier, type ClientBase } from 'pg';

/** From so many on, Postgres' own estimate has to do: counting would take seconds. */
const COUNTED_ROWS = 1_000_000;

/** How many rows each of the tables holds. */
export async function countRows(client: ClientBase, tables: readonly string[]): Promise<ReadonlyMap<string, number>> {
  const counts = new Map<string, number>();
  for (const table of tables) {
    const { rows: estimates } = await client.query<{ rows: number }>(
      'SELECT reltuples::float8 AS rows FROM pg_class WHERE oid = to_regclass($1)',
      [`public.${escapeIdentifier(table)}`],
    );
    const estimate = estimates[0]?.rows ?? 0;
    counts.set(table, estimate > COUNTED_ROWS ? Math.round(estimate) : await countExactly(client, table));
  }
  return counts;
}

async function countExactly(client: ClientBase, table: string): Promise<number> {
  const { rows } = await client.query<{ count: string }>(
    `SELECT count(*) AS count FROM public.${escapeIdentifier(table)}`,
  );
  return Number(rows[0]?.count ?? 0);
}
