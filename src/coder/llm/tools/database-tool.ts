import { TurboError } from '../../../domain/errors.ts';
import type { WorkshopDatabase } from '../../coder.ts';
import { brief, untrusted } from '../../model-text.ts';
import type { ToolInput } from './tool-input.ts';
import { failure, refusal, type ToolOutcome } from './tool-outcome.ts';
import type { Workbench } from './workbench.ts';

/** Runs one statement as the role that can only read, on the copy that requests work on. */
export async function queryDatabase(
  database: WorkshopDatabase | undefined,
  bench: Workbench,
  input: ToolInput,
): Promise<ToolOutcome> {
  const sql = input.text('sql');
  const told = brief(sql);
  const copy = await bench.copy();
  if (!database || !copy) return failure(told, 'This backend has no database.');
  try {
    const { columns, rows, truncated } = await database.query(copy.name, sql);
    const lines = rows.map((row) => JSON.stringify(row));
    const text = [JSON.stringify(columns), ...lines, ...(truncated ? ['…'] : [])].join('\n');
    return { output: untrusted('rows', text), told: `${told} → ${rows.length} rows` };
  } catch (error) {
    if (!(error instanceof TurboError) || error.code !== 'QUERY_FAILED') throw error;
    const isReach = /permission denied|read-only|must be (?:owner|superuser)/i.test(error.message);
    return isReach ? refusal(told, error.message) : failure(told, error.message);
  }
}
