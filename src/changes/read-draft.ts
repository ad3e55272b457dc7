import type { Node } from 'libpg-query';
import { escapeIdentifier, type ClientBase } from 'pg';
import { TurboError } from '../domain/errors.ts';
import type { Finding } from '../domain/schema-design.ts';
import { readProposal, type PostgresParser, type SchemaDraft } from '../schema/drafts.ts';

/**
 * A schema, by default `public`, as a draft that steps can be taken on: the catalog, written down as SQL by Postgres itself and read
 * as any SQL is. Rejects with `SCHEMA_REFUSED` where it holds what a change cannot carry along.
 */
export async function readDraft(parser: PostgresParser, client: ClientBase, schema = 'public'): Promise<SchemaDraft> {
  const findings: Finding[] = [];
  const sql = await catalogSql(client, schema);
  if (sql === '') return { extensions: [], enums: [], tables: [] };
  const { draft } = readProposal(
    parser,
    { tables: [{ tableName: '', createQuery: sql }], warnings: [] },
    false,
    findings,
  );
  const refused = findings.filter(({ severity }) => severity === 'error');
  if (refused.length > 0) throw notReadable(refused);
  return { ...draft, tables: draft.tables.map((table) => ({ ...table, columns: table.columns.map(withBareDefault) })) };
}

function notReadable(findings: readonly Finding[]): TurboError {
  const lines = findings.slice(0, 5).map(({ message }) => `- ${message}`);
  return new TurboError('SCHEMA_REFUSED', `The database holds what a change cannot carry along:\n${lines.join('\n')}`, {
    phase: 'design',
    fix: 'Change it with a migration file of your own in db/migrations, and `turbobackend deploy`.',
  });
}

type Column = SchemaDraft['tables'][number]['columns'][number];

/** The catalog writes a text default with its type, `'draft'::character varying`; a column of another type takes the bare text. */
function withBareDefault(column: Column): Column {
  const { default: given } = column;
  const argument: Node | undefined = given && 'TypeCast' in given ? given.TypeCast.arg : undefined;
  const isText = argument !== undefined && 'A_Const' in argument && argument.A_Const.sval !== undefined;
  return isText && column.type.arrayDimensions === 0 ? { ...column, default: argument } : column;
}

/** `schema` comes first in the session's search path, so that its names are written without it. */
async function catalogSql(client: ClientBase, schema: string): Promise<string> {
  const parts = [
    await extensions(client),
    await enums(client, schema),
    await tables(client, schema),
    await constraints(client, schema),
    await indexes(client, schema),
    await comments(client, schema),
  ];
  return parts
    .flat()
    .map((statement) => `${statement};\n`)
    .join('');
}

async function textsOf(client: ClientBase, sql: string, ...values: readonly string[]): Promise<readonly string[]> {
  const { rows } = await client.query<{ text: string }>(sql, [...values]);
  return rows.map(({ text }) => text);
}

function extensions(client: ClientBase): Promise<readonly string[]> {
  return textsOf(
    client,
    `SELECT format('CREATE EXTENSION IF NOT EXISTS %I', extname) AS text FROM pg_extension WHERE extname <> 'plpgsql' ORDER BY extname`,
  );
}

function enums(client: ClientBase, schema: string): Promise<readonly string[]> {
  return textsOf(
    client,
    `SELECT format('CREATE TYPE %I AS ENUM (%s)', t.typname, string_agg(quote_literal(e.enumlabel), ', ' ORDER BY e.enumsortorder)) AS text
       FROM pg_type t
       JOIN pg_enum e ON e.enumtypid = t.oid
      WHERE t.typnamespace = to_regnamespace($1)
      GROUP BY t.typname
      ORDER BY t.typname`,
    schema,
  );
}

interface ColumnRow {
  table_name: string;
  name: string | null;
  type: string;
  collation_c: boolean;
  not_null: boolean;
  expression: string | null;
  identity: '' | 'a' | 'd';
  generated: '' | 's' | 'v';
  serial: string | null;
}

