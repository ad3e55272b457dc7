import type { AddressInfo } from 'node:net';
import { admitCallers, callerOf } from '../../src/http/admit-callers.ts';
import { guardHost } from '../../src/http/guard-host.ts';
import { newApp } from '../../src/http/new-app.ts';
import { mountMcp, type McpMount } from '../../src/mcp/mount-mcp.ts';
import type { TurboBackend } from '../../src/turbobackend.ts';

export interface McpDoor {
  readonly url: URL;
  /** Errors that nobody foresaw. */
  readonly bugs: readonly unknown[];
  close(): Promise<void>;
}

/** `/mcp` behind the guards of the HTTP API, and nothing else. */
export async function openMcpDoor(
  backend: TurboBackend,
  { requireKey = false, ...mount }: { readonly requireKey?: boolean } & Pick<McpMount, 'offer' | 'bus'> = {},
): Promise<McpDoor> {
  const bugs: unknown[] = [];
  const onBug = (error: unknown): void => void bugs.push(error);
  const app = newApp(onBug);
  guardHost(app, '127.0.0.1', undefined);
  admitCallers(app, backend, { requireKey, requestsPerMinute: 100_000 });
  mountMcp(app, { backend, version: '0.0.0', callerOf, onBug, ...mount });
  await app.listen({ host: '127.0.0.1', port: 0 });
  const address = app.server.address() as AddressInfo;
  return { url: new URL(`http://127.0.0.1:${address.port}/mcp`), bugs, close: () => app.close() };
}
