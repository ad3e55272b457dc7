import { setTimeout as delay } from 'node:timers/promises';
import {
  type CallToolResult,
  inputRequired,
  inputResponse,
  MissingRequiredClientCapabilityError,
  type ServerEventBus,
} from '@modelcontextprotocol/server';
import type { McpTool } from '../../src/mcp/mcp-tool.ts';
import { requireTasks } from '../../src/mcp/task-board.ts';
import { PIXEL_PNG, SILENT_WAV } from './mcp-fixture-media.ts';
import { capabilitiesOf, form, NAME_FORM, questionTools, statefulTools } from './mcp-fixture-questions.ts';
import type { FixtureTasks, TaskWork } from './mcp-fixture-tasks.ts';
import { type Call, type Schema, text, tool } from './mcp-fixture-tool.ts';

// The tools that the conformance suite calls by name. They exist in tests alone.

export function fixtureTools(tasks: FixtureTasks, bus: ServerEventBus): readonly McpTool[] {
  return [...contentTools(), ...streamTools(bus), ...questionTools(), ...statefulTools(), ...taskTools(tasks)];
}

function contentTools(): readonly McpTool[] {
  const image = { type: 'image', data: PIXEL_PNG, mimeType: 'image/png' } as const;
  return [
    tool('test_simple_text', () => text('This is a simple text response for testing.')),
    tool('test_image_content', () => ({ content: [image] })),
    tool('test_audio_content', () => ({ content: [{ type: 'audio', data: SILENT_WAV, mimeType: 'audio/wav' }] })),
    tool('test_embedded_resource', () => ({
      content: [
        {
          type: 'resource',
          resource: {
            uri: 'test://embedded-resource',
            mimeType: 'text/plain',
            text: 'This is an embedded resource content.',
          },
        },
      ],
    })),
    tool('test_multiple_content_types', () => ({
      content: [
        { type: 'text', text: 'Multiple content types test:' },
        image,
        {
          type: 'resource',
          resource: {
            uri: 'test://mixed-content-resource',
            mimeType: 'application/json',
            text: '{"test":"data","value":123}',
          },
        },
      ],
    })),
    tool('test_error_handling', () => ({
      ...text('This tool intentionally returns an error for testing'),
      isError: true,
    })),
    tool('json_schema_2020_12_tool', () => text('ok'), RICH_SCHEMA),
    tool('test_headers', ({ region }) => text(String(region)), {
      type: 'object',
      properties: { region: { type: 'string', 'x-mcp-header': 'Region' } },
      required: ['region'],
    }),
    tool('greet', ({ name }) => text(`Hello, ${String(name)}!`), {
      type: 'object',
      properties: { name: { type: 'string' } },
    }),
  ];
}

const RICH_SCHEMA: Schema = {
  $schema: 'https://json-schema.org/draft/2020-12/schema',
  type: 'object',
  $defs: {
    address: {
      $anchor: 'addressDef',
      type: 'object',
      properties: { street: { type: 'string' }, city: { type: 'string' } },
    },
  },
  properties: {
    name: { type: 'string' },
    address: { $ref: '#/$defs/address' },
    contactMethod: { type: 'string', enum: ['phone', 'email'] },
    phone: { type: 'string' },
    email: { type: 'string' },
  },
  allOf: [{ anyOf: [{ required: ['phone'] }, { required: ['email'] }] }],
  if: { properties: { contactMethod: { const: 'phone' } }, required: ['contactMethod'] },
  // oxlint-disable-next-line unicorn/no-thenable -- a keyword of JSON Schema
  then: { required: ['phone'] },
  else: { required: ['email'] },
  additionalProperties: false,
};

function streamTools(bus: ServerEventBus): readonly McpTool[] {
  return [
    tool('test_tool_with_logging', async (_input, { request }) => {
      await request.log('info', 'Tool execution started');
      await delay(50);
      await request.log('info', 'Tool processing data');
      await delay(50);
      await request.log('info', 'Tool execution completed');
      return text('Logged three messages');
    }),
    tool('test_logging_tool', async (_input, { request }) => {
      await request.log('info', 'A message that only those hear who want it');
      return text('Logged');
    }),
    tool('test_tool_with_progress', async (_input, { request: { _meta: meta, ...request } }) => {
      const progressToken = meta?.progressToken;
      for (const progress of [0, 50, 100]) {
        if (progress > 0) await delay(50);
        if (progressToken === undefined) continue;
        await request.notify({ method: 'notifications/progress', params: { progressToken, progress, total: 100 } });
      }
      return text('Made progress');
    }),
    tool('test_reconnection', async (_input, { http }) => {
      http?.closeSSE?.();
      await delay(200);
      return text('Said after the stream was closed');
    }),
    tool('test_trigger_tool_change', () => {
      bus.publish({ kind: 'tools_list_changed' });
      return text('Told');
    }),
    tool('test_trigger_prompt_change', () => {
      bus.publish({ kind: 'prompts_list_changed' });
      return text('Told');
    }),
    tool('test_missing_capability', (_input, { request }) => {
      if (capabilitiesOf(request)['sampling'] === undefined) {
        throw new MissingRequiredClientCapabilityError({ requiredCapabilities: { sampling: {} } });
      }
      return text('The client can sample');
    }),
  ];
}

function taskTools(tasks: FixtureTasks): readonly McpTool[] {
  const onlyAsTask =
    (work: (task: TaskWork) => Promise<CallToolResult>): Call =>
    (_input, { request }) => {
      requireTasks({ mcpReq: request });
      return tasks.begin(work);
    };
  return [
    tool(
      'slow_compute',
      ({ seconds }, { client, request }) => {
        const compute = async (signal: AbortSignal): Promise<CallToolResult> => {
          await delay(Number(seconds) * 1000, undefined, { signal });
          return text(`Computed for ${String(seconds)} s`);
        };
        return client.canWait ? tasks.begin(({ signal }) => compute(signal)) : compute(request.signal);
      },
      { type: 'object', properties: { seconds: { type: 'number' }, label: { type: 'string' } } },
    ),
    tool(
      'failing_job',
      onlyAsTask(async () => {
        await delay(1000);
        return { ...text('This job always fails'), isError: true };
      }),
    ),
    tool(
      'protocol_error_job',
      onlyAsTask(() => Promise.reject(new Error('This job ends in an error of the protocol'))),
    ),
    tool(
      'confirm_delete',
      onlyAsTask(async (task) => {
        await task.ask({ confirm: question('Delete it?') });
        return text('Deleted');
      }),
    ),
    tool(
      'multi_input',
      onlyAsTask(async (task) => {
        await task.ask({ first: question('The first?'), second: question('The second?') });
        return text('Both were answered');
      }),
    ),
    tool('test_tool_with_task', (_input, { request }) => {
      requireTasks({ mcpReq: request });
      const answer = inputResponse(request.inputResponses, 'user_name');
      if (answer.kind !== 'elicit') {
        return inputRequired({ inputRequests: { user_name: inputRequired.elicit(NAME_FORM) } });
      }
      return tasks.begin(() => Promise.resolve(text(`Hello, ${String(answer.content?.['name'])}!`)));
    }),
  ];
}

function question(message: string): object {
  const params = { mode: 'form', ...form(message, { ok: { type: 'boolean' } }) };
  return { method: 'elicitation/create', params };
}
