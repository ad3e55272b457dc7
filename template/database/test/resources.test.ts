import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { after, before, describe, test } from 'node:test';
import type { FastifyInstance } from 'fastify';
import { createSampleRows, type Row } from '../db/create-sample-rows.ts';
import { changeableColumns, comparableColumns, type Table } from '../src/table/table.ts';
import { openDatabase } from '../src/db.ts';
import { readDatabaseSettings } from '../src/config.ts';
import { insertStatement } from '../src/table/statements.ts';
import { toParameters, withGeneratedIds } from '../src/table/row-values.ts';
import { tables } from '../src/tables.ts';
import { documentedItem, ruleOf } from './support/free-of-rules.ts';
import { send, startTestApp } from './support/test-app.ts';

let app: FastifyInstance;
let created: ReadonlyMap<string, readonly Row[]>;

before(async () => {
  app = await startTestApp();
  created = await createSampleRows(createByRequest);
});
after(() => app.close());

test('lists the children of a row, and says so when there is no such row', async () => {
  const { paths } = JSON.parse(await readFile(new URL('../openapi.json', import.meta.url), 'utf8'));
  for (const nested of Object.keys(paths).filter((known) => /^list\w+By\w+_/.test(paths[known].get?.operationId ?? ''))) {
    const parent = tables.find(({ path }) => nested.startsWith(`${path}/{`));
    const row = parent && rowsOf(parent.table)[0];
    if (!row || ruleOf('GET', nested) !== undefined) continue;
    const key = row[parent.table.key[0] ?? ''];
    const { status, body } = await send(app, 'GET', nested.replace(/\{\w+\}/, () => encodeURIComponent(String(key))));
    assert.equal(status, 200, `${nested}: ${JSON.stringify(body)}`);
    for (const child of body.data) assert.ok(Object.values(child).includes(key), `${nested}: ${JSON.stringify(child)}`);
    const nobody = nested.replace(/\{\w+\}/, typeof key === 'number' ? '2147483647' : '00000000-0000-4000-8000-ffffffffffff');
    if (typeof key !== 'boolean') assert.equal((await send(app, 'GET', nobody)).status, 404, nobody);
  }
});

for (const { path, table } of tables) {
  describe(path, () => {
    const item = documentedItem(path, table);

    test('lists every row, page by page, in any order', { skip: ruleOf('GET', path) ?? false }, async () => {
      const rows = rowsOf(table);
      for (const sort of [undefined, ...comparableColumns(table).flatMap(([field]) => [field, `-${field}`])]) {
        assert.deepEqual(sorted(await readPages(path, sort)), sorted(rows), `sorted by ${sort ?? 'key'}`);
      }
    });

    test('filters by every field', { skip: ruleOf('GET', path) ?? false }, async () => {
      const [row] = rowsOf(table);
      for (const [field] of comparableColumns(table)) {
        if (row?.[field] === null || row?.[field] === undefined) continue;
        const { status, body } = await send(
          app,
          'GET',
          `${path}?${query({ [`${field}[eq]`]: row[field], limit: 100 })}`,
        );
        assert.equal(status, 200, JSON.stringify(body));
        assert.ok(body.data.length > 0, `nothing found by ${field}`);
        for (const found of body.data) assert.deepEqual(found[field], row[field]);
      }
    });

    test('refuses what is not documented', { skip: ruleOf('GET', path) ?? false }, async () => {
      assert.equal((await send(app, 'GET', `${path}?no_such_field=1`)).status, 400);
      assert.equal((await send(app, 'GET', `${path}?limit=0`)).status, 400);
      assert.equal((await send(app, 'GET', `${path}?cursor=nonsense`)).status, 400);
    });

    test('refuses rows that are not as documented', { skip: ruleOf('POST', path) ?? false }, async () => {
      assert.equal((await send(app, 'POST', path, { no_such_field: 1 })).status, 400);
      assert.equal((await send(app, 'POST', path, [])).status, 400);
    });

    const keyless = table.key.length === 0 && 'its rows have no key';
    test('reads every row', { skip: ruleOf('GET', item) ?? keyless }, async () => {
      for (const row of rowsOf(table)) {
        assert.deepEqual((await send(app, 'GET', itemPath(path, table, row))).body, row);
      }
    });

    test('changes every row', { skip: ruleOf('PATCH', item) ?? keyless }, async () => {
      for (const row of rowsOf(table)) await changeNothing(path, table, row);
    });

    test('deletes one row', { skip: ruleOf('DELETE', item) ?? ruleOf('GET', item) ?? keyless }, async () => {
      const [row] = rowsOf(table);
      if (row) await deleteRow(path, table, row);
    });
  });
}

