import type { Pool } from 'pg';
import { TurboError } from '../domain/errors.ts';
import type { RepeatableCall } from '../domain/repeatable-call.ts';
import { claimCall, giveUpCall, keepAnswer } from '../store/idempotency-keys.ts';

/** See `TurboBackend.answerOnce`. A call that failed can be repeated at once, its effect under the same token. */
export async function answerOnce(
  pool: Pool,
  call: RepeatableCall,
  answer: (token: string) => Promise<object>,
): Promise<{ readonly answer: object; readonly repeated: boolean }> {
  const claim = await claimCall(pool, call);
  switch (claim.state) {
    case 'answered':
      return { answer: claim.answer, repeated: true };
    case 'other-request':
      throw new TurboError('IDEMPOTENCY_KEY_REUSED', 'Another request came with this Idempotency-Key', {
        fix: 'Use a new key for a new request.',
      });
    case 'in-use':
      throw new TurboError('IDEMPOTENCY_KEY_IN_USE', 'The first request with this Idempotency-Key is being answered', {
        fix: 'Repeat the request in a moment.',
      });
    case 'ours':
      return { answer: await answerCall(pool, call, () => answer(claim.token)), repeated: false };
  }
}

async function answerCall(pool: Pool, call: RepeatableCall, work: () => Promise<object>): Promise<object> {
  try {
    const answer = await work();
    await keepAnswer(pool, call, answer);
    return answer;
  } catch (error) {
    // What failed here must not hide why; the claim runs out by itself.
    await giveUpCall(pool, call).catch(() => undefined);
    throw error;
  }
}
