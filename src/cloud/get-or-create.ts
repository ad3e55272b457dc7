import { setTimeout as sleep } from 'node:timers/promises';
import { ProviderError } from './provider-error.ts';

const TRIES = 5;
const FIRST_WAIT_MS = 200;

/**
 * Finds a resource by its derived name or makes it, also when the answer to its making was lost or another process made
 * it in the same moment: then it is there when it is looked for again. A provider that is away has three seconds to come
 * back. `find` resolves to undefined when there is none; whether what it found is ours is the caller's to judge. Rejects
 * with what `create` last rejected with.
 */
export async function getOrCreate<T>(
  find: () => Promise<T | undefined>,
  create: () => Promise<T>,
): Promise<{ readonly resource: T; readonly created: boolean }> {
  for (let attempt = 1; ; attempt += 1) {
    const found = await find();
    if (found !== undefined) return { resource: found, created: attempt > 1 };
    if (attempt > 1) await sleep(FIRST_WAIT_MS * 2 ** (attempt - 2) * (0.5 + Math.random() / 2));
    try {
      return { resource: await create(), created: true };
    } catch (error) {
      if (!isUncertain(error)) throw error;
      if (attempt < TRIES) continue;
      const made = await find();
      if (made === undefined) throw error;
      return { resource: made, created: true };
    }
  }
}

/** No answer, an answer that tells nothing, or one that may mean «it is there already». */
function isUncertain(error: unknown): boolean {
  return error instanceof ProviderError && (error.mayBeDone || error.status === 409 || error.status === 422);
}
