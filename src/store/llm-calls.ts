import type { RunId } from '../domain/ids.ts';
import type { DatabaseClient } from './database-client.ts';
import { storableJson } from './storable.ts';

/** Keeps a finished call's answer; repeating it changes nothing. */
export async function keepLlmCall(db: DatabaseClient, runId: RunId, callKey: string, answer: unknown): Promise<void> {
  await db.query(
    `INSERT INTO tb.llm_calls (run_id, call_key, answer)
     VALUES ($1, $2, $3)
     ON CONFLICT DO NOTHING`,
    [runId, callKey, storableJson(answer)],
  );
}

/** The answer as it was kept; undefined when the call was never finished. */
export async function findLlmCall(db: DatabaseClient, runId: RunId, callKey: string): Promise<unknown> {
  const { rows } = await db.query<{ answer: unknown }>(
    `SELECT answer
       FROM tb.llm_calls
      WHERE run_id = $1
        AND call_key = $2`,
    [runId, callKey],
  );
  return rows[0]?.answer;
}
