import { lookup } from 'node:dns';
import { once } from 'node:events';
import { request as httpRequest, type IncomingMessage } from 'node:http';
import { request as httpsRequest } from 'node:https';
import { setTimeout as sleep } from 'node:timers/promises';
import { ProviderError } from '../../cloud/provider-error.ts';
import { addressOf } from '../../domain/loopback.ts';
import type { FlyEvent, FlyExit, FlyMachine } from './fly-answers.ts';

export interface MachineWatch {
  /** Where the backend answers, without a trailing slash. */
  readonly url: string;
  readonly withinMs: number;
  /** From when `/healthz` has answered. Default: 30 000, as then only the database is missing. */
  readonly readyWithinMs?: number;
  /** Undefined when it is gone. */
  readonly read: () => Promise<FlyMachine | undefined>;
  /** The machine as it was before the change whose effect is waited for; undefined when there was none. */
  readonly before: FlyMachine | undefined;
  /** What the change was answered with; undefined when nothing was changed. */
  readonly changed: FlyMachine | undefined;
  readonly signal: AbortSignal | undefined;
}

const FIRST_WAIT_MS = 150;
const LONGEST_WAIT_MS = 2000;
const PROBE_TIMEOUT_MS = 5000;
// Whose API never says that a machine has started is believed to have started it by then.
const STARTED_AFTER_MS = 3000;
const LOOKS_BEFORE_GIVEN_UP = 4;
const READY_WITHIN_MS = 30_000;

/**
 * Waits until `/healthz` and `/readyz` answer 200. Resolves to why they do not, or to undefined when they do; at once
 * when the machine has ended.
 */
export async function waitUntilServing(watch: MachineWatch): Promise<string | undefined> {
  const startedAt = performance.now();
  let deadline = startedAt + watch.withinMs;
  let problem = 'it did not start';
  let looksAtStopped = 0;
  for (let waitMs = FIRST_WAIT_MS; ; waitMs = Math.min(LONGEST_WAIT_MS, waitMs * 1.4)) {
    const seen = await look(watch);
    if (watch.signal?.aborted) return 'it was cancelled';
    if (seen === 'gone') return 'its machine is gone';
    const isNew = !isStillOld(seen, watch);
    looksAtStopped = isNew && seen?.state === 'stopped' ? looksAtStopped + 1 : 0;
    const end = isNew ? endOf(seen, watch, looksAtStopped) : undefined;
    if (end !== undefined) return end;
    if (isNew && mayServe(seen, performance.now() - startedAt)) {
      const found = await findProblem(watch);
      if (found === undefined) return undefined;
      problem = found;
      if (found.startsWith('/readyz'))
        deadline = Math.min(deadline, performance.now() + (watch.readyWithinMs ?? READY_WITHIN_MS));
    }
    if (performance.now() + waitMs > deadline) return `${problem} after ${Math.round(deadline - startedAt)} ms`;
    await sleep(waitMs, undefined, { signal: watch.signal }).catch(() => undefined);
  }
}

/** Not being told how the machine does is no reason to give it up: it may serve nevertheless. */
async function look({ read, signal }: MachineWatch): Promise<FlyMachine | 'gone' | undefined> {
  try {
    return (await read()) ?? 'gone';
  } catch (error) {
    if (signal?.aborted || (error instanceof ProviderError && error.mayBeDone)) return undefined;
    throw error;
  }
}

/** Until the new configuration is in place, what answers is the release before it. */
function isStillOld(machine: FlyMachine | undefined, { before, changed }: MachineWatch): boolean {
  if (['replacing', 'stopping', 'updating'].includes(machine?.state ?? '')) return true;
  if (!machine?.instance_id || !changed?.instance_id || !before?.instance_id) return false;
  return changed.instance_id !== before.instance_id && machine.instance_id === before.instance_id;
}

/** Why the machine will not serve any more; undefined while it may. */
function endOf(machine: FlyMachine | undefined, { before }: MachineWatch, looksAtStopped: number): string | undefined {
  const { state, events } = machine ?? {};
  if (state === 'destroyed' || state === 'destroying') return 'its machine is gone';
  if (state !== 'stopped' && state !== 'failed') return undefined;
  const exit = lastExit(events, newestOf(before?.events));
  if (exit && !exit.restarting) return describeExit(exit);
  if (state === 'failed') return 'its machine failed to start';
  return events === undefined && looksAtStopped >= LOOKS_BEFORE_GIVEN_UP ? 'its machine stopped' : undefined;
}

/** Of the events after `since`, unix milliseconds. */
function lastExit(events: readonly FlyEvent[] | undefined, since: number): FlyExit | undefined {
  const exits = (events ?? []).filter(({ type, timestamp = 0 }) => type === 'exit' && timestamp > since);
  const last = exits.toSorted((a, b) => (a.timestamp ?? 0) - (b.timestamp ?? 0)).at(-1);
  return last?.request?.MonitorEvent?.exit_event ?? last?.request?.exit_event;
}

function newestOf(events: readonly FlyEvent[] | undefined): number {
  return Math.max(0, ...(events ?? []).map(({ timestamp = 0 }) => timestamp));
}

function describeExit({ exit_code: code = 0, oom_killed: outOfMemory, requested_stop: asked }: FlyExit): string {
  if (outOfMemory) return 'it ran out of memory';
  return asked ? 'its machine was stopped' : `it ended with exit code ${code}`;
}

/** One that sleeps is woken by being asked. */
function mayServe(machine: FlyMachine | undefined, waitedMs: number): boolean {
  return ['started', 'stopped', 'suspended'].includes(machine?.state ?? '') || waitedMs >= STARTED_AFTER_MS;
}

async function findProblem({ url, signal }: MachineWatch): Promise<string | undefined> {
  for (const path of ['/healthz', '/readyz']) {
    const answered = await ask(`${url}${path}`, signal);
    if (answered !== 200) return `${path} answered ${answered}`;
  }
  return undefined;
}

/** On a connection of its own. Resolves to the status; to why there is none when nothing answers, or not yet. */
async function ask(url: string, signal: AbortSignal | undefined): Promise<number | string> {
  const open = url.startsWith('https:') ? httpsRequest : httpRequest;
  const timeout = AbortSignal.timeout(PROBE_TIMEOUT_MS);
  const request = open(url, {
    agent: false,
    lookup: (name, options, found) => lookup(addressOf(name), options, found),
    signal: signal ? AbortSignal.any([signal, timeout]) : timeout,
  });
  request.end();
  try {
    const [response] = (await once(request, 'response')) as [IncomingMessage];
    return response.statusCode ?? 'nothing';
  } catch (error) {
    const { code = 'ABORT_ERR' } = error as NodeJS.ErrnoException;
    return code === 'ABORT_ERR' ? 'nothing' : `nothing (${code})`;
  } finally {
    request.destroy();
  }
}

/** A machine that ended on its own account; one that was told to, or went to sleep, did not. */
export function hasCrashed({ state, events }: FlyMachine): boolean {
  if (state === 'failed') return true;
  if (state !== 'stopped') return false;
  const { exit_code: code = 0, oom_killed: outOfMemory = false, requested_stop: asked } = lastExit(events, 0) ?? {};
  return !asked && (outOfMemory || code !== 0);
}
