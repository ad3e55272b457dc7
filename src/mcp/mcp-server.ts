import { serveStdio } from '@modelcontextprotocol/server/stdio';
import { buildServer } from './build-server.ts';
import type { McpAccess } from './mcp-access.ts';

export type { ServerCommand } from './client-configuration.ts';
export { installMcp, type McpClient } from './install-mcp.ts';
export type { McpAccess } from './mcp-access.ts';
export { mountMcp } from './mount-mcp.ts';

/** Speaks the protocol on this process's standard streams until `close`. */
export function serveMcpOverStdio(access: McpAccess): { close(): Promise<void> } {
  return serveStdio(({ era }) => buildServer(access, era), { onerror: access.onBug });
}
