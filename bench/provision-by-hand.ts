import { type Client, escapeIdentifier } from 'pg';
import { randomText } from '../src/domain/ids.ts';
import type { SchemaDesign } from '../src/domain/schema-design.ts';
import type { TestCluster } from '../test/support/postgres.ts';

export interface HandmadeDatabase {
  readonly name: string;
  readonly totalMs: number;
  /** From BEGIN to COMMIT: what no way of provisioning can do without. */
  readonly statementsMs: number;
  readonly tableCount: number;
}

/** The obvious way to a database with these tables: connect, create it, connect to it, run the statements. */
export async function provisionByHand(server: TestCluster, design: SchemaDesign): Promise<HandmadeDatabase> {
  const name = `by_hand_${randomText(12)}`;
  const startedMs = performance.now();
  const admin = await server.connect();
  await admin.query(`CREATE DATABASE ${escapeIdentifier(name)}`);
  const client = await server.connect(name);
  const beginningMs = performance.now();
  await client.query('BEGIN');
  for (const { sql } of design.statements) await client.query(sql);
  await client.query('COMMIT');
  const endedMs = performance.now();

  const tableCount = await countTables(client);
  await Promise.all([admin.end(), client.end()]);
  return { name, totalMs: endedMs - startedMs, statementsMs: endedMs - beginningMs, tableCount };
}

export async function dropByHand(server: TestCluster, name: string): Promise<void> {
  const admin = await server.connect();
  await admin.query(`DROP DATABASE ${escapeIdentifier(name)} WITH (FORCE)`);
  await admin.end();
}

async function countTables(client: Client): Promise<number> {
  const { rows } = await client.query<{ count: number }>(
    `SELECT count(*)::int AS count
       FROM pg_tables
      WHERE schemaname = 'public'`,
  );
  return rows[0]?.count ?? 0;
}
