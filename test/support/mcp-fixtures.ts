import { setTimeout as delay } from 'node:timers/promises';
import {
  type CallToolResult,
  type ElicitRequestFormParams,
  inputRequired,
  inputResponse,
  MissingRequiredClientCapabilityError,
  ProtocolError,
  ProtocolErrorCode,
  type ServerEventBus,
} from '@modelcontextprotocol/server';
import type { McpTool, ToolAnswer, ToolContext } from '../../src/mcp/mcp-tool.ts';
import { requireTasks } from '../../src/mcp/task-board.ts';
import { CLIENT_CAPABILITIES_META_KEY } from '@modelcontextprotocol/server';
import type { FixtureTasks, TaskWork } from './mcp-fixture-tasks.ts';
import { PIXEL_PNG, SILENT_WAV } from './mcp-fixture-media.ts';

// The tools that the conformance suite calls by name. They exist in tests alone.

type Schema = McpTool['definition']['inputSchema'];
type Call = (input: Readonly<Record<string, unknown>>, context: ToolContext) => ToolAnswer | Promise<ToolAnswer>;

const NO_INPUT: Schema = { type: 'object', properties: {} };

const NAME_FORM = form('What is your name?', { name: { type: 'string' } });

export function fixtureTools(tasks: FixtureTasks, bus: ServerEventBus): readonly McpTool[] {
  return [...contentTools(), ...streamTools(bus), ...questionTools(), ...statefulTools(), ...taskTools(tasks)];
}

function tool(name: string, call: Call, inputSchema: Schema = NO_INPUT): McpTool {
  return {
    definition: { name, description: `Part of the conformance suite: ${name}`, inputSchema },
    call: async (input, context) => call(input, context),
  };
}

