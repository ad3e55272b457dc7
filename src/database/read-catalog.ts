import type { ClientBase } from 'pg';
import type {
  Check,
  Column,
  DatabaseSchema,
  EnumType,
  ForeignKey,
  Index,
  ReferentialAction,
  Table,
  UniqueKey,
} from '../domain/database-schema.ts';

/** What schema `public` really holds, from the catalog, names and types as Postgres prints them. */
export async function readCatalog(client: ClientBase): Promise<DatabaseSchema> {
  const enums = await readEnums(client);
  const tables = await readTables(client);
  const columns = await readColumns(client);
  const constraints = await readConstraints(client);
  const indexes = await readIndexes(client);
  const inOrder = inDependencyOrder(
    tables.map(({ name, comment }) => ({
      name,
      columns: columns.get(name) ?? [],
      ...(constraints.get(name) ?? { primaryKey: [], foreignKeys: [], uniques: [], checks: [] }),
      indexes: indexes.get(name) ?? [],
      comment: comment ?? undefined,
    })),
  );
  return { enums, tables: inOrder };
}

async function readEnums(client: ClientBase): Promise<readonly EnumType[]> {
  const { rows } = await client.query<EnumType>(
    `SELECT t.typname AS name, array_agg(e.enumlabel::text ORDER BY e.enumsortorder) AS values
       FROM pg_type t
       JOIN pg_enum e ON e.enumtypid = t.oid
      WHERE t.typnamespace = 'public'::regnamespace
      GROUP BY t.typname
      ORDER BY t.typname`,
  );
  return rows;
}

async function readTables(client: ClientBase): Promise<readonly { name: string; comment: string | null }[]> {
  const { rows } = await client.query<{ name: string; comment: string | null }>(
    `SELECT relname AS name, obj_description(oid, 'pg_class') AS comment
       FROM pg_class
      WHERE relnamespace = 'public'::regnamespace
        AND relkind IN ('r', 'p')
      ORDER BY relname`,
  );
  return rows;
}

interface ColumnRow {
  table_name: string;
  name: string;
  type: string;
  not_null: boolean;
  expression: string | null;
  identity: '' | 'a' | 'd';
  generated: '' | 's' | 'v';
  comment: string | null;
}

async function readColumns(client: ClientBase): Promise<Map<string, Column[]>> {
  const { rows } = await client.query<ColumnRow>(
    `SELECT c.relname AS table_name,
            a.attname AS name,
            format_type(a.atttypid, a.atttypmod) AS type,
            a.attnotnull AS not_null,
            pg_get_expr(d.adbin, d.adrelid) AS expression,
            a.attidentity AS identity,
            a.attgenerated AS generated,
            col_description(c.oid, a.attnum) AS comment
       FROM pg_class c
       JOIN pg_attribute a ON a.attrelid = c.oid
       LEFT JOIN pg_attrdef d ON d.adrelid = c.oid AND d.adnum = a.attnum
      WHERE c.relnamespace = 'public'::regnamespace
        AND c.relkind IN ('r', 'p')
        AND a.attnum > 0
        AND NOT a.attisdropped
      ORDER BY c.relname, a.attnum`,
  );
  return groupByTable(rows, toColumn);
}

function toColumn(row: ColumnRow): Column {
  const expression = row.expression ?? undefined;
  return {
    name: row.name,
    type: row.type,
    nullable: !row.not_null,
    default: row.generated === '' ? expression : undefined,
    identity: row.identity === '' ? undefined : row.identity === 'a' ? 'always' : 'by-default',
    generated: row.generated === '' ? undefined : expression,
    comment: row.comment ?? undefined,
  };
}

type ActionCode = keyof typeof ACTIONS;

const ACTIONS = {
  a: 'no action',
  r: 'restrict',
  c: 'cascade',
  n: 'set null',
  d: 'set default',
} as const satisfies Record<string, ReferentialAction>;

interface ConstraintRow {
  table_name: string;
  name: string;
  kind: 'p' | 'u' | 'f' | 'c';
  columns: string[];
  referenced_table: string | null;
  referenced_columns: string[];
  on_delete: ActionCode;
  on_update: ActionCode;
  nulls_not_distinct: boolean | null;
  expression: string | null;
  listed_as: string | null;
}

type Constraints = Pick<Table, 'primaryKey' | 'foreignKeys' | 'uniques' | 'checks'>;

