import type { RunId } from '../domain/ids.ts';
import type { DatabaseClient } from './database-client.ts';

/** One call to a model, as it was billed. */
export interface MessageCost {
  readonly runId: RunId;
  /** Names the call within its run, so that a replay does not count it twice. */
  readonly callKey: string;
  /** What it was for: `detect`, `design`, `code` … */
  readonly purpose: string;
  readonly provider: string;
  readonly model: string;
  readonly tokensIn: number;
  readonly tokensOut: number;
  readonly tokensCached: number;
  /** US dollars; undefined when the price is not known. */
  readonly costUsd: number | undefined;
  readonly durationMs: number;
}

/** Repeating it changes nothing. */
export async function recordMessageCost(db: DatabaseClient, cost: MessageCost): Promise<void> {
  await db.query(
    `INSERT INTO tb.message_cost_tracker
            (run_id, call_key, purpose, provider, model, tokens_in, tokens_out, tokens_cached, cost_usd, duration_ms)
     VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)
     ON CONFLICT DO NOTHING`,
    [
      cost.runId,
      cost.callKey,
      cost.purpose,
      cost.provider,
      cost.model,
      cost.tokensIn,
      cost.tokensOut,
      cost.tokensCached,
      cost.costUsd,
      Math.round(cost.durationMs),
    ],
  );
}

/** What the run's calls whose price is known cost so far, US dollars. */
export async function sumKnownCosts(db: DatabaseClient, runId: RunId): Promise<number> {
  const { rows } = await db.query<{ total: string | null }>(
    'SELECT sum(cost_usd) AS total FROM tb.message_cost_tracker WHERE run_id = $1',
    [runId],
  );
  return Number(rows[0]?.total ?? 0);
}

/** What the run's calls cost in US dollars: 0 without a call, undefined when a call's price is not known. */
export async function sumMessageCosts(db: DatabaseClient, runId: RunId): Promise<number | undefined> {
  const { rows } = await db.query<{ total: string | null; known: boolean | null }>(
    `SELECT sum(cost_usd) AS total, bool_and(cost_usd IS NOT NULL) AS known
       FROM tb.message_cost_tracker
      WHERE run_id = $1`,
    [runId],
  );
  return rows[0]?.known === false ? undefined : Number(rows[0]?.total ?? 0);
}
