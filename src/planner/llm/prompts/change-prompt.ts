import type { DatabaseSchema, Table } from '../../../domain/database-schema.ts';

export const CHANGE_PROMPT = `You change the PostgreSQL schema of a backend that is in use and has rows.

Answer with the statements that the request takes, and no others; what the request does not name stays as it is.

Allowed: CREATE TABLE, CREATE INDEX, CREATE TYPE ... AS ENUM, ALTER TABLE with ADD/DROP/RENAME COLUMN, ADD/DROP/RENAME
CONSTRAINT, RENAME TO, ALTER COLUMN TYPE ... USING, SET/DROP NOT NULL, SET/DROP DEFAULT; ALTER TYPE ... ADD VALUE or
RENAME VALUE; DROP TABLE, DROP INDEX, DROP TYPE; COMMENT ON; and one form of UPDATE that fills columns of one table from
constants and the row itself. Nothing else.

- A renaming is RENAME, never a DROP and an ADD.
- A new column is nullable or has a DEFAULT, since rows there are have no value for it.
- New tables: id varchar PRIMARY KEY, times as bigint unix seconds, foreign keys with ON DELETE and an index each.
- Drop something only when the request says so.

reasoning: one or two sentences on what the statements do. warnings: a sentence for each part of the request that the
schema cannot hold.`;

/** The catalog as the model reads it: a line a column. */
export function catalogText({ enums, tables }: DatabaseSchema): string {
  const types = enums.map(({ name, values }) => `type ${name}: ${values.join(', ')}`);
  return [...types, ...tables.flatMap(tableLines)].join('\n');
}

function tableLines(table: Table): readonly string[] {
  const columns = table.columns.map(
    ({ name, type, nullable, default: given }) =>
      `  ${name} ${type}${nullable ? '' : ' not null'}${given === undefined ? '' : ` default ${given}`}`,
  );
  const keys = table.foreignKeys.map(
    ({ name, columns: own, referencedTable, onDelete }) =>
      `  ${name}: (${own.join(', ')}) references ${referencedTable} on delete ${onDelete}`,
  );
  const uniques = table.uniques.map(({ name, columns: own }) => `  ${name}: unique (${own.join(', ')})`);
  return [`table ${table.name}, key (${table.primaryKey.join(', ')})`, ...columns, ...keys, ...uniques];
}
