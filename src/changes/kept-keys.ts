import { rowsOf } from './run-statement.ts';
import { inPublic } from './sql-text.ts';

// What lies in a `tb_kept` schema refers to the key of its row's table; which of them there are is known by then only.

const KEPT_KEYS = `pg_constraint k
       JOIN pg_class c ON c.oid = k.conrelid
       JOIN pg_namespace n ON n.oid = c.relnamespace AND starts_with(n.nspname, 'tb_kept_')`;

/** The change of a key column's type, with the keys of what is kept for the table's rows. */
export function retypeWithKept(table: string, column: string, change: string, cast: (name: string) => string): string {
  const own = `k.contype = 'f' AND k.confrelid = to_regclass(${literal(inPublic(table))})`;
  const referring = `FROM ${KEPT_KEYS} JOIN pg_attribute p ON p.attrelid = k.confrelid AND p.attname = ${literal(column)} JOIN pg_attribute a ON a.attrelid = k.conrelid AND a.attnum = k.conkey[array_position(k.confkey, p.attnum)] WHERE ${own}`;
  return rowsOf(
    [
      `SELECT 1 AS place, format('ALTER TABLE %s DROP CONSTRAINT %I', k.conrelid::regclass, k.conname) AS sql FROM ${KEPT_KEYS} WHERE ${own}`,
      `SELECT 2, ${literal(change)}`,
      `SELECT 3, format(${literal(`ALTER TABLE %1$s ALTER COLUMN %2$I TYPE ${cast('%2$I')}`)}, k.conrelid::regclass, a.attname) ${referring}`,
      `SELECT 4, format('ALTER TABLE %s ADD CONSTRAINT %I %s', k.conrelid::regclass, k.conname, pg_get_constraintdef(k.oid)) FROM ${KEPT_KEYS} WHERE ${own}`,
    ].join(' UNION ALL '),
  );
}

/** Before a key goes: kept values are matched by it, but can no longer rest on it. */
export function releaseKept(table: string): string {
  return rowsOf(
    `SELECT 1 AS place, format('ALTER TABLE %s DROP CONSTRAINT %I', k.conrelid::regclass, k.conname) AS sql FROM ${KEPT_KEYS} WHERE k.contype = 'f' AND k.confrelid = to_regclass(${literal(inPublic(table))})`,
  );
}

function literal(text: string): string {
  return `E'${text.replaceAll('\\', '\\\\').replaceAll("'", "''")}'`;
}
