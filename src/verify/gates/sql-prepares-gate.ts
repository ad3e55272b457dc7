import type { Client, DatabaseError } from 'pg';
import { isDatabaseAway } from '../../domain/database-away.ts';
import type { ProvisionedDatabase } from '../../domain/provisioned-database.ts';
import type { SourceFile } from '../../domain/source-file.ts';
import { connectAs } from '../connect-as.ts';
import type { GateOutcome } from '../gate-runner.ts';
import { findSql, type SqlText } from '../sql-texts.ts';

/**
 * Has Postgres prepare every statement that stands in the source, as the role that the backend uses: its names, types
 * and rights are then known to be good without its being run. Those that are built when the program runs are the
 * suite's to cover.
 */
export async function sqlPreparesGate(
  clone: ProvisionedDatabase,
  files: readonly SourceFile[],
  signal: AbortSignal,
): Promise<GateOutcome> {
  const { texts, builtLater } = findSql(files);
  const client = await connectAs(clone, clone.app, clone.name);
  try {
    const faults: string[] = [];
    for (const text of texts) {
      signal.throwIfAborted();
      const fault = await prepare(client, text);
      if (fault !== undefined) faults.push(fault);
    }
    return judge(texts, builtLater, faults);
  } finally {
    await client.end();
  }
}

const PREFIX = 'PREPARE looked_at AS ';

/** What is wrong with the statement: `src/stats.ts:12: column "titel" does not exist`. */
async function prepare(client: Client, text: SqlText): Promise<string | undefined> {
  const { file, sql } = text;
  try {
    // By the extended protocol, which takes one statement and no more.
    await client.query({ text: PREFIX + sql, queryMode: 'extended' } as { text: string });
    await client.query('DEALLOCATE looked_at');
    return undefined;
  } catch (error) {
    const { message, position, hint, code } = error as DatabaseError;
    if (code === undefined || isDatabaseAway(error)) throw error;
    const offset = Math.max(0, Number(position ?? PREFIX.length + 1) - PREFIX.length - 1);
    return `${file}:${text.lineAt(offset)}: ${message}${hint === undefined ? '' : ` (${hint})`} in: ${oneLine(sql)}`;
  }
}

function judge(texts: readonly SqlText[], builtLater: number, faults: readonly string[]): GateOutcome {
  const later = `${builtLater} more are built when the program runs; the suite has to cover them`;
  if (faults.length > 0) {
    const rest = faults.length === 1 ? '' : ` (and ${faults.length - 1} more)`;
    return { status: 'failed', summary: `${faults[0]}${rest}`, evidence: [...faults, later] };
  }
  return {
    status: 'passed',
    summary: `${texts.length} statement${texts.length === 1 ? '' : 's'} written out in the source, each prepared by Postgres`,
    evidence: [...texts.map((text) => `${text.file}:${text.lineAt(0)}: ${oneLine(text.sql)}`), later],
  };
}

function oneLine(sql: string): string {
  const line = sql.trim().replace(/\s+/g, ' ');
  return line.length <= 120 ? line : `${line.slice(0, 119).toWellFormed()}…`;
}
