import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { loadConfig } from '../../src/config/config.ts';
import { openHttpDoor, type HttpDoor, type HttpDoorSettings } from '../../src/http/http-door.ts';
import type { TurboBackend } from '../../src/turbobackend.ts';
import { openTurboBackend } from '../../src/wiring/wiring.ts';
import { makeTestHome } from './postgres.ts';

/** A service in this process, on a home of its own. */
export interface HttpService {
  readonly backend: TurboBackend;
  readonly door: HttpDoor;
  /** Another door to the same backend; closed with the service. */
  openDoor(settings: Partial<HttpDoorSettings>): Promise<HttpDoor>;
  /** Calls the service; a body is sent as JSON. */
  call(path: string, options?: CallOptions): Promise<Response>;
  /** Calls and reads the JSON of an answer with that status. */
  json<T>(status: number, path: string, options?: CallOptions): Promise<T>;
  close(): Promise<void>;
}

export interface CallOptions {
  readonly method?: string;
  readonly key?: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: unknown;
  readonly url?: string;
}

export async function openHttpService(): Promise<HttpService> {
  const home = await makeTestHome();
  const config = loadConfig({ TURBOBACKEND_HOME: join(home, 'state'), HOME: home });
  const backend = await openTurboBackend(config, { work: true, service: true });
  const bugs: unknown[] = [];
  const doors: HttpDoor[] = [];
  const keepBug = (error: unknown): void => void bugs.push(error);
  const openDoor: HttpService['openDoor'] = async (settings) => {
    const free = { host: '127.0.0.1', port: 0, requireKey: false, publicUrl: undefined, requestsPerMinute: 100_000 };
    const door = await openHttpDoor(backend, { ...free, version: '0.0.0', onBug: keepBug, ...settings });
    doors.push(door);
    return door;
  };
  const door = await openDoor({});
  const call: HttpService['call'] = (path, { url = door.url, ...options } = {}) => callHttp(`${url}${path}`, options);
  return {
    backend,
    door,
    openDoor,
    call,
    async json<T>(status: number, path: string, options?: CallOptions) {
      const response = await call(path, options);
      const text = await response.text();
      if (response.status !== status) throw new Error(`${path} answered ${response.status}: ${text}`);
      return JSON.parse(text) as T;
    },
    async close() {
      for (const opened of doors) await opened.close();
      await backend.close();
      await backend.down();
      await rm(home, { recursive: true, force: true });
      if (bugs.length > 0) throw new AggregateError(bugs, 'Errors that nobody foresaw');
    },
  };
}

export function callHttp(
  url: string,
  { method, key, headers, body }: Omit<CallOptions, 'url'> = {},
  signal?: AbortSignal,
): Promise<Response> {
  return fetch(url, {
    method: method ?? (body === undefined ? 'GET' : 'POST'),
    headers: {
      ...(key !== undefined && { authorization: `Bearer ${key}` }),
      ...(body !== undefined && { 'content-type': 'application/json' }),
      ...headers,
    },
    ...(body !== undefined && { body: JSON.stringify(body) }),
    ...(signal && { signal }),
  });
}
