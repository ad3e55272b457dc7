import type { z } from 'zod';
import type { RunId } from '../domain/ids.ts';
import type { OwnerBackend } from '../turbobackend.ts';
import { type runShape, runView } from './run-shapes.ts';

export interface RunWait {
  /** Events up to this seq are left out; default 0. */
  readonly afterSeq?: number;
  readonly waitSeconds: number;
  readonly signal: AbortSignal;
}

/** The run as it is when it has ended or the time is up. Rejects with `RUN_NOT_FOUND`. */
export async function showRunAfter(
  backend: OwnerBackend,
  runId: RunId,
  { afterSeq = 0, waitSeconds, signal }: RunWait,
): Promise<z.input<typeof runShape>> {
  const details = await backend.showRun(runId);
  if (details.result || waitSeconds === 0) return runView(details, afterSeq);
  const enough = AbortSignal.any([signal, AbortSignal.timeout(waitSeconds * 1000)]);
  for await (const event of backend.watch(runId, { afterSeq: details.events.at(-1)?.seq ?? 0, signal: enough })) {
    if (event.type === 'run-ended') break;
  }
  return runView(await backend.showRun(runId), afterSeq);
}
