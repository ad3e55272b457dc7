import type { Table } from '../domain/database-schema.ts';
import { TurboError } from '../domain/errors.ts';
import { findBlueprint } from '../store/api-blueprints.ts';
import type { ProjectRecord } from '../store/projects.ts';
import type { RowsPage, RowsRequest } from '../turbobackend.ts';
import { readCursor, writeCursor } from './cursor.ts';
import { rowsQuery } from './rows-query.ts';
import type { UseCaseParts } from './use-case-parts.ts';

/** A page of a table's rows, read as the project's reader. */
export async function listRows(parts: UseCaseParts, project: ProjectRecord, request: RowsRequest): Promise<RowsPage> {
  const table = await findTable(parts, project, request.table);
  const columns = table.columns.map((column) => column.name);
  for (const { column } of [...request.filters, ...(request.sort ? [request.sort] : [])]) {
    if (!columns.includes(column)) throw noColumn(table, column);
  }
  const { sql, positionLength } = rowsQuery(table, request, (length) =>
    request.cursor === undefined ? undefined : readCursor(request.cursor, length),
  );
  const found = await parts.ports.cluster.query(project.databaseName ?? '', sql, { maxRows: request.limit + 1 });
  const rows = found.rows.slice(0, request.limit);
  const last = found.rows.length > request.limit ? rows.at(-1) : undefined;
  return {
    columns,
    rows: rows.map((row) => row.slice(0, columns.length)),
    nextCursor: last && writeCursor(last.slice(columns.length, columns.length + positionLength) as (string | null)[]),
  };
}

async function findTable({ pool }: UseCaseParts, project: ProjectRecord, name: string): Promise<Table> {
  if (project.databaseName === undefined) {
    throw new TurboError('USAGE', `${project.name} keeps no data, so it has no tables`);
  }
  const tables = (await findBlueprint(pool, project.id))?.schema?.tables ?? [];
  const table = tables.find((candidate) => candidate.name === name);
  if (table) return table;
  const names = tables.map((candidate) => candidate.name).join(', ');
  throw new TurboError('NOT_FOUND', `${project.name} has no table «${name}»`, {
    fix: names === '' ? 'Its tables are known when its run has ended.' : `It has ${names}.`,
  });
}

function noColumn(table: Table, column: string): TurboError {
  return new TurboError('USAGE', `${table.name} has no column «${column}»`, {
    fix: `It has ${table.columns.map(({ name }) => name).join(', ')}.`,
  });
}
