import { chown, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openDatabaseGate } from './database-gate.ts';
import type { AllowedNetwork } from './isolate-command.ts';
import { LOOPBACK, type Listener } from '../machine/listener.ts';
import { openRegistryProxy } from './registry-proxy.ts';
import type { UntrustedDatabase } from './untrusted-commands.ts';

export interface NetworkWish {
  readonly database: UntrustedDatabase | undefined;
  readonly registry: string | undefined;
  readonly listenPort: number | undefined;
}

/** What one command may reach, held open for as long as it runs. */
export interface OpenNetwork {
  readonly allowed: AllowedNetwork;
  /** How the command is told. */
  readonly environment: Readonly<Record<string, string>>;
  /** Where the registry waits as a socket, which takes a relay to be reached; undefined without one. */
  readonly registrySocket: string | undefined;
  close(): Promise<void>;
}

/** In a network of a command's own this is the only port there is. */
export const RELAY_PORT = 8118;
const POSTGRES_PORT = 5432;

/** Listens for what the command may reach. `alone`: in sockets of the file system, for a network of its own. */
export async function openNetwork(
  wish: NetworkWish,
  options: { readonly alone: boolean; readonly uid: number | undefined },
): Promise<OpenNetwork> {
  return options.alone ? openSockets(wish, options.uid) : openPorts(wish);
}

async function openSockets({ database, registry }: NetworkWish, uid: number | undefined): Promise<OpenNetwork> {
  const asked = database !== undefined || registry !== undefined;
  const folder = asked ? await mkdtemp(join(tmpdir(), 'turbobackend-')) : undefined;
  const listeners: Listener[] = [];
  const close = async (): Promise<void> => {
    await closeAll(listeners);
    if (folder !== undefined) await rm(folder, { recursive: true, force: true });
  };
  try {
    if (folder !== undefined && uid !== undefined) await chown(folder, uid, uid);
    const [postgres, registrySocket] = [`${folder}/.s.PGSQL.${POSTGRES_PORT}`, `${folder}/registry.sock`];
    if (database !== undefined) listeners.push(await openDatabaseGate(database, { path: postgres }));
    if (registry !== undefined) listeners.push(await openRegistryProxy(registry, { path: registrySocket }));
    return {
      allowed: { kind: 'own', socketFolder: folder },
      environment: {
        ...databaseVariables(database, folder ?? '', POSTGRES_PORT),
        ...registryVariables(registry, RELAY_PORT),
      },
      registrySocket: registry === undefined ? undefined : registrySocket,
      close,
    };
  } catch (error) {
    await close();
    throw error;
  }
}

async function openPorts({ database, registry, listenPort }: NetworkWish): Promise<OpenNetwork> {
  const listeners: Listener[] = [];
  const listen = async (listener: Promise<Listener> | undefined): Promise<number> => {
    if (listener === undefined) return 0;
    listeners.push(await listener);
    return (await listener).port;
  };
  try {
    const gatePort = await listen(database && openDatabaseGate(database, LOOPBACK));
    const proxyPort = await listen(registry === undefined ? undefined : openRegistryProxy(registry, LOOPBACK));
    const own = listenPort === undefined ? [] : [listenPort];
    return {
      allowed: { kind: 'shared', connect: [gatePort, proxyPort, ...own].filter((port) => port > 0), bind: own },
      environment: { ...databaseVariables(database, '127.0.0.1', gatePort), ...registryVariables(registry, proxyPort) },
      registrySocket: undefined,
      close: () => closeAll(listeners),
    };
  } catch (error) {
    await closeAll(listeners);
    throw error;
  }
}

async function closeAll(listeners: readonly Listener[]): Promise<void> {
  await Promise.all(listeners.map((listener) => listener.close()));
}

function databaseVariables(
  database: UntrustedDatabase | undefined,
  host: string,
  port: number,
): Readonly<Record<string, string>> {
  if (database === undefined) return {};
  // The way to the gate is not encrypted; the gate's own to the server is as the database asks.
  return { DB_HOST: host, DB_PORT: String(port), DB_NAME: database.database, DB_USER: database.user, DB_TLS: 'off' };
}

function registryVariables(registry: string | undefined, port: number): Readonly<Record<string, string>> {
  if (registry === undefined) return {};
  const proxy = `http://127.0.0.1:${port}`;
  return {
    npm_config_registry: registry,
    // With npm's own it takes minutes to say that it cannot.
    npm_config_fetch_retries: '1',
    HTTP_PROXY: proxy,
    HTTPS_PROXY: proxy,
    http_proxy: proxy,
    https_proxy: proxy,
  };
}
