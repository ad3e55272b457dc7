import { z } from 'zod';
import { TurboError } from '../domain/errors.ts';
import type { RowComparison, RowsRequest } from '../turbobackend.ts';
import { cursorField, limitField, nextCursorField, projectField } from './fields.ts';
import { defineOperation, READS, READS_FOREIGN_TEXT } from './operation.ts';

const COMPARISONS: readonly RowComparison[] = ['eq', 'ne', 'lt', 'lte', 'gt', 'gte', 'contains'];

export const getSchema = defineOperation({
  name: 'get_schema',
  title: 'Show the schema',
  description:
    "Shows the tables of a project's database, read back from Postgres: as JSON, SQL, a Mermaid or an SVG diagram.",
  scope: 'read',
  annotations: READS,
  http: { method: 'GET', path: '/v1/projects/{project}/schema', tag: 'Data' },
  input: z.strictObject({ project: projectField, format: z.enum(['json', 'sql', 'mermaid', 'svg']).default('json') }),
  output: z.object({
    format: z.enum(['json', 'sql', 'mermaid', 'svg']),
    schema: z.record(z.string(), z.unknown()).optional().describe('Its enums and tables; with the format json'),
    text: z.string().optional().describe('With every other format'),
  }),
  async run({ project, format }, { backend }) {
    const text = await backend.schema(project, format);
    return format === 'json' ? { format, schema: JSON.parse(text) as Record<string, unknown> } : { format, text };
  },
});

export const listRows = defineOperation({
  name: 'list_rows',
  title: 'List rows',
  description: 'Lists the rows of a table, a page at a time.',
  scope: 'read',
  annotations: READS_FOREIGN_TEXT,
  http: { method: 'GET', path: '/v1/projects/{project}/tables/{table}/rows', tag: 'Data' },
  input: z.strictObject({
    project: projectField,
    table: z.string().min(1).max(63),
    sort: z
      .string()
      .regex(/^-?.{1,63}$/)
      .optional()
      .describe('A column, with - before it to go down; by the primary key when missing. Nulls come last'),
    filter: z
      .array(z.string().max(2000))
      .max(10)
      .default([])
      .describe(`column:comparison:value, all of which must hold; comparisons: ${COMPARISONS.join(', ')}`),
    limit: limitField(200, 50),
    cursor: cursorField,
  }),
  output: z.object({
    columns: z.array(z.string()),
    data: z.array(z.record(z.string(), z.unknown())).describe('64-bit and exact numbers come as text'),
    nextCursor: nextCursorField,
  }),
  async run({ project, table, sort, filter, limit, cursor }, { backend }) {
    const { columns, rows, nextCursor } = await backend.rows(project, {
      table,
      limit,
      cursor,
      sort: sort === undefined ? undefined : { column: sort.replace(/^-/, ''), descending: sort.startsWith('-') },
      filters: filter.map(readFilter),
    });
    const data = rows.map((row) => Object.fromEntries(columns.map((column, index) => [column, row[index]])));
    return { columns: [...columns], data, nextCursor };
  },
});

function readFilter(text: string): RowsRequest['filters'][number] {
  const [, column, comparison, value] = /^([^:]+):([a-z]+):([^]*)$/.exec(text) ?? [];
  const known = COMPARISONS.find((candidate) => candidate === comparison);
  if (column !== undefined && value !== undefined && known && isStorable(value)) {
    return { column, comparison: known, value };
  }
  throw new TurboError('USAGE', `«${text.toWellFormed()}» is no filter`, {
    fix: `Write column:comparison:value with one of ${COMPARISONS.join(', ')}: status:eq:open.`,
  });
}

function isStorable(text: string): boolean {
  return text.isWellFormed() && !text.includes('\0');
}

export const runSql = defineOperation({
  name: 'run_sql',
  title: 'Query the database',
  description:
    "Runs one statement that reads on a project's database, as a role that can only read, within 5 seconds. " +
    'Values of 64 bits and exact numbers come as text.',
  scope: 'read',
  annotations: READS_FOREIGN_TEXT,
  http: { method: 'POST', path: '/v1/projects/{project}/sql', tag: 'Data' },
  input: z.strictObject({
    project: projectField,
    sql: z.string().min(1).max(100_000).describe('One SELECT; no semicolon is needed'),
    limit: limitField(1000, 100),
  }),
  output: z.object({
    columns: z.array(z.string()),
    rows: z.array(z.array(z.unknown())),
    truncated: z.boolean().describe('Whether there were more rows than limit'),
  }),
  async run({ project, sql, limit }, { backend }) {
    if (!isStorable(sql)) throw new TurboError('USAGE', 'The statement holds text that Postgres cannot take');
    const { columns, rows, truncated } = await backend.sql(project, sql, limit);
    return { columns: [...columns], rows: rows.map((row) => [...row]), truncated };
  },
});

export const getConnection = defineOperation({
  name: 'get_connection',
  title: 'Show the connection',
  description:
    "Shows how a project's backend, or another role, reaches its database. The password is masked: `turbobackend url <project> --with-password` in the user's terminal shows it.",
  scope: 'read',
  annotations: READS,
  http: { method: 'GET', path: '/v1/projects/{project}/connection', tag: 'Data' },
  input: z.strictObject({
    project: projectField,
    role: z
      .enum(['app', 'owner', 'reader'])
      .default('app')
      .describe('app: what the backend is; owner: for migrations; reader: only looks'),
  }),
  output: z.object({
    host: z.string(),
    port: z.int(),
    database: z.string(),
    user: z.string(),
    password: z.string().describe('Masked'),
    tls: z.enum(['off', 'verify']),
    url: z.string().describe('With the password masked'),
  }),
  async run({ project, role }, { backend }) {
    const connection = await backend.connection(project, role);
    const { user, host, port, database } = connection;
    return { ...connection, password: '••••', url: `postgresql://${user}:••••@${host}:${port}/${database}` };
  },
});