async function tables(client: ClientBase, schema: string): Promise<readonly string[]> {
  const { rows } = await client.query<ColumnRow>(
    `SELECT c.relname AS table_name,
            a.attname AS name,
            format_type(a.atttypid, a.atttypmod) AS type,
            coalesce(l.collname = 'C', false) AS collation_c,
            a.attnotnull AS not_null,
            pg_get_expr(d.adbin, d.adrelid) AS expression,
            a.attidentity AS identity,
            a.attgenerated AS generated,
            CASE WHEN a.attidentity = '' THEN pg_get_serial_sequence(format('%I.%I', $1::text, c.relname), a.attname) END AS serial
       FROM pg_class c
       LEFT JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped
       LEFT JOIN pg_attrdef d ON d.adrelid = c.oid AND d.adnum = a.attnum
       LEFT JOIN pg_collation l ON l.oid = a.attcollation
      WHERE c.relnamespace = to_regnamespace($1)
        AND c.relkind IN ('r', 'p')
      ORDER BY c.oid, a.attnum`,
    [schema],
  );
  return [...Map.groupBy(rows, (row) => row.table_name)].map(([table, columns]) => {
    return `CREATE TABLE ${escapeIdentifier(table)} (${columns.map(columnSql).join(', ')})`;
  });
}

const SERIALS: Readonly<Record<string, string>> = { smallint: 'smallserial', integer: 'serial', bigint: 'bigserial' };

function columnSql(row: ColumnRow): string {
  const isSerial = row.serial !== null && row.expression?.startsWith('nextval(') === true;
  return [
    escapeIdentifier(row.name ?? ''),
    isSerial ? (SERIALS[row.type] ?? row.type) : row.type,
    row.collation_c && 'COLLATE "C"',
    row.generated === '' && !isSerial && row.expression !== null && `DEFAULT ${row.expression}`,
    row.generated !== '' &&
      `GENERATED ALWAYS AS (${row.expression ?? ''}) ${row.generated === 'v' ? 'VIRTUAL' : 'STORED'}`,
    row.identity !== '' && `GENERATED ${row.identity === 'a' ? 'ALWAYS' : 'BY DEFAULT'} AS IDENTITY`,
    row.not_null && 'NOT NULL',
  ]
    .filter(Boolean)
    .join(' ');
}

/** A constraint that came back before all rows obeyed it is one all the same. */
function constraints(client: ClientBase, schema: string): Promise<readonly string[]> {
  return textsOf(
    client,
    `SELECT format('ALTER TABLE %I ADD CONSTRAINT %I %s', c.relname, k.conname, regexp_replace(pg_get_constraintdef(k.oid), ' NOT VALID$', '')) AS text
       FROM pg_constraint k
       JOIN pg_class c ON c.oid = k.conrelid
      WHERE c.relnamespace = to_regnamespace($1)
        AND c.relkind IN ('r', 'p')
        AND k.contype IN ('p', 'u', 'f', 'c')
      ORDER BY k.contype = 'f', c.oid, k.oid`,
    schema,
  );
}

function indexes(client: ClientBase, schema: string): Promise<readonly string[]> {
  return textsOf(
    client,
    `SELECT replace(pg_get_indexdef(i.indexrelid), format(' ON %I.', $1::text), ' ON ') AS text
       FROM pg_index i
       JOIN pg_class t ON t.oid = i.indrelid
      WHERE t.relnamespace = to_regnamespace($1)
        AND NOT EXISTS (SELECT FROM pg_constraint k WHERE k.conindid = i.indexrelid AND k.contype IN ('p', 'u', 'x'))
      ORDER BY i.indexrelid`,
    schema,
  );
}

function comments(client: ClientBase, schema: string): Promise<readonly string[]> {
  return textsOf(
    client,
    `SELECT CASE WHEN d.objsubid = 0
                 THEN format('COMMENT ON TABLE %I IS %L', c.relname, d.description)
                 ELSE format('COMMENT ON COLUMN %I.%I IS %L', c.relname, a.attname, d.description)
            END AS text
       FROM pg_description d
       JOIN pg_class c ON c.oid = d.objoid AND d.classoid = 'pg_class'::regclass
       LEFT JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum = d.objsubid
      WHERE c.relnamespace = to_regnamespace($1)
        AND c.relkind IN ('r', 'p')
        AND (d.objsubid = 0 OR a.attnum > 0)
      ORDER BY c.oid, d.objsubid`,
    schema,
  );
}
