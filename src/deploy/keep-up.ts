import { setTimeout as sleep } from 'node:timers/promises';
import type { ProjectId } from '../domain/ids.ts';
import type { Deployment } from './deploy-target.ts';

/** `dead` is what ended although nobody stopped it; `down or dead` has what `down` ended as well. */
export type Absence = 'dead' | 'down or dead';

export interface AbsentBackend {
  readonly projectId: ProjectId;
  readonly name: string;
}

/** A target whose backends nobody else starts again when they end, or the machine does. */
export interface RevivableTarget {
  /** What should run and does not. */
  listAbsent(which: Absence): Promise<readonly AbsentBackend[]>;
  /** Starts it; undefined when it runs by now, or was stopped. Rejects with `DEPLOY_FAILED`. */
  revive(projectId: ProjectId, which: Absence): Promise<Deployment | undefined>;
}

/** One backend that should run: where it does now, or why it does not. */
export interface Revival {
  readonly name: string;
  readonly url: string | undefined;
  readonly problem: string | undefined;
}

export interface KeepUpOptions {
  readonly signal: AbortSignal;
  /** Hears a line for every start and every failure to start. */
  readonly say: (line: string) => void;
  readonly pace?: Partial<typeof PACE>;
}

const PACE = {
  everyMs: 1000,
  firstWaitMs: 1000,
  longestWaitMs: 300_000,
  /** One that ran for so long has not been in a loop of crashes. */
  steadyMs: 60_000,
};

/** Starts everything that should run and does not, what `down` ended included; what cannot be started is told. */
export async function bringBackAll(target: RevivableTarget): Promise<readonly Revival[]> {
  const absent = await target.listAbsent('down or dead');
  const revivals = await Promise.all(absent.map((backend) => reviveOne(target, backend, 'down or dead')));
  return revivals.filter((revival) => revival !== undefined);
}

/**
 * Brings everything back, then starts until the signal whatever ends without being stopped. One that keeps ending, or
 * cannot be started, is tried again after 1, 2, 4 … seconds, at most 5 minutes.
 */
export async function keepUp(target: RevivableTarget, { signal, say, pace }: KeepUpOptions): Promise<void> {
  const patience = new Patience({ ...PACE, ...pace });
  for (const revival of await bringBackAll(target).catch(() => [])) say(lineOf(revival));
  while (!signal.aborted) {
    await sleep(patience.pace.everyMs, undefined, { signal }).catch(() => undefined);
    const absent = await target.listAbsent('dead').catch(() => []);
    const due = signal.aborted ? [] : absent.filter(({ projectId }) => patience.isDue(projectId));
    await Promise.all(due.map((backend) => startAgain(target, backend, patience, say)));
  }
}

async function startAgain(
  target: RevivableTarget,
  backend: AbsentBackend,
  patience: Patience,
  say: (line: string) => void,
): Promise<void> {
  const revival = await reviveOne(target, backend, 'dead');
  const waitMs = patience.note(backend.projectId);
  if (revival) say(`${lineOf(revival)} · if it ends again, the next try is in ${Math.round(waitMs / 1000)} s`);
}

async function reviveOne(
  target: RevivableTarget,
  { projectId, name }: AbsentBackend,
  which: Absence,
): Promise<Revival | undefined> {
  try {
    const deployment = await target.revive(projectId, which);
    return deployment && { name, url: deployment.url, problem: undefined };
  } catch (error) {
    return { name, url: undefined, problem: error instanceof Error ? error.message : String(error) };
  }
}

function lineOf({ name, url, problem }: Revival): string {
  return url === undefined
    ? `${name} could not be started: ${problem?.split('\n')[0]}`
    : `${name} runs again at ${url}`;
}

/** When each backend may be started next. */
class Patience {
  readonly pace: typeof PACE;
  readonly #tries = new Map<ProjectId, { readonly waitMs: number; readonly triedAt: number }>();

  constructor(pace: typeof PACE) {
    this.pace = pace;
  }

  isDue(projectId: ProjectId): boolean {
    const tried = this.#tries.get(projectId);
    return tried === undefined || performance.now() >= tried.triedAt + tried.waitMs;
  }

  /** Resolves to how long the next try has to wait, in milliseconds. */
  note(projectId: ProjectId): number {
    const { firstWaitMs, longestWaitMs, steadyMs } = this.pace;
    const before = this.#tries.get(projectId);
    const now = performance.now();
    const isLoop = before !== undefined && now - before.triedAt < before.waitMs + steadyMs;
    const waitMs = isLoop ? Math.min(2 * before.waitMs, longestWaitMs) : firstWaitMs;
    this.#tries.set(projectId, { waitMs, triedAt: now });
    return waitMs;
  }
}
