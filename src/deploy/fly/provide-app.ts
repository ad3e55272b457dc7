import { setTimeout as sleep } from 'node:timers/promises';
import { getOrCreate } from '../../cloud/get-or-create.ts';
import { notOurs, ProviderError } from '../../cloud/provider-error.ts';
import type { FlyApp, FlyMachine } from './fly-answers.ts';
import type { FlyApi } from './fly-api.ts';
import { provideAddresses } from './public-addresses.ts';
import { unknownOrganization } from './explain-fly.ts';
import { isMarked, isOurs, type MachineMarks } from './machine-config.ts';

export interface AppOrder {
  /** Of the app, and of a private network of its own: it keeps projects apart, and tells that the app is ours. */
  readonly name: string;
  readonly org: string;
  readonly marks: MachineMarks;
}

// A new app is not known everywhere at once.
const APPEARS_WITHIN_MS = 10_000;

export interface ProvidedApp {
  readonly machines: readonly FlyMachine[];
  /** Whether it got an address just now. */
  readonly assigned: boolean;
}

/**
 * Finds the project's app or makes it, with its two public addresses. An app that is not ours is left alone: rejects
 * with `RESOURCE_NOT_OURS`.
 */
export async function provideApp(api: FlyApi, order: AppOrder): Promise<ProvidedApp> {
  const find = (): Promise<OwnApp | undefined> => findOwnApp(api, order);
  const create = (): Promise<OwnApp> => createApp(api, order);
  const { resource } = await getOrCreate(find, create).catch((error: unknown) => {
    if (isNameTaken(error)) throw foreign(order.name);
    throw isNotFound(error) ? unknownOrganization(order.org, error) : error;
  });
  const assigned = await provideAddresses(api, order, resource.machines.length > 0);
  return { machines: resource.machines, assigned };
}

interface OwnApp {
  readonly machines: readonly FlyMachine[];
}

/** Undefined when there is none of that name. Rejects with `RESOURCE_NOT_OURS` when it is not the project's. */
export async function findOwnApp(api: FlyApi, order: AppOrder): Promise<OwnApp | undefined> {
  const app = await api.findApp(order.name);
  if (app === undefined) return undefined;
  if (app === 'forbidden') {
    // Rejects when the token may see nothing at all: then the name is free, for all that we know.
    await api.findApps(order.org);
    throw foreign(order.name);
  }
  const machines = await api.listMachines(order.name);
  if (!isOwnApp(app, machines, order)) throw foreign(order.name);
  return { machines };
}

/** By its network, which only we name so; where that is not told, by its organization and what runs in it. */
function isOwnApp({ network, organization }: FlyApp, machines: readonly FlyMachine[], order: AppOrder): boolean {
  const own = machines.filter((machine) => isOurs(machine, order.marks));
  if (machines.some((machine) => !own.includes(machine) && isMarked(machine))) return false;
  if (own.length > 0 || network === order.name) return true;
  return !network && machines.length === 0 && (organization?.slug ?? order.org) === order.org;
}

async function createApp(api: FlyApi, order: AppOrder): Promise<OwnApp> {
  await api.createApp({ name: order.name, org_slug: order.org, network: order.name });
  const deadline = performance.now() + APPEARS_WITHIN_MS;
  for (let waitMs = 100; ; waitMs *= 2) {
    const made = await findOwnApp(api, order);
    if (made || performance.now() > deadline) return made ?? { machines: [] };
    await sleep(waitMs);
  }
}

/** Of a call that makes something in the organization. */
function isNotFound(error: unknown): boolean {
  return error instanceof ProviderError && error.status === 404;
}

function isNameTaken(error: unknown): boolean {
  if (!(error instanceof ProviderError)) return false;
  return error.code === 'name_taken' || (error.status === 422 && /already been taken/i.test(error.message));
}

function foreign(app: string): Error {
  return notOurs('Fly.io', `The app ${app}`, 'deploy');
}
