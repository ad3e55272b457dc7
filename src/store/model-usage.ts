import type { DatabaseClient } from './database-client.ts';

/** What calls to one model came to. */
export interface ModelUsageRecord {
  readonly provider: string;
  readonly model: string;
  readonly calls: number;
  readonly tokensIn: number;
  readonly tokensOut: number;
  /** US dollars; undefined when a call's price is not known. */
  readonly costUsd: number | undefined;
}

/** What an owner's runs used since a moment, in unix seconds, a record per model. */
export async function sumModelUsage(
  db: DatabaseClient,
  ownerId: string,
  sinceAt: number,
): Promise<readonly ModelUsageRecord[]> {
  const { rows } = await db.query<{
    provider: string;
    model: string;
    calls: string;
    tokens_in: string;
    tokens_out: string;
    cost_usd: string | null;
  }>(
    `SELECT provider, model, count(*) AS calls, sum(tokens_in) AS tokens_in, sum(tokens_out) AS tokens_out,
            CASE WHEN bool_and(cost_usd IS NOT NULL) THEN sum(cost_usd) END AS cost_usd
       FROM tb.message_cost_tracker AS call
       JOIN tb.runs AS run USING (run_id)
      WHERE run.owner_id = $1
        AND call.created_at >= $2
      GROUP BY provider, model
      ORDER BY provider, model`,
    [ownerId, sinceAt],
  );
  return rows.map((row) => ({
    provider: row.provider,
    model: row.model,
    calls: Number(row.calls), // pg hands bigint and numeric over as strings
    tokensIn: Number(row.tokens_in),
    tokensOut: Number(row.tokens_out),
    costUsd: row.cost_usd === null ? undefined : Number(row.cost_usd),
  }));
}
