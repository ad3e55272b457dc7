import type { CallToolResult } from '@modelcontextprotocol/server';
import type { McpTool, ToolAnswer, ToolContext } from '../../src/mcp/mcp-tool.ts';

// What the tools of the conformance suite are made with.

export type Schema = McpTool['definition']['inputSchema'];
export type Call = (input: Readonly<Record<string, unknown>>, context: ToolContext) => ToolAnswer | Promise<ToolAnswer>;

const NO_INPUT: Schema = { type: 'object', properties: {} };

export function tool(name: string, call: Call, inputSchema: Schema = NO_INPUT): McpTool {
  return {
    definition: { name, description: `Part of the conformance suite: ${name}`, inputSchema },
    call: async (input, context) => call(input, context),
  };
}

export function text(content: string): CallToolResult {
  return { content: [{ type: 'text', text: content }] };
}
