import type { FastifyInstance } from 'fastify';
import { readListQuery, readText } from '../table/list-query.ts';
import type { Page, Repository } from '../table/repository.ts';
import type { Values } from '../table/row-values.ts';
import type { Table } from '../table/table.ts';
import {
  createOperation,
  deleteOperation,
  keyParameters,
  listOperation,
  readOperation,
  updateOperation,
} from './operations.ts';

/** GET and POST on a table's path, such as `/v1/posts`. */
export function serveCollection(app: FastifyInstance, path: string, { table, ...repository }: Repository): void {
  app.get(path, { schema: listOperation(table) }, (request) => repository.list(readListQuery(table, request.query)));

  app.post(path, { schema: createOperation(table) }, async (request, reply) => {
    const row = await repository.create(request.body as Values);
    if (table.key.length > 0) reply.header('location', itemPath(path, table, row));
    reply.code(201);
    return row;
  });
}

/** GET and DELETE on a row's path, such as `/v1/posts/:id`. */
export function serveItems(app: FastifyInstance, path: string, { table, ...repository }: Repository): void {
  app.get(path, { schema: readOperation(table) }, (request) => repository.get(readKey(table, request.params)));

  app.delete(path, { schema: deleteOperation(table) }, async (request, reply) => {
    await repository.remove(readKey(table, request.params));
    return reply.code(204).send();
  });
}

/** PATCH on a row's path, for tables that have more than a key. */
export function serveChanges(app: FastifyInstance, path: string, { table, ...repository }: Repository): void {
  app.patch(path, { schema: updateOperation(table) }, (request) =>
    repository.update(readKey(table, request.params), request.body as Values),
  );
}

/** GET on a row's children, such as `/v1/users/:id/posts`: the rows of `children` whose field `via` is that row's key. */
export function serveChildren(
  app: FastifyInstance,
  path: string,
  parents: Repository,
  children: Repository,
  via: string,
): void {
  const schema = listOperation(children.table, { table: parents.table, via });
  app.get(path, { schema }, async (request): Promise<Page<unknown>> => {
    const key = readKey(parents.table, request.params);
    const page = await children.list(readListQuery(children.table, request.query), { [via]: key[0] });
    // No children, or no parent: only the second is a 404.
    if (page.data.length === 0) await parents.get(key);
    return page;
  });
}

function readKey(table: Table, params: unknown): string[] {
  const given = params as Readonly<Record<string, string>>;
  return keyParameters(table).map((parameter, index) => {
    const column = table.columns[table.key[index] ?? ''] ?? { type: 'text', schema: {} };
    return readText(parameter, given[parameter] ?? '', column);
  });
}

function itemPath(path: string, table: Table, row: Readonly<Record<string, unknown>>): string {
  return [path, ...table.key.map((field) => encodeURIComponent(String(row[field])))].join('/');
}
