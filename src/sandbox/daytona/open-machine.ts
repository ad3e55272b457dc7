import { setTimeout as sleep } from 'node:timers/promises';
import { INSTALLATION_MARK, PROJECT_MARK } from '../../cloud/external-name.ts';
import { getOrCreate } from '../../cloud/get-or-create.ts';
import { notOurs, ProviderError } from '../../cloud/provider-error.ts';
import { TurboError } from '../../domain/errors.ts';
import type { DaytonaApi, Machine, NewMachine } from './daytona-api.ts';

const FIRST_WAIT_MS = 100;
const LONGEST_WAIT_MS = 2000;
const ASLEEP = ['stopped', 'archived', 'paused'];
const FAILED = ['error', 'build_failed'];

/** The machine of that name, made when there is none, started and ours. Rejects with `RESOURCE_NOT_OURS` for another's. */
export async function openMachine(api: DaytonaApi, wanted: NewMachine, startMs: number): Promise<Machine> {
  const deadlineMs = performance.now() + startMs;
  const { resource, created } = await getOrCreate(
    () => findSettled(api, wanted, deadlineMs),
    () => api.create(wanted).catch((error: unknown) => orListed(api, wanted, error)),
  );
  if (!isMarked(resource, wanted.labels)) throw notOurs('Daytona', `The sandbox ${wanted.name}`, 'sandbox');
  try {
    return await untilStarted(api, resource, deadlineMs);
  } catch (error) {
    await removeFailed(api, resource.id, created).catch(() => undefined);
    throw error;
  }
}

/** Whether it was made for this project by this installation. */
export function isMarked({ labels }: Machine, wanted: NewMachine['labels']): boolean {
  return [PROJECT_MARK, INSTALLATION_MARK].every((mark) => labels?.[mark] === wanted[mark]);
}

/** Starts it when it sleeps and waits for it. Rejects with `SANDBOX_UNAVAILABLE` when it fails or is gone. */
export async function untilStarted(api: DaytonaApi, machine: Machine, deadlineMs: number): Promise<Machine> {
  let recovered = false;
  let now: Machine | undefined = machine;
  for (let waitMs = FIRST_WAIT_MS; ; waitMs = Math.min(waitMs * 1.5, LONGEST_WAIT_MS)) {
    if (now === undefined) throw unavailable(machine, 'it was removed while it was waited for');
    if (now.state === undefined || now.state === 'started') return now;
    if (FAILED.includes(now.state)) {
      if (recovered || now.recoverable !== true) throw failed(now);
      recovered = true;
      await api.recover(now.id);
    } else if (ASLEEP.includes(now.state)) {
      await api.start(now.id);
    }
    if (performance.now() > deadlineMs) throw unavailable(now, `it is still ${now.state}`);
    await sleep(waitMs);
    now = await api.find(machine.id);
  }
}

/** Resolves when the machine is gone for good, or after the time. */
export async function untilGone(api: DaytonaApi, id: string, deadlineMs: number): Promise<boolean> {
  for (let waitMs = FIRST_WAIT_MS; ; waitMs = Math.min(waitMs * 1.5, LONGEST_WAIT_MS)) {
    if ((await api.find(id)) === undefined) return true;
    if (performance.now() > deadlineMs) return false;
    await sleep(waitMs);
  }
}

/** The name of one that is on its way out is not free yet. */
async function findSettled(api: DaytonaApi, { name }: NewMachine, deadlineMs: number): Promise<Machine | undefined> {
  const found = await api.find(name);
  if (found?.state !== 'destroying') return found;
  await untilGone(api, found.id, deadlineMs);
  return undefined;
}

/** The name is taken, though perhaps by one that is on its way, or that is known by its id alone. */
async function orListed(api: DaytonaApi, wanted: NewMachine, error: unknown): Promise<Machine> {
  const listed = error instanceof ProviderError && error.status === 409 ? await api.findListed(wanted) : undefined;
  if (listed === undefined || listed.state === 'destroying') throw error;
  return listed;
}

/** What failed before anything was in it is of no use, and the next attempt is to find the name free. */
async function removeFailed(api: DaytonaApi, id: string, created: boolean): Promise<void> {
  const machine = await api.find(id);
  if (machine?.state === 'build_failed' || (created && machine?.state === 'error')) await api.delete(id);
}

function failed(machine: Machine): TurboError {
  return unavailable(machine, machine.errorReason || `its state is ${machine.state}`);
}

function unavailable({ name }: Machine, reason: string): TurboError {
  return new TurboError('SANDBOX_UNAVAILABLE', `The sandbox ${name} at Daytona did not start: ${reason}`, {
    phase: 'sandbox',
    fix: 'Run it again. If it stays like that, remove the sandbox at Daytona: another one is made then.',
  });
}
