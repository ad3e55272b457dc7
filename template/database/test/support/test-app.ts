import assert from 'node:assert/strict';
import { escapeIdentifier } from 'pg';
import type { FastifyInstance, InjectOptions, LightMyRequestResponse } from 'fastify';
import { buildApp } from '../../src/app.ts';
import { readConfig } from '../../src/config.ts';
import { openDatabase } from '../../src/db.ts';
import { tables } from '../../src/tables.ts';

/** The backend on an emptied throw-away copy of the database, named by TEST_DB_NAME. */
export async function startTestApp(): Promise<FastifyInstance> {
  const { TEST_DB_NAME, DB_NAME } = process.env;
  if (!TEST_DB_NAME) throw new Error('Set TEST_DB_NAME to a copy of the database: the tests delete every row in it.');
  if (TEST_DB_NAME === DB_NAME)
    throw new Error('TEST_DB_NAME is the real database. The tests would delete every row in it.');
  const config = readConfig({ ...process.env, DB_NAME: TEST_DB_NAME, LOG: 'off' });
  await deleteAllRows(config.database);
  return buildApp(config);
}

/** In one statement, so that rows may refer to one another in any way. */
async function deleteAllRows(settings: Parameters<typeof openDatabase>[0]): Promise<void> {
  const db = openDatabase(settings);
  const deletions = tables.map(
    ({ table }, index) => `deletion_${index} AS (DELETE FROM ${escapeIdentifier(table.name)})`,
  );
  await db.write({ text: `WITH ${deletions.join(', ')} SELECT 1`, values: [] });
  await db.close();
}

/** Sends JSON and reads JSON. Every error has to be a problem, and none may be our own fault. */
export async function send(
  app: FastifyInstance,
  method: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE',
  url: string,
  body?: unknown,
  headers: Readonly<Record<string, string>> = {},
): Promise<{ status: number; headers: LightMyRequestResponse['headers']; body: any }> {
  const given: InjectOptions = { method, url, headers };
  const request: InjectOptions = body === undefined ? given : { ...given, payload: body as object };
  const response = await app.inject(request);
  if (response.statusCode >= 400) {
    assert.equal(response.headers['content-type'], 'application/problem+json');
    assert.ok(response.statusCode < 500, response.body);
  }
  return {
    status: response.statusCode,
    headers: response.headers,
    body: response.body === '' ? undefined : response.json(),
  };
}
