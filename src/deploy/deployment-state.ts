import { readFile, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { randomText, type ProjectId } from '../domain/ids.ts';
import { isRunning, worksIn, type ProcessMark } from '../machine/host-process.ts';
import type { Deployment } from './deploy-target.ts';

/** Which files run with which variables. */
export interface Release {
  readonly sourceHash: string;
  readonly environment: Readonly<Record<string, string>>;
}

/** A server that was started. */
export interface ServerMark extends ProcessMark {
  /** Tells its processes from those of another start of the same project; missing in what older versions wrote down. */
  readonly serverId?: string;
}

export interface DeploymentState {
  readonly name: string;
  /** Kept for as long as the project is. */
  readonly port: number;
  /** The last release that was healthy; undefined until there is one. */
  readonly release: Release | undefined;
  /** What was started last, whether it runs or not, healthy or not yet. */
  readonly process: (ServerMark & { readonly sourceHash: string }) | undefined;
  /** What its user wants of it: `down` is to run again when everything is, `stopped` stays so until it is started. */
  readonly wanted: 'running' | 'down' | 'stopped';
}

/** Undefined when nothing was deployed. */
export async function readDeployment(folder: string): Promise<DeploymentState | undefined> {
  const state = await readJson<WrittenState>(fileIn(folder));
  if (state === undefined) return undefined;
  const { sourceHash, ...rest } = state;
  const environment = sourceHash && (await readJson<Release['environment']>(environmentFile(folder, sourceHash)));
  const wanted = rest.wanted ?? (rest.process ? 'running' : 'stopped');
  return { ...rest, wanted, release: sourceHash && environment ? { sourceHash, environment } : undefined };
}

/** As older versions wrote it, too. */
type WrittenState = Omit<DeploymentState, 'release' | 'wanted'> &
  Partial<Pick<DeploymentState, 'wanted'>> & { readonly sourceHash?: string };

/** Passwords go to a file of their own, so that the state can be looked at; both can be read by our own user alone. */
export async function writeDeployment(folder: string, { release, ...rest }: DeploymentState): Promise<void> {
  if (release) await writePrivately(environmentFile(folder, release.sourceHash), release.environment);
  await writePrivately(fileIn(folder), { ...rest, sourceHash: release?.sourceHash });
}

export async function forgetEnvironment(folder: string, sourceHash: string): Promise<void> {
  await rm(environmentFile(folder, sourceHash), { force: true });
}

/** Whether the release that is to run does run. */
export async function isUp(folder: string, { release, process }: DeploymentState): Promise<boolean> {
  return process?.sourceHash === release?.sourceHash && (await isOurs(folder, process));
}

/** Whether the process runs and is of this folder, not of the one that this is a copy of. */
export async function isOurs(folder: string, mark: ProcessMark | undefined): Promise<boolean> {
  return mark !== undefined && (await isRunning(mark)) && (await worksIn(mark.pid, folder)) !== false;
}

export async function describeDeployment(
  folder: string,
  projectId: ProjectId,
  state: DeploymentState,
): Promise<Deployment> {
  const up = await isUp(folder, state);
  return {
    projectId,
    status: up ? 'running' : state.wanted === 'running' ? 'dead' : 'stopped',
    url: urlOf(state.port),
    sourceHash: state.release?.sourceHash ?? '',
    externalId: up ? String(state.process?.pid) : '',
  };
}

export function urlOf(port: number): string {
  return `http://127.0.0.1:${port}`;
}

function fileIn(folder: string): string {
  return join(folder, 'deployment.json');
}

function environmentFile(folder: string, sourceHash: string): string {
  return join(folder, `environment-${sourceHash.slice(0, 16)}.json`);
}

async function readJson<T>(file: string): Promise<T | undefined> {
  try {
    return JSON.parse(await readFile(file, 'utf8')) as T;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw error;
  }
}

async function writePrivately(file: string, value: object): Promise<void> {
  const draft = `${file}.${randomText(8)}`;
  await writeFile(draft, `${JSON.stringify(value, undefined, 2)}\n`, { mode: 0o600, flush: true });
  await rename(draft, file);
}
