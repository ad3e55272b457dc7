import { SdkError, SdkErrorCode } from '@modelcontextprotocol/server';
import type { RunId } from '../domain/ids.ts';
import type { OwnerBackend } from '../turbobackend.ts';
import { whileRepeating, type Progress } from './progress.ts';

export interface Following {
  readonly waitMs: number;
  /** Aborts when the call was cancelled or its connection has gone. */
  readonly signal: AbortSignal;
  readonly cancelsWhenCut: () => boolean;
  readonly progress: Progress | undefined;
}

/** Resolves when the run has ended, the time is up or nobody waits any more. A cancelled call cancels the run. */
export async function followRun(
  backend: OwnerBackend,
  runId: RunId,
  { waitMs, signal, cancelsWhenCut, progress }: Following,
): Promise<void> {
  const stop = (): void => {
    if (isCut(signal.reason) && !cancelsWhenCut()) return;
    // There is nobody left to hear that it failed; the run's log tells what became of it.
    backend.cancel(runId).catch(() => undefined);
  };
  signal.addEventListener('abort', stop, { once: true });
  if (signal.aborted) stop();
  const enough = AbortSignal.any([signal, AbortSignal.timeout(waitMs)]);
  try {
    await whileRepeating(progress, async () => {
      for await (const event of backend.watch(runId, { signal: enough })) {
        progress?.show(event);
        if (event.type === 'run-ended') return;
      }
    });
  } finally {
    signal.removeEventListener('abort', stop);
  }
}

/** Whether a call ended because its connection did, rather than by its client's word. */
function isCut(reason: unknown): boolean {
  return reason instanceof SdkError && reason.code === SdkErrorCode.ConnectionClosed;
}
