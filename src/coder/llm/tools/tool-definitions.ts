import type { ToolDefinition } from '../../../llm/language-model.ts';
import { METHODS } from './endpoint-tool.ts';

const text = { type: 'string' } as const;

export interface Offer {
  /** Whether this machine can keep commands apart that a model wrote. */
  readonly commands: boolean;
  readonly database: boolean;
}

/** The tools of one run; the same in every turn, as they stand at the beginning of what providers cache. */
export function toolsFor(offer: Offer): readonly ToolDefinition[] {
  return [
    ...FILE_TOOLS,
    ...(offer.commands ? [RUN_COMMAND] : []),
    ...(offer.database ? [QUERY_DATABASE] : []),
    callEndpoint(offer),
    runTests(offer),
    FINISH,
  ];
}

const FILE_TOOLS: readonly ToolDefinition[] = [
  tool(
    'list_files',
    'The paths of all source files.',
    { folder: { ...text, description: 'Only those below it.' } },
    [],
  ),
  tool(
    'read_file',
    'The content of a file, cut after 8 KB.',
    {
      path: text,
      from_line: { type: 'integer', description: 'The first line wanted, from 1.' },
      line_count: { type: 'integer' },
    },
    ['path'],
  ),
  tool('write_file', 'Makes a file, or replaces all of it.', { path: text, content: text }, ['path', 'content']),
  tool(
    'edit_file',
    'Replaces a part of a file. old_text has to be in it exactly once, with the same spaces and line breaks.',
    { path: text, old_text: text, new_text: text },
    ['path', 'old_text', 'new_text'],
  ),
  tool('delete_file', 'Deletes a file.', { path: text }, ['path']),
];

const RUN_COMMAND = tool(
  'run_command',
  'Runs a line of sh in the project, for a minute at most: node, tsc, grep, ls. No network (so no npx, no npm install), no database, no secrets. Use run_tests for tests.',
  { command: text },
  ['command'],
);

const QUERY_DATABASE = tool(
  'query_database',
  'Runs one SELECT on the copy of the database that call_endpoint works on. Nothing can be changed this way.',
  { sql: text },
  ['sql'],
);

const FINISH = tool(
  'finish',
  'Says that everything is written. Runs the gates: openapi.json is made anew, types, SQL, tests, start, every endpoint. You get back what failed, or are done.',
  { summary: { ...text, description: 'One or two sentences for the user: what was added.' } },
  ['summary'],
);

function callEndpoint({ database }: Offer): ToolDefinition {
  const rows = database
    ? ' It works on a copy of the database, which is empty at first and stays from call to call.'
    : '';
  return tool(
    'call_endpoint',
    `Sends a request to the backend as it is written now.${rows}`,
    {
      method: { type: 'string', enum: METHODS },
      path: { ...text, description: 'With the query: /v1/posts?limit=2' },
      body: { description: 'Sent as JSON; a text as it is.' },
      headers: { type: 'object', description: '{"authorization": "Bearer …"}', additionalProperties: text },
    },
    ['method', 'path'],
  );
}

function runTests({ database }: Offer): ToolDefinition {
  const rows = database ? ' Empties the copy of the database that call_endpoint works on.' : '';
  return tool(
    'run_tests',
    `Runs the tests, or those of one file, for two minutes at most, and tells those that failed.${rows}`,
    { path: { ...text, description: 'test/salon.test.ts; all of them when left out.' } },
    [],
  );
}

function tool(
  name: string,
  description: string,
  properties: ToolDefinition['inputSchema'],
  required: readonly string[],
): ToolDefinition {
  return { name, description, inputSchema: { type: 'object', properties, required, additionalProperties: false } };
}
