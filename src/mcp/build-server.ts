import {
  type CallToolResult,
  McpServer,
  ProtocolError,
  ProtocolErrorCode,
  type ServerContext,
} from '@modelcontextprotocol/server';
import { abilitiesOf } from './client-abilities.ts';
import { instructionsFor } from './instructions.ts';
import type { McpAccess } from './mcp-access.ts';
import type { McpTool, ToolAnswer } from './mcp-tool.ts';
import { operationTools } from './operation-tools.ts';
import { addPrompts } from './prompts.ts';
import { addResources } from './resources.ts';
import { runTasks } from './run-tasks.ts';
import { serveTasks, type TaskBoard } from './task-board.ts';
import { failureAnswer } from './tool-failure.ts';

/** `modern` speaks the protocol's revision of 2026, `legacy` those before. */
export type ProtocolEra = 'legacy' | 'modern';

/** What a server offers besides its resources and prompts. */
export interface McpOffer {
  readonly tools: readonly McpTool[];
  readonly tasks: TaskBoard;
  /** Adds what else there is, before anybody connects. */
  readonly decorate: (mcp: McpServer) => void;
}

const LISTS_LAST_MS = 300_000;

export function offerFor(access: McpAccess): McpOffer {
  return { tools: operationTools(access), tasks: runTasks(access), decorate: () => undefined };
}

/** One server: for a connection, or for a single call where each comes by itself. */
export function buildServer(access: McpAccess, era: ProtocolEra, offer: McpOffer = offerFor(access)): McpServer {
  const mcp = new McpServer(
    { name: 'turbobackend', title: 'TurboBackend', version: access.version },
    {
      instructions: instructionsFor(access.view),
      capabilities: { tools: {} },
      cacheHints: { 'tools/list': { ttlMs: LISTS_LAST_MS, cacheScope: 'private' } },
    },
  );
  addTools(mcp, access, offer.tools);
  addResources(mcp, access);
  addPrompts(mcp, access);
  if (era === 'modern') serveTasks(mcp, offer.tasks);
  offer.decorate(mcp);
  return mcp;
}

/** Our own answers to `tools/list` and `tools/call`: the SDK's know neither tasks nor errors with a code. */
function addTools(mcp: McpServer, access: McpAccess, tools: readonly McpTool[]): void {
  const byName = new Map(tools.map((tool) => [tool.definition.name, tool]));
  mcp.server.setRequestHandler('tools/list', () => ({ tools: tools.map(({ definition }) => definition) }));
  mcp.server.setRequestHandler('tools/call', ({ params }, context) => {
    const tool = byName.get(params.name);
    if (!tool) throw new ProtocolError(ProtocolErrorCode.InvalidParams, `There is no tool ${params.name}`);
    // The SDK passes tasks through, but its types have not heard of them.
    return callTool(tool, params.arguments ?? {}, { mcp, context, access }) as Promise<CallToolResult>;
  });
  // The SDK's door for HTTP looks here for parameters that a call repeats in its headers.
  mcp.toolInputSchemaJson = (name) => byName.get(name)?.definition.inputSchema;
}

interface Calling {
  readonly mcp: McpServer;
  readonly context: ServerContext;
  readonly access: McpAccess;
}

async function callTool(
  tool: McpTool,
  input: Readonly<Record<string, unknown>>,
  { mcp, context: { mcpReq, http }, access }: Calling,
): Promise<ToolAnswer> {
  const client = abilitiesOf(mcpReq, mcp.server.getClientCapabilities());
  try {
    const answer = await tool.call(input, { request: mcpReq, http, client });
    if (tool.changesProjects) tellChange(mcp, access);
    return answer;
  } catch (error) {
    if (error instanceof ProtocolError) throw error;
    return failureAnswer(error, access.onBug);
  }
}

/** The list of resources has grown or shrunk. */
function tellChange(mcp: McpServer, { onProjectsChanged }: McpAccess): void {
  if (onProjectsChanged) onProjectsChanged();
  else mcp.sendResourceListChanged();
}
