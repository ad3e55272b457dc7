import { DatabaseError, type ClientBase } from 'pg';

/** Begins a statement that is done as far as it goes: an objection of these kinds leaves things as they are. */
const TRIED = '/* as far as it goes */ ';
// Rows that break a constraint; a schema that is not empty.
const BORNE: readonly string[] = ['23503', '23514', '2BP01'];

/** Begins a query for statements, each a row, that are to be run. */
const CHOSEN = '/* its rows are run */ ';

/** The statements, which are run where the condition holds by then. */
export function onlyWhere(condition: string, statements: readonly string[]): string {
  const list = statements.map((sql) => `E'${sql.replaceAll('\\', '\\\\').replaceAll("'", "''")}'`).join(', ');
  return rowsOf(
    `SELECT sql, place FROM unnest(ARRAY[${list}]::text[]) WITH ORDINALITY s (sql, place) WHERE ${condition}`,
  );
}

/** What the query finds to be run: statements `sql`, in the order of `place`. */
export function rowsOf(query: string): string {
  return `${CHOSEN}SELECT sql FROM (${query}) s ORDER BY place`;
}

export function asFarAsItGoes(sql: string): string {
  return TRIED + sql;
}

/** Runs a statement within a transaction; what Postgres refuses carries the statement. */
export async function runStatement(client: ClientBase, sql: string): Promise<void> {
  try {
    if (sql.startsWith(CHOSEN)) {
      const { rows } = await client.query<{ sql: string }>(sql);
      for (const each of rows) await runStatement(client, each.sql);
    } else {
      await (sql.startsWith(TRIED) ? tryStatement(client, sql) : client.query(sql));
    }
  } catch (error) {
    if (error instanceof DatabaseError) throw Object.assign(error, { statement: sql });
    throw error;
  }
}

/** Not in a DO block: the roles of projects may not use plpgsql. */
async function tryStatement(client: ClientBase, sql: string): Promise<void> {
  await client.query('SAVEPOINT tried');
  try {
    await client.query(sql);
    await client.query('RELEASE SAVEPOINT tried');
  } catch (error) {
    if (!(error instanceof DatabaseError) || !BORNE.includes(error.code ?? '')) throw error;
    await client.query('ROLLBACK TO SAVEPOINT tried');
  }
}
