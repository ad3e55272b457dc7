import { DatabaseError } from 'pg';
import type { Database, Row } from '../db.ts';
import { Problem } from '../problem.ts';
import { writeCursor } from './cursor.ts';
import type { ListQuery } from './list-query.ts';
import { toParameters, withGeneratedIds, type Values } from './row-values.ts';
import {
  deleteStatement,
  findStatement,
  insertStatement,
  isIndexed,
  listStatement,
  POSITION,
  updateStatement,
  type Parameters,
} from './statements.ts';
import type { RowOf, Table } from './table.ts';

export interface Page<T> {
  readonly data: readonly T[];
  readonly nextCursor: string | null;
}

/** The rows of one table. Keys are the values of the table's key, in order. */
export interface Repository<T extends Table = Table> {
  readonly table: T;
  /** `scope` holds values that every row of the list has. */
  list(query: ListQuery, scope?: Parameters): Promise<Page<RowOf<T>>>;
  /** Rejects with a 404 when there is no such row; so do `update` and `remove`. */
  get(key: readonly string[]): Promise<RowOf<T>>;
  create(values: Values): Promise<RowOf<T>>;
  update(key: readonly string[], changes: Values): Promise<RowOf<T>>;
  remove(key: readonly string[]): Promise<void>;
}

export function repositoryOf<T extends Table>(db: Database, table: T): Repository<T> {
  const one = (rows: readonly Row[]): RowOf<T> => {
    if (!rows[0]) throw new Problem(404, `There is no such ${table.singular}.`);
    return rows[0] as RowOf<T>;
  };
  const read = (query: ListQuery, scope?: Parameters): Database['read'] =>
    isIndexed(table, query, scope) ? db.list : db.read;
  return {
    table,
    list: async (query, scope) => pageOf(table, query, await read(query, scope)(listStatement(table, query, scope))),
    get: async (key) => one(await db.find(findStatement(table, key))),
    create: async (values) => {
      const parameters = await toParameters(table, withGeneratedIds(table, values));
      return one(await db.write(insertStatement(table, parameters)));
    },
    update: async (key, changes) => {
      const get = async () => one(await db.find(findStatement(table, key)));
      try {
        const parameters = await toParameters(table, changes);
        return one(await db.write(updateStatement(table, key, parameters)));
      } catch (error) {
        // Of a row that is not there no value is wrong.
        if (error instanceof Problem || error instanceof DatabaseError) await get();
        throw error;
      }
    },
    remove: async (key) => {
      one(await db.write(deleteStatement(table, key)));
    },
  };
}

function pageOf<T extends Table>(table: T, query: ListQuery, rows: readonly Row[]): Page<RowOf<T>> {
  const data = rows.slice(0, query.limit);
  const last = rows.length > query.limit ? data.at(-1) : undefined;
  return {
    data: (table.key.length > 0 ? data : data.map(withoutPosition)) as unknown as readonly RowOf<T>[],
    nextCursor: last ? writeCursor(query.sort, placeOf(table, query, last)) : null,
  };
}

function placeOf(table: Table, query: ListQuery, row: Row): unknown[] {
  const keyFields = table.key.length > 0 ? table.key : [POSITION];
  return [...(query.sort ? [query.sort.field] : []), ...keyFields].map((field) => row[field]);
}

function withoutPosition({ [POSITION]: _, ...row }: Row): Row {
  return row;
}
