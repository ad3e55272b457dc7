import { once } from 'node:events';
import { link, mkdir, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { createServer, type AddressInfo } from 'node:net';
import { join } from 'node:path';
import { TurboError } from '../domain/errors.ts';
import { randomText } from '../domain/ids.ts';

export interface PortRange {
  readonly first: number;
  readonly last: number;
}

/**
 * Sets a port aside for the project by a file of the port's number, which only one process can make; the same port for
 * the same project unless `refused`. `root`: the folder of all deployments, each in a folder of its project's id.
 */
export async function reservePort(
  root: string,
  projectId: string,
  range: PortRange,
  refused?: number,
): Promise<number> {
  const folder = join(root, 'ports');
  await mkdir(folder, { recursive: true });
  const taken = await readReservations(root);
  const own = [...taken].find(([port, holder]) => holder === projectId && port !== refused);
  if (own) return own[0];
  for (let port = range.first; port <= range.last; port++) {
    if (taken.has(port) || port === refused || !(await isPortFree(port))) continue;
    if (await makeReservation(folder, port, projectId)) return port;
  }
  throw new TurboError('DEPLOY_FAILED', `No port from ${range.first} to ${range.last} is free on this machine`, {
    phase: 'deploy',
    fix: 'Delete projects that are no longer needed, or stop what else listens there.',
  });
}

export async function releasePort(root: string, port: number): Promise<void> {
  await rm(join(root, 'ports', String(port)), { force: true });
}

export async function isPortFree(port: number): Promise<boolean> {
  const server = createServer().listen({ port, host: '127.0.0.1', exclusive: true });
  try {
    await once(server, 'listening');
  } catch {
    return false;
  }
  server.close();
  await once(server, 'close');
  return true;
}

/** A port that the system has to spare, for the moment. */
export async function findFreePort(): Promise<number> {
  const server = createServer().listen({ port: 0, host: '127.0.0.1', exclusive: true });
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  server.close();
  await once(server, 'close');
  return port;
}

/** Ports and the projects that hold them. One whose project is gone, since a removal was cut short, is given back. */
async function readReservations(root: string): Promise<ReadonlyMap<number, string>> {
  const reservations = new Map<number, string>();
  for (const name of await readdir(join(root, 'ports'))) {
    if (!/^\d+$/.test(name)) continue;
    const projectId = await readFile(join(root, 'ports', name), 'utf8').catch(() => '');
    if (projectId !== '' && (await exists(join(root, projectId)))) reservations.set(Number(name), projectId);
    else await releasePort(root, Number(name));
  }
  return reservations;
}

/** By a link, so that the file says whose it is from its first moment. */
async function makeReservation(folder: string, port: number, projectId: string): Promise<boolean> {
  const draft = join(folder, `.${randomText(8)}`);
  await writeFile(draft, projectId);
  try {
    await link(draft, join(folder, String(port)));
    return true;
  } catch {
    return false;
  } finally {
    await rm(draft, { force: true });
  }
}

async function exists(path: string): Promise<boolean> {
  return stat(path).then(
    () => true,
    () => false,
  );
}
