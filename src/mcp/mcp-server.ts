import type { Readable, Writable } from 'node:stream';
import { serveStdio } from '@modelcontextprotocol/server/stdio';
import { AnsweringTransport } from './answering-transport.ts';
import { buildServer } from './build-server.ts';
import type { McpAccess } from './mcp-access.ts';

export type { ServerCommand } from './client-configuration.ts';
export { installMcp, type McpClient } from './install-mcp.ts';
export type { McpAccess } from './mcp-access.ts';
export { mountMcp } from './mount-mcp.ts';

export interface StdioServer {
  /** Resolves when the client has gone: its input has ended and all it asked is answered, or nobody reads the answers. */
  readonly ended: Promise<void>;
  close(): Promise<void>;
}

/** Speaks the protocol on this process's standard streams until `close`. */
export function serveMcpOverStdio(
  access: McpAccess,
  streams: { readonly input: Readable; readonly output: Writable },
): StdioServer {
  const transport = new AnsweringTransport(streams.input, streams.output);
  const server = serveStdio(({ era }) => buildServer(access, era), { transport, onerror: access.onBug });
  return { ended: transport.answered, close: () => server.close() };
}
