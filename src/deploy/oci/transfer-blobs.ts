import type { Readable } from 'node:stream';
import { setTimeout as sleep } from 'node:timers/promises';
import { ProviderError } from '../../cloud/provider-error.ts';
import type { ImageRepository } from './image-repository.ts';

/** A blob that the target has to have. */
export interface NeededBlob {
  readonly digest: string;
  readonly size: number;
  /** A repository of the same registry that may have it. */
  readonly mountFrom: string | undefined;
  /** Called only when it has to be sent; what it resolves to gives the bytes anew each time. */
  readonly open: () => Promise<() => Buffer | Readable>;
}

const AT_ONCE = 2;
const TRIES = 4;
const FIRST_WAIT_MS = 200;

/** Brings the blobs there that are not; resolves to how many bytes were sent. After a failure none is on its way. */
export async function transferBlobs(
  target: ImageRepository,
  blobs: readonly NeededBlob[],
  signal: AbortSignal | undefined,
): Promise<number> {
  let sentBytes = 0;
  const failures: unknown[] = [];
  const open = blobs.values();
  const carry = async (): Promise<void> => {
    for (const blob of open) {
      if (failures.length > 0) return;
      sentBytes += await transferBlob(target, blob, signal);
    }
  };
  const carriers = Array.from({ length: AT_ONCE }, () => carry().catch((error: unknown) => failures.push(error)));
  await Promise.all(carriers);
  if (failures.length > 0) throw failures[0];
  return sentBytes;
}

/** Sending a blob twice is the same as once, so what became of a failed upload is asked for and, if need be, repeated. */
async function transferBlob(
  target: ImageRepository,
  { digest, size, mountFrom, open }: NeededBlob,
  signal: AbortSignal | undefined,
): Promise<number> {
  for (let attempt = 1; ; attempt += 1) {
    if (await target.hasBlob(digest)) return 0;
    try {
      if (attempt === 1 && mountFrom !== undefined && (await target.mountBlob(digest, mountFrom))) return 0;
      await target.writeBlob(digest, size, await open());
      return size;
    } catch (error) {
      if (attempt === TRIES || !isWorthAnother(error)) throw error;
      await sleep(Math.random() * FIRST_WAIT_MS * 2 ** attempt, undefined, { signal });
    }
  }
}

/** Lost, cut short (400, 416), its upload forgotten, or its repository not known there yet (404). */
function isWorthAnother(error: unknown): boolean {
  return error instanceof ProviderError && (error.mayBeDone || [400, 404, 416].includes(error.status ?? 0));
}
