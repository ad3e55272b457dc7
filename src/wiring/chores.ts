import { setTimeout as delay } from 'node:timers/promises';
import type { RunId } from '../domain/ids.ts';
import type { RunEngine } from '../engine/run-engine.ts';
import type { LocalSandboxProvider } from '../sandbox/local-sandbox.ts';
import type { UseCaseParts } from '../use-cases/use-case-parts.ts';

const HOUSEKEEPING_MS = 60_000;
const COLLECTING_MS = 500;

/** Adds the runs that a service has taken to the list, as it takes them. */
export async function collectRuns(engine: RunEngine, taken: RunId[], leaving: AbortSignal): Promise<void> {
  while (!leaving.aborted) {
    const carried = await engine.takeOver().catch(() => []);
    taken.push(...carried.filter((runId) => !taken.includes(runId)));
    await delay(COLLECTING_MS, undefined, { signal: leaving }).catch(() => undefined);
  }
}

/** Cleans up what crashes left, at once and then every minute, until the process leaves. */
export async function keepHouse(
  parts: UseCaseParts,
  sandboxes: LocalSandboxProvider,
  leaving: AbortSignal,
): Promise<void> {
  const { finishRemovals } = await import('../use-cases/remove-project.ts');
  while (!leaving.aborted) {
    // What cannot be done now is tried again in a minute, by us or by the next process; `doctor` tells what is left.
    await finishRemovals(parts).catch(() => undefined);
    await parts.ports.cluster.sweep().catch(() => undefined);
    await sandboxes.sweep().catch(() => undefined);
    await delay(HOUSEKEEPING_MS, undefined, { signal: leaving }).catch(() => undefined);
  }
}
