import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import type { RunId } from '../domain/ids.ts';
import type { BackendRuntime } from '../machine/backend-runtime.ts';
import type { RunEngine } from '../engine/run-engine.ts';
import type { LocalSandboxProvider } from '../sandbox/local-sandbox.ts';
import type { UseCaseParts } from '../use-cases/use-case-parts.ts';

const GUARDING_MS = 5000;
const HOUSEKEEPING_MS = 60_000;
const COLLECTING_MS = 500;
const FORGETTING_MS = 3_600_000;
/** How long the engine's rows of an ended run stay at most; what became of it is on record for longer. */
const KEPT_DAYS = 30;

/** Adds the runs that a service has taken to the list, as it takes them. */
export async function collectRuns(engine: RunEngine, taken: RunId[], leaving: AbortSignal): Promise<void> {
  while (!leaving.aborted) {
    const carried = await engine.takeOver().catch(() => []);
    taken.push(...carried.filter((runId) => !taken.includes(runId)));
    await delay(COLLECTING_MS, undefined, { signal: leaving }).catch(() => undefined);
  }
}

/** Keeps projects' roles to their limits, until the process leaves. */
export async function guardCluster({ ports }: UseCaseParts, leaving: AbortSignal): Promise<void> {
  while (!leaving.aborted) {
    await ports.cluster.guard().catch(() => undefined);
    await delay(GUARDING_MS, undefined, { signal: leaving }).catch(() => undefined);
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

/** Drops what nobody needs any more, once an hour: a service runs for months. */
export async function forgetOldThings(
  { pool, ports }: UseCaseParts,
  { home, runtime, keepDays }: { readonly home: string; readonly runtime: BackendRuntime; readonly keepDays: number },
  leaving: AbortSignal,
): Promise<void> {
  const { forgetEndedRuns } = await import('../engine/forget-ended-runs.ts');
  const { forgetRecords } = await import('../store/forget-records.ts');
  const { forgetKeptValues } = await import('../pipeline/changes/forget-kept-values.ts');
  const { forgetOldRuntimes } = await import('../machine/forget-old-runtimes.ts');
  const roots = [join(home, 'projects'), join(home, 'deployments')];
  while (!leaving.aborted) {
    // The engine's first, which are found by the records of their runs.
    const engineDays = Math.min(KEPT_DAYS, keepDays);
    await forgetEndedRuns(pool, { olderThanDays: engineDays, signal: leaving })
      .then(() => forgetRecords(pool, { olderThanDays: keepDays }))
      .catch(() => undefined);
    await forgetKeptValues(pool, ports).catch(() => undefined);
    await forgetOldRuntimes({ home, runtime, roots }).catch(() => undefined);
    await delay(FORGETTING_MS, undefined, { signal: leaving }).catch(() => undefined);
  }
}
