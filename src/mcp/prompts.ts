import { completable, type GetPromptResult, type McpServer } from '@modelcontextprotocol/server';
import { z } from 'zod';
import type { McpAccess } from './mcp-access.ts';
import { completeProject } from './resources.ts';

/** Beginnings of conversations that a user can choose. */
export function addPrompts(mcp: McpServer, access: McpAccess): void {
  const project = completable(z.string().describe("The project's name"), (start) => completeProject(access, start));
  if (!access.view.readOnly && access.view.project === undefined) addNewBackend(mcp);
  mcp.registerPrompt(
    'debug_backend',
    {
      title: 'Find out what is wrong',
      description: 'Looks into a backend that does not do what it should',
      argsSchema: z.object({ project, symptom: z.string().describe('What goes wrong, as you see it') }),
    },
    ({ project: name, symptom }) =>
      asked(
        `Something is wrong with the backend of the project ${name}: ${symptom}\n` +
          'Look at get_project, get_logs, get_schema and get_api_document, repeat the failing request with call_endpoint ' +
          'and compare with the data by run_sql. Say what you found and where, with the evidence, before you propose a change.',
      ),
  );
  mcp.registerPrompt(
    'review_schema',
    {
      title: 'Review the schema',
      description: "Judges the tables of a project's database",
      argsSchema: z.object({ project }),
    },
    ({ project: name }) =>
      asked(
        `Review the database schema of the project ${name}, which get_schema shows: missing constraints, wrong types, ` +
          'relations without an index, what will hurt as it grows. Name table and column for every finding, the worst first.',
      ),
  );
}

function addNewBackend(mcp: McpServer): void {
  mcp.registerPrompt(
    'new_backend',
    {
      title: 'Build a backend',
      description: 'Turns an idea into a running backend, with a plan first',
      argsSchema: z.object({ idea: z.string().describe('What the backend is for') }),
    },
    ({ idea }) =>
      asked(
        `Build a backend for this: ${idea}\n` +
          'First call plan_backend and show me its tables in a few words. When I agree, call create_backend with the same ' +
          'prompt, follow the run to its end, and show me the address and one request that I can try.',
      ),
  );
}

function asked(text: string): GetPromptResult {
  return { messages: [{ role: 'user', content: { type: 'text', text } }] };
}
