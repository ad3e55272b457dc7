import { TurboError } from '../../domain/errors.ts';
import type { Configuration, DeployRequest } from '../deploy-target.ts';
import { pushImage } from '../oci/push-image.ts';
import { revealAll } from '../release-secrets.ts';
import type { FlyMachine } from './fly-answers.ts';
import type { FlyApi, MachineOrder } from './fly-api.ts';
import type { FlyPlace } from './fly-place.ts';
import {
  fingerprintOf,
  machineConfig,
  releaseBefore,
  releaseOfMachine,
  STATE_KEY,
  stateOfMachine,
  type FlyRelease,
  type MachineState,
} from './machine-config.ts';
import { proveHealthy } from './prove-healthy.ts';
import { provideApp } from './provide-app.ts';
import { releaseSurplus } from './public-addresses.ts';
import { MACHINE_NAME, ourMachine, putMachine } from './put-machine.ts';
import { releaseImage, type ReleaseImage } from './release-image.ts';
import { restoreSecrets } from './restore-secrets.ts';

/** What there was before the deployment, for when it has to come back. */
interface Before {
  readonly machine: FlyMachine | undefined;
  /** The last release that is known to have been healthy. */
  readonly release: FlyRelease | undefined;
  readonly state: MachineState;
  /** Undefined where nobody told. */
  readonly secrets: ReadonlyMap<string, string | undefined> | undefined;
}

/**
 * Brings the release up on the project's machine, and the release before it back when it does not become healthy; each
 * step finds what an earlier, interrupted one left. Resolves to the machine.
 */
export async function deployRelease(place: FlyPlace, request: DeployRequest): Promise<FlyMachine> {
  const { app, marks } = place;
  const forward = { ...place, api: place.api.until(request.signal) };
  const image = await releaseImage(place.baseImage, request.files);
  const release = nameRelease(place, request, image.tag);
  const { machines, assigned } = await provideApp(forward.api, { name: app, org: place.org, marks });
  const machine = ourMachine(machines, marks);

  if (machine && runsHealthy(machine, release)) return leaveAlone(forward, request, machine);
  await pushReleaseImage(place, request, image);
  const before = await lookBefore(forward.api, app, machine, release);
  try {
    const changed = await bringUp(forward, request, release, before);
    // One address too many costs nothing; the deployment is not to fail by it.
    if (assigned) await releaseSurplus(place.api, app).catch(() => undefined);
    return changed;
  } catch (error) {
    throw await comeBack(place, request, before, place.tell(error));
  }
}

/** What both kinds of change are made with. */
type Change = Pick<DeployRequest, 'name' | 'secrets' | 'signal'> & { readonly withdrawn?: readonly string[] };

/**
 * Has the machine run what it runs with other secrets, and puts back what it had when it does not become healthy with
 * them. One that is stopped stays so.
 */
export async function configureRelease(
  place: FlyPlace,
  configuration: Configuration,
  machine: FlyMachine,
): Promise<void> {
  const { api, app, marks, registry } = place;
  const runs = releaseOfMachine(machine);
  if (!runs) return;
  const fingerprint = fingerprintOf(
    registry.password,
    { image: runs.image, sourceHash: runs.sourceHash },
    marks,
    configuration.secrets,
  );
  const release = { ...runs, fingerprint };
  const forward = { ...place, api: api.until(configuration.signal) };
  const before = await lookBefore(forward.api, app, machine, release);
  try {
    if (before.state !== 'stopped') await bringUp(forward, configuration, release, before);
    else await configureStopped(forward, configuration, release, machine);
  } catch (error) {
    throw await comeBack(place, configuration, before, place.tell(error));
  }
}

async function configureStopped(
  place: FlyPlace,
  configuration: Configuration,
  release: FlyRelease,
  machine: FlyMachine,
): Promise<void> {
  const { api, app, marks } = place;
  const version = await setSecrets(api, app, configuration);
  const order = orderOf(place, machineConfig(release, marks, 'stopped'), version);
  await api.updateMachine(app, machine.id, { ...order, skip_launch: true });
}

function nameRelease(place: FlyPlace, { sourceHash, secrets }: DeployRequest, tag: string): FlyRelease {
  const release = { image: `${new URL(place.registry.url).host}/${place.app}:${tag}`, sourceHash };
  return { ...release, fingerprint: fingerprintOf(place.registry.password, release, place.marks, secrets) };
}

function runsHealthy(machine: FlyMachine, release: FlyRelease): boolean {
  const runs = releaseOfMachine(machine)?.fingerprint === release.fingerprint;
  return runs && stateOfMachine(machine) === 'healthy' && machine.state !== 'failed';
}

/** Wakes it when it sleeps. The secrets are set again, as another deployment may have died after changing them. */
async function leaveAlone(place: FlyPlace, request: DeployRequest, machine: FlyMachine): Promise<FlyMachine> {
  await setSecrets(place.api, place.app, request);
  await proveHealthy(place, { name: request.name, before: machine, changed: undefined, signal: request.signal });
  return machine;
}