function text(content: string): CallToolResult {
  return { content: [{ type: 'text', text: content }] };
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
    tool('test_tool_with_progress', async (_input, { request }) => {
      const progressToken = request._meta?.progressToken;
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

function capabilitiesOf({ envelope }: ToolContext['request']): Record<string, unknown> {
  return ((envelope as Record<string, unknown> | undefined)?.[CLIENT_CAPABILITIES_META_KEY] ?? {}) as Record<
    string,
    unknown
  >;
}

function form(message: string, properties: object, required = Object.keys(properties)): ElicitRequestFormParams {
  return { message, requestedSchema: { type: 'object', properties, required } } as ElicitRequestFormParams;
}

/** Asks once, and tells what the answer was. */
function asking(request: ElicitRequestFormParams, tell: (answer: Answer) => string): Call {
  return (_input, { request: { inputResponses } }) => {
    const answer = inputResponse(inputResponses, 'user_name');
    if (answer.kind === 'elicit') return text(tell(answer));
    return inputRequired({ inputRequests: { user_name: inputRequired.elicit(request) } });
  };
}

type Answer = Extract<ReturnType<typeof inputResponse>, { kind: 'elicit' }>;

function sampling(prompt: string, maxTokens: number) {
  const messages = [{ role: 'user' as const, content: { type: 'text' as const, text: prompt } }];
  return inputRequired.createMessage({ messages, maxTokens });
}

const completed = ({ action, content }: Answer): string =>
  `Elicitation completed: action=${action}, content=${JSON.stringify(content ?? {})}`;

function questionTools(): readonly McpTool[] {
  const user = {
    username: { type: 'string', description: "User's response" },
    email: { type: 'string', description: "User's email address" },
  };
  return [
    tool(
      'test_elicitation',
      (input, context) =>
        asking(form(String(input['message']), user), ({ action, content }) => {
          return `User response: action: ${action}, content: ${JSON.stringify(content ?? {})}`;
        })(input, context),
      { type: 'object', properties: { message: { type: 'string' } }, required: ['message'] },
    ),
    tool('test_elicitation_sep1034_defaults', asking(form('Your details', DEFAULTS, []), completed)),
    tool('test_elicitation_sep1330_enums', asking(form('Your choices', ENUMS, []), completed)),
    tool('test_streaming_elicitation', asking(NAME_FORM, completed)),
    tool(
      'test_sampling',
      ({ prompt }, { request }) => {
        const answer = inputResponse(request.inputResponses, 'answer');
        if (answer.kind !== 'sampling') {
          return inputRequired({ inputRequests: { answer: sampling(String(prompt), 100) } });
        }
        return text(`LLM response: ${JSON.stringify(answer.result.content)}`);
      },
      { type: 'object', properties: { prompt: { type: 'string' } }, required: ['prompt'] },
    ),
    tool(
      'test_input_required_result_elicitation',
      asking(NAME_FORM, ({ content }) => `Hello, ${String(content?.['name'])}!`),
    ),
    tool('test_input_required_result_sampling', (_input, { request }) => {
      const answer = inputResponse(request.inputResponses, 'capital_question');
      if (answer.kind === 'sampling') return text(JSON.stringify(answer.result.content));
      return inputRequired({ inputRequests: { capital_question: sampling('What is the capital of France?', 100) } });
    }),
    tool('test_input_required_result_list_roots', (_input, { request }) => {
      const answer = inputResponse(request.inputResponses, 'client_roots');
      if (answer.kind === 'roots') return text(JSON.stringify(answer.roots));
      return inputRequired({ inputRequests: { client_roots: inputRequired.listRoots() } });
    }),
    tool('test_input_required_result_capabilities', (_input, { request }) => {
      const can = capabilitiesOf(request);
      return inputRequired({
        inputRequests: {
          ...(can['elicitation'] !== undefined && { user_name: inputRequired.elicit(NAME_FORM) }),
          ...(can['sampling'] !== undefined && { greeting: sampling('Generate a greeting', 50) }),
        },
      });
    }),
  ];
}

const DEFAULTS = {
  name: { type: 'string', default: 'John Doe' },
  age: { type: 'integer', default: 30 },
  score: { type: 'number', default: 95.5 },
  status: { type: 'string', enum: ['active', 'inactive', 'pending'], default: 'active' },
  verified: { type: 'boolean', default: true },
};

const OPTIONS = ['option1', 'option2', 'option3'];

const titled = (label: string): readonly object[] => [
  { const: 'value1', title: `First ${label}` },
  { const: 'value2', title: `Second ${label}` },
  { const: 'value3', title: `Third ${label}` },
];

const ENUMS = {
  untitledSingle: { type: 'string', enum: OPTIONS },
  titledSingle: { type: 'string', oneOf: titled('Option') },
  legacyEnum: {
    type: 'string',
    enum: ['opt1', 'opt2', 'opt3'],
    enumNames: ['Option One', 'Option Two', 'Option Three'],
  },
  untitledMulti: { type: 'array', items: { type: 'string', enum: OPTIONS } },
  titledMulti: { type: 'array', items: { anyOf: titled('Choice') } },
};

const CONFIRM_FORM = form('Please confirm', { ok: { type: 'boolean' } });

/** Questions with a state that goes to the client and back. */
function statefulTools(): readonly McpTool[] {
  const confirmed: Call = (_input, { request }) => {
    const answer = inputResponse(request.inputResponses, 'confirm');
    if (request.requestState() !== undefined) requireState(request, 'confirm');
    if (answer.kind === 'elicit') return text('state-ok');
    return inputRequired({ inputRequests: { confirm: inputRequired.elicit(CONFIRM_FORM) }, requestState: 'confirm' });
  };
  return [
    tool('test_input_required_result_request_state', confirmed),
    tool('test_input_required_result_tampered_state', confirmed),
    tool('test_input_required_result_multiple_inputs', (_input, { request: { inputResponses = {} } }) => {
      const inputRequests = {
        user_name: inputRequired.elicit(NAME_FORM),
        greeting: sampling('Generate a greeting', 50),
        client_roots: inputRequired.listRoots(),
      };
      if (Object.keys(inputRequests).every((key) => key in inputResponses)) return text('All of it came');
      return inputRequired({ inputRequests, requestState: 'multiple' });
    }),
    tool('test_input_required_result_multi_round', (_input, { request }) => {
      const { inputResponses } = request;
      if (inputResponse(inputResponses, 'step2').kind === 'elicit') return text('Both steps were taken');
      if (inputResponse(inputResponses, 'step1').kind === 'elicit') {
        const color = form('Step 2: What is your favorite color?', { color: { type: 'string' } });
        return inputRequired({ inputRequests: { step2: inputRequired.elicit(color) }, requestState: 'round-2' });
      }
      const name = form('Step 1: What is your name?', { name: { type: 'string' } });
      return inputRequired({ inputRequests: { step1: inputRequired.elicit(name) }, requestState: 'round-1' });
    }),
  ];
}

function requireState(request: ToolContext['request'], expected: string): void {
  if (request.requestState() === expected) return;
  throw new ProtocolError(ProtocolErrorCode.InvalidParams, 'The request state is not ours');
}

function taskTools(tasks: FixtureTasks): readonly McpTool[] {
  const onlyAsTask =
    (work: (task: TaskWork) => Promise<CallToolResult>): Call =>
    (_input, { request }) => {
      requireTasks({ mcpReq: request });
      return tasks.begin(work);
    };
  const question = (message: string): object => ({
    method: 'elicitation/create',
    params: { mode: 'form', ...form(message, { ok: { type: 'boolean' } }) },
  });
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
      onlyAsTask(async ({ ask }) => {
        await ask({ confirm: question('Delete it?') });
        return text('Deleted');
      }),
    ),
    tool(
      'multi_input',
      onlyAsTask(async ({ ask }) => {
        await ask({ first: question('The first?'), second: question('The second?') });
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
