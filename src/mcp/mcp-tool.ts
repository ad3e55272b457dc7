import type { CallToolResult, InputRequiredResult, ServerContext, Tool } from '@modelcontextprotocol/server';
import type { ClientAbilities } from './client-abilities.ts';
import type { TaskHandle } from './task-board.ts';

/** What a call is answered with: the outcome, a question to the user, or a task that will have the outcome. */
export type ToolAnswer = CallToolResult | InputRequiredResult | (TaskHandle & { readonly resultType: 'task' });

/** A tool as it is listed and called. Whatever its call rejects with becomes an answer that says so. */
export interface McpTool {
  readonly definition: Tool;
  /** Whether there may be other projects after a call than before. */
  readonly changesProjects?: boolean;
  call(input: Readonly<Record<string, unknown>>, context: ToolContext): Promise<ToolAnswer>;
}

export interface ToolContext {
  readonly request: ServerContext['mcpReq'];
  /** Undefined where the call did not come by HTTP. */
  readonly http: ServerContext['http'];
  readonly client: ClientAbilities;
}
