import { setTimeout as sleep } from 'node:timers/promises';
import { noteHealthy } from './deploy-release.ts';
import type { FlyPlace } from './fly-place.ts';
import type { FlyMachine } from './fly-answers.ts';
import { machineConfig, STATE_KEY, stateOfMachine, type FlyRelease } from './machine-config.ts';
import { proveHealthy } from './prove-healthy.ts';
import { MACHINE_NAME } from './put-machine.ts';

const STOPPED_WITHIN_MS = 30_000;

/** Rejects with `DEPLOY_FAILED` when it does not become healthy. */
export async function startMachine(place: FlyPlace, machine: FlyMachine, release: FlyRelease): Promise<void> {
  const { api, app } = place;
  await api.cordonMachine(app, machine.id, false);
  const wasStopped = stateOfMachine(machine) === 'stopped';
  const changed = wasStopped ? await note(place, machine, release, 'healthy') : undefined;
  if (!changed) await api.startMachine(app, machine.id);
  await proveHealthy(place, { name: app, before: machine, changed, signal: undefined });
  if (!wasStopped) await noteHealthy(place, machine);
}

/** Resolves when it does not run. What is wanted comes first: whoever finds it half done knows where it was going. */
export async function stopMachine(place: FlyPlace, machine: FlyMachine, release: FlyRelease): Promise<void> {
  const { api, app } = place;
  await note(place, machine, release, 'stopped');
  // Or the next request would start it again.
  await api.cordonMachine(app, machine.id, true);
  await api.stopMachine(app, machine.id);
  await waitUntil(STOPPED_WITHIN_MS, async () => {
    const { state = 'stopped' } = (await api.readMachine(app, machine.id)) ?? {};
    return !['started', 'starting', 'stopping', 'replacing'].includes(state);
  });
}

/** Where metadata cannot be set by itself the configuration is put in place anew: resolves to what that answered. */
async function note(
  { api, app, region, marks }: FlyPlace,
  { id }: FlyMachine,
  release: FlyRelease,
  state: 'healthy' | 'stopped',
): Promise<FlyMachine | undefined> {
  if (await api.setMetadata(app, id, STATE_KEY, state)) return undefined;
  const config = machineConfig(release, marks, state);
  return api.updateMachine(app, id, { name: MACHINE_NAME, region, config, skip_launch: state === 'stopped' });
}

/** Gives up waiting after `withinMs`: what was asked for was accepted, and will come. */
export async function waitUntil(withinMs: number, isDone: () => Promise<boolean>): Promise<void> {
  const deadline = performance.now() + withinMs;
  for (let waitMs = 100; !(await isDone()) && performance.now() < deadline; waitMs = Math.min(1000, waitMs * 1.5)) {
    await sleep(waitMs);
  }
}
