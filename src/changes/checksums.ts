import { escapeIdentifier, type ClientBase } from 'pg';
import type { DatabaseSchema } from '../domain/database-schema.ts';

/** Of each table: how many rows, and a number that depends on what is in them and on no order. */
export type Checksums = Readonly<Record<string, string>>;

/** Types without a hash, or whose hash takes 1.0 and 1.00 for one. */
const AS_TEXT = /^(json\b|xml|point|line|lseg|box|path|polygon|circle|tsvector|tsquery|money|bit|numeric)/;

export async function checksumRows(client: ClientBase, { enums, tables }: DatabaseSchema): Promise<Checksums> {
  const sums: Record<string, string> = {};
  // A type that was made anew has another number in the catalog, which its values' hash depends on.
  const isEnum = (type: string): boolean =>
    enums.some(({ name }) => type.replaceAll('"', '').replace('[]', '') === name);
  for (const { name, columns } of tables) {
    const values = columns
      .toSorted((a, b) => (a.name < b.name ? -1 : 1))
      .map((column) => valueOf(column, isEnum(column.type)));
    const { rows } = await client.query<{ rows: string; sum: string | null }>(
      `SELECT count(*) AS rows, sum(hash_record_extended(ROW(${values.join(', ')}), 0)) AS sum
         FROM public.${escapeIdentifier(name)}`,
    );
    sums[name] = `${rows[0]?.rows ?? 0}:${rows[0]?.sum ?? 0}`;
  }
  return sums;
}

function valueOf({ name, type }: DatabaseSchema['tables'][number]['columns'][number], isEnum: boolean): string {
  return isEnum || AS_TEXT.test(type) ? `${escapeIdentifier(name)}::text` : escapeIdentifier(name);
}