async function createByRequest(table: Table, values: Row): Promise<Row> {
  const path = tables.find((known) => known.table === table)?.path ?? '';
  if (ruleOf('POST', path) !== undefined) return createInDatabase(table, values);
  const asked = Object.fromEntries(Object.entries(values).filter(([field]) => !table.columns[field]?.readOnly));
  const { status, headers, body } = await send(app, 'POST', path, asked);
  assert.equal(status, 201, `POST ${path} ${JSON.stringify(asked)}: ${JSON.stringify(body)}`);
  if (table.key.length > 0) assert.equal(headers.location, itemPath(path, table, body));
  for (const [field, column] of Object.entries(table.columns)) {
    if (column.writeOnly) assert.ok(!(field in body), `${field} must not be told`);
    else if (field in asked) assert.deepEqual(body[field], asked[field], field);
    else if (column.readOnly) assert.equal((await send(app, 'POST', path, { ...asked, [field]: body[field] })).status, 400);
  }
  return body;
}

/** Where a rule may refuse the row: the other operations need rows to work on. */
async function createInDatabase(table: Table, values: Row): Promise<Row> {
  const db = openDatabase(readDatabaseSettings({ ...process.env, DB_NAME: process.env['TEST_DB_NAME'] }));
  try {
    const parameters = await toParameters(table, withGeneratedIds(table, values));
    return await db.write(insertStatement(table, parameters)).then(([row]) => row ?? {});
  } finally {
    await db.close();
  }
}

/** A PATCH with the values that the row has; only what every change touches may differ. */
async function changeNothing(path: string, table: Table, row: Row): Promise<void> {
  const fields = changeableColumns(table).filter(([, column]) => !column.writeOnly && !column.touched);
  const changes = Object.fromEntries(fields.map(([field]) => [field, row[field]]));
  if (fields.length === 0) return;
  const { status, body } = await send(app, 'PATCH', itemPath(path, table, row), changes);
  assert.equal(status, 200, JSON.stringify(body));
  for (const field of Object.keys(changes)) assert.deepEqual(body[field], row[field], field);
  assert.equal((await send(app, 'PATCH', itemPath(path, table, row), {})).status, 400);
}

/** Rows that others refer to may be kept by the database; the others are gone for good. */
async function deleteRow(path: string, table: Table, row: Row): Promise<void> {
  const copy = { ...row };
  const url = itemPath(path, table, copy);
  const isReferredTo = tables.some((other) =>
    Object.values(other.table.columns).some((column) => column.references?.table === table.name),
  );
  if (isReferredTo) return;
  assert.equal((await send(app, 'DELETE', url)).status, 204);
  assert.equal((await send(app, 'GET', url)).status, 404);
  assert.equal((await send(app, 'DELETE', url)).status, 404);
}

async function readPages(path: string, sort: string | undefined): Promise<Row[]> {
  const rows: Row[] = [];
  for (let cursor: string | undefined; ;) {
    const { status, body } = await send(app, 'GET', `${path}?${query({ limit: 2, sort, cursor })}`);
    assert.equal(status, 200, JSON.stringify(body));
    rows.push(...body.data);
    if (body.nextCursor === null) return rows;
    cursor = body.nextCursor;
  }
}

function rowsOf(table: Table): readonly Row[] {
  return created.get(table.name) ?? [];
}

function itemPath(path: string, table: Table, row: Row): string {
  return [path, ...table.key.map((field) => encodeURIComponent(String(row[field])))].join('/');
}

function query(parameters: Readonly<Record<string, unknown>>): string {
  const given = Object.entries(parameters).filter(([, value]) => value !== undefined);
  return new URLSearchParams(given.map(([name, value]): [string, string] => [name, String(value)])).toString();
}

function sorted(rows: readonly Row[]): string[] {
  return rows.map((row) => JSON.stringify(row)).toSorted();
}
