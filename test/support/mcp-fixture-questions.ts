import {
  CLIENT_CAPABILITIES_META_KEY,
  type ElicitRequestFormParams,
  inputRequired,
  inputResponse,
  ProtocolError,
  ProtocolErrorCode,
} from '@modelcontextprotocol/server';
import type { McpTool, ToolContext } from '../../src/mcp/mcp-tool.ts';
import { type Call, text, tool } from './mcp-fixture-tool.ts';

// The tools of the conformance suite that ask before they answer.

export function capabilitiesOf({ envelope }: ToolContext['request']): Record<string, unknown> {
  return ((envelope as Record<string, unknown> | undefined)?.[CLIENT_CAPABILITIES_META_KEY] ?? {}) as Record<
    string,
    unknown
  >;
}

export function form(message: string, properties: object, required = Object.keys(properties)): ElicitRequestFormParams {
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

export const NAME_FORM = form('What is your name?', { name: { type: 'string' } });

type Answer = Extract<ReturnType<typeof inputResponse>, { kind: 'elicit' }>;

function sampling(prompt: string, maxTokens: number) {
  const messages = [{ role: 'user' as const, content: { type: 'text' as const, text: prompt } }];
  return inputRequired.createMessage({ messages, maxTokens });
}

const completed = ({ action, content }: Answer): string =>
  `Elicitation completed: action=${action}, content=${JSON.stringify(content ?? {})}`;

export function questionTools(): readonly McpTool[] {
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

const confirmed: Call = (_input, { request }) => {
  const answer = inputResponse(request.inputResponses, 'confirm');
  if (request.requestState() !== undefined) requireState(request, 'confirm');
  if (answer.kind === 'elicit') return text('state-ok');
  return inputRequired({ inputRequests: { confirm: inputRequired.elicit(CONFIRM_FORM) }, requestState: 'confirm' });
};

/** Questions with a state that goes to the client and back. */
export function statefulTools(): readonly McpTool[] {
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