async function readConstraints(client: ClientBase): Promise<Map<string, Constraints>> {
  const { rows } = await client.query<ConstraintRow>(
    `SELECT c.relname AS table_name,
            k.conname AS name,
            k.contype AS kind,
            ARRAY(SELECT a.attname::text
                    FROM unnest(k.conkey) WITH ORDINALITY AS n (attnum, position)
                    JOIN pg_attribute a ON a.attrelid = k.conrelid AND a.attnum = n.attnum
                   ORDER BY n.position) AS columns,
            f.relname AS referenced_table,
            ARRAY(SELECT a.attname::text
                    FROM unnest(k.confkey) WITH ORDINALITY AS n (attnum, position)
                    JOIN pg_attribute a ON a.attrelid = k.confrelid AND a.attnum = n.attnum
                   ORDER BY n.position) AS referenced_columns,
            k.confdeltype AS on_delete,
            k.confupdtype AS on_update,
            i.indnullsnotdistinct AS nulls_not_distinct,
            pg_get_expr(k.conbin, k.conrelid) AS expression,
            substring(obj_description(k.oid, 'pg_constraint') FROM '^listed as ([a-z0-9-]+)$') AS listed_as
       FROM pg_constraint k
       JOIN pg_class c ON c.oid = k.conrelid
       LEFT JOIN pg_class f ON f.oid = k.confrelid
       LEFT JOIN pg_index i ON i.indexrelid = k.conindid
      WHERE c.relnamespace = 'public'::regnamespace
        AND k.contype IN ('p', 'u', 'f', 'c')
      ORDER BY c.relname, k.conname`,
  );
  const tables = groupByTable(rows, (row) => row);
  return new Map([...tables].map(([table, constraints]) => [table, toConstraints(constraints)]));
}

function toConstraints(rows: readonly ConstraintRow[]): Constraints {
  const ofKind = (kind: ConstraintRow['kind']): readonly ConstraintRow[] => rows.filter((row) => row.kind === kind);
  return {
    primaryKey: ofKind('p')[0]?.columns ?? [],
    foreignKeys: ofKind('f').map(toForeignKey),
    uniques: ofKind('u').map(toUnique),
    checks: ofKind('c').map(toCheck),
  };
}

function toForeignKey(row: ConstraintRow): ForeignKey {
  return {
    name: row.name,
    columns: row.columns,
    referencedTable: row.referenced_table ?? '',
    referencedColumns: row.referenced_columns,
    onDelete: ACTIONS[row.on_delete],
    onUpdate: ACTIONS[row.on_update],
    ...(row.listed_as !== null && { listedAs: row.listed_as }),
  };
}

function toUnique(row: ConstraintRow): UniqueKey {
  return { name: row.name, columns: row.columns, nullsNotDistinct: row.nulls_not_distinct ?? false };
}

function toCheck(row: ConstraintRow): Check {
  return { name: row.name, expression: row.expression ?? '' };
}

interface IndexRow {
  table_name: string;
  name: string;
  method: string;
  unique: boolean;
  keys: string[];
  predicate: string | null;
}

async function readIndexes(client: ClientBase): Promise<Map<string, Index[]>> {
  const { rows } = await client.query<IndexRow>(
    `SELECT t.relname AS table_name,
            c.relname AS name,
            m.amname AS method,
            i.indisunique AS unique,
            ARRAY(SELECT coalesce(a.attname::text, pg_get_indexdef(i.indexrelid, n::int, false))
                    FROM generate_series(1, i.indnkeyatts) AS n
                    LEFT JOIN pg_attribute a ON a.attrelid = i.indrelid
                                            AND a.attnum = i.indkey[n - 1]
                                            AND a.attnum > 0
                   ORDER BY n) AS keys,
            pg_get_expr(i.indpred, i.indrelid) AS predicate
       FROM pg_index i
       JOIN pg_class c ON c.oid = i.indexrelid
       JOIN pg_class t ON t.oid = i.indrelid
       JOIN pg_am m ON m.oid = c.relam
      WHERE t.relnamespace = 'public'::regnamespace
        AND NOT EXISTS (SELECT FROM pg_constraint k
                         WHERE k.conindid = i.indexrelid
                           AND k.contype IN ('p', 'u', 'x'))
      ORDER BY t.relname, c.relname`,
  );
  return groupByTable(rows, ({ name, method, unique, keys, predicate }) => {
    return { name, method, unique, keys, predicate: predicate ?? undefined };
  });
}

function groupByTable<Row extends { table_name: string }, Value>(
  rows: readonly Row[],
  toValue: (row: Row) => Value,
): Map<string, Value[]> {
  const groups = Map.groupBy(rows, (row) => row.table_name);
  return new Map([...groups].map(([table, found]) => [table, found.map(toValue)]));
}

/** A table after those it references; in a cycle, the one whose name comes first goes first. */
function inDependencyOrder(tables: readonly Table[]): readonly Table[] {
  const ordered: Table[] = [];
  const open = [...tables];
  while (open.length > 0) {
    const isOpen = (name: string, of: Table): boolean => name !== of.name && open.some((table) => table.name === name);
    const free = open.findIndex((table) => !table.foreignKeys.some((key) => isOpen(key.referencedTable, table)));
    ordered.push(...open.splice(Math.max(free, 0), 1));
  }
  return ordered;
}
