import { randomText } from '../domain/ids.ts';
import type { RepeatableCall } from '../domain/repeatable-call.ts';
import type { DatabaseClient } from './database-client.ts';
import { storableJson } from './storable.ts';

const KEPT_SECONDS = 24 * 60 * 60;
/** After this without an answer, the process that began is taken to be gone. */
const ANSWER_SECONDS = 120;

/** `ours`: it is for us to answer, its effect named by the token. */
export type CallClaim =
  | { readonly state: 'ours'; readonly token: string }
  | { readonly state: 'answered'; readonly answer: object }
  | { readonly state: 'in-use' | 'other-request' };

/** Takes the call for this process to answer. A token stays what it is when another process answers in our place. */
export async function claimCall(db: DatabaseClient, { ownerId, key, requestHash }: RepeatableCall): Promise<CallClaim> {
  await db.query('DELETE FROM tb.idempotency_keys WHERE created_at < tb.unix_now() - $1::bigint', [KEPT_SECONDS]);
  const { rows: claimed } = await db.query<{ token: string }>(
    `INSERT INTO tb.idempotency_keys AS known (owner_id, key, request_hash, token)
     VALUES ($1, $2, $3, $4)
     ON CONFLICT (owner_id, key) DO UPDATE
        SET claimed_at = tb.unix_now()
      WHERE known.answer IS NULL
        AND known.request_hash = excluded.request_hash
        AND known.claimed_at < tb.unix_now() - $5::bigint
     RETURNING token`,
    [ownerId, key, requestHash, randomText(16), ANSWER_SECONDS],
  );
  if (claimed[0]) return { state: 'ours', token: claimed[0].token };
  const { rows } = await db.query<{ request_hash: string; answer: object | null }>(
    'SELECT request_hash, answer FROM tb.idempotency_keys WHERE owner_id = $1 AND key = $2',
    [ownerId, key],
  );
  const [known] = rows;
  if (known && known.request_hash !== requestHash) return { state: 'other-request' };
  return known?.answer ? { state: 'answered', answer: known.answer } : { state: 'in-use' };
}

/** Keeps what the call was answered. */
export async function keepAnswer(db: DatabaseClient, call: RepeatableCall, answer: object): Promise<void> {
  await db.query('UPDATE tb.idempotency_keys SET answer = $3 WHERE owner_id = $1 AND key = $2', [
    call.ownerId,
    call.key,
    storableJson(answer),
  ]);
}

/** Lets whoever repeats the call answer it at once. */
export async function giveUpCall(db: DatabaseClient, call: RepeatableCall): Promise<void> {
  await db.query('UPDATE tb.idempotency_keys SET claimed_at = 0 WHERE owner_id = $1 AND key = $2', [
    call.ownerId,
    call.key,
  ]);
}