async function pushReleaseImage(place: FlyPlace, { signal }: DeployRequest, image: ReleaseImage): Promise<void> {
  const { app, baseImage, registry, cacheFolder, redactor } = place;
  await pushImage({ base: baseImage, registry, repository: app, cacheFolder, redactor, signal, ...image });
}

async function lookBefore(
  api: FlyApi,
  app: string,
  machine: FlyMachine | undefined,
  release: FlyRelease,
): Promise<Before> {
  if (!machine) return { machine, release: undefined, state: 'unproven', secrets: undefined };
  const state = stateOfMachine(machine);
  const runs = releaseOfMachine(machine);
  const secrets = runs?.fingerprint === release.fingerprint ? undefined : await api.readSecrets(app);
  if (state === 'unproven') return { machine, release: releaseBefore(machine), state: 'healthy', secrets };
  return { machine, release: runs, state, secrets };
}

async function bringUp(place: FlyPlace, request: Change, release: FlyRelease, before: Before): Promise<FlyMachine> {
  const { api, app, marks } = place;
  const version = await setSecrets(api, app, request);
  const config = machineConfig(release, marks, 'unproven', before.release);
  const changed = await putMachine(api, app, { order: orderOf(place, config, version), release, marks });
  if (before.machine && stateOfMachine(before.machine) !== 'healthy') await wake(place, before.machine, release);
  const { signal, name } = request;
  await proveHealthy(place, { name, before: before.machine, changed, signal });
  await noteHealthy(place, changed);
  return changed;
}

/** Resolves to the version that has them; undefined when there are none. */
async function setSecrets(api: FlyApi, app: string, { secrets, withdrawn = [] }: Change): Promise<number | undefined> {
  for (const name of withdrawn) await api.deleteSecret(app, name);
  const values = revealAll(secrets);
  return Object.keys(values).length === 0 ? undefined : api.setSecrets(app, values);
}

function orderOf({ region }: FlyPlace, config: MachineOrder['config'], version: number | undefined): MachineOrder {
  return { name: MACHINE_NAME, region, config, min_secrets_version: version };
}

/** It may have been stopped by its user, or been in the middle of that. */
async function wake({ api, app }: FlyPlace, machine: FlyMachine, release: FlyRelease): Promise<void> {
  await api.cordonMachine(app, machine.id, false);
  const wasLeft = releaseOfMachine(machine)?.fingerprint === release.fingerprint;
  if (wasLeft) await api.startMachine(app, machine.id);
}

/** A machine without the note is judged again by the next deployment, which is all that it costs when it is lost. */
export async function noteHealthy({ api, app }: FlyPlace, { id }: FlyMachine): Promise<void> {
  await api.setMetadata(app, id, STATE_KEY, 'healthy' satisfies MachineState).catch(() => undefined);
}

/** Resolves to the error that tells what went wrong and what runs now. */
async function comeBack(place: FlyPlace, request: Change, before: Before, error: TurboError): Promise<TurboError> {
  const outcome = await takeBack(place, request, before).catch(() =>
    before.release ? 'The release before it could not be started again.' : 'It could not be taken down again.',
  );
  if (outcome === undefined) return error;
  const { code, phase, fix } = error;
  return new TurboError(code, `${error.message}\n${outcome}`, { cause: error, phase, fix });
}

/** Resolves to what there is to tell about it. Goes on when the deployment was cancelled. */
async function takeBack(place: FlyPlace, request: Change, before: Before): Promise<string | undefined> {
  const { api, app, marks } = place;
  const now = ourMachine(await api.listMachines(app), marks);
  const { release, secrets, state } = before;
  const version = secrets && (await restoreSecrets(api, app, secrets, revealAll(request.secrets)));
  if (!release) {
    if (now) await api.deleteMachine(app, now.id);
    return undefined;
  }
  const wasLeft = now && releaseOfMachine(now)?.fingerprint === release.fingerprint;
  if (wasLeft && state === stateOfMachine(now)) return undefined;
  const stopped = state === 'stopped';
  const order = { ...orderOf(place, machineConfig(release, marks, state), version), skip_launch: stopped };
  const changed = await putBack(place, now, order);
  if (stopped) {
    await api.cordonMachine(app, changed.id, true);
    await api.stopMachine(app, changed.id);
    return 'The release before it is in place again, stopped as it was.';
  }
  await proveHealthy(place, { name: request.name, before: now, changed, signal: undefined });
  return 'The release before it runs again.';
}

async function putBack({ api, app }: FlyPlace, now: FlyMachine | undefined, order: MachineOrder): Promise<FlyMachine> {
  return now ? api.updateMachine(app, now.id, order) : api.createMachine(app, order);
}
