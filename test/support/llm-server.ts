import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text as readText } from 'node:stream/consumers';
import { setTimeout as delay } from 'node:timers/promises';

/** What the server does with one request. */
export type LlmReply =
  /** An answer in the wire format of the path that was asked. */
  | {
      readonly text?: string;
      readonly toolCalls?: readonly { readonly name: string; readonly input: unknown }[];
      /** As chat completions have it: `stop`, `tool_calls`, `length`, `content_filter`. */
      readonly finish?: string;
      readonly usage?: LlmUsage;
      /** Encrypted reasoning, on the responses path alone. */
      readonly thoughts?: string;
      /** Waits before it answers. */
      readonly afterMs?: number;
    }
  | { readonly status: number; readonly headers?: Readonly<Record<string, string>>; readonly error?: unknown }
  /** A body of one's own, with status 200. */
  | { readonly body: string }
  /** Takes the request and never answers. */
  | { readonly stalls: true }
  /** Begins to answer and cuts the connection. */
  | { readonly breaksOff: true };

interface LlmUsage {
  readonly tokensIn: number;
  readonly tokensOut: number;
  readonly tokensCached?: number;
  /** US dollars; told as gateways do, and in xAI's ticks on its own path. */
  readonly costUsd?: number;
}

export interface LlmRequest {
  readonly path: string;
  readonly headers: IncomingMessage['headers'];
  /** Chat completions: `messages`, `tools` …; responses: `input` … */
  readonly body: Readonly<Record<string, unknown>>;
  /** The system text and all that was said since, for scripts that look at what they are asked. */
  readonly text: string;
}

export interface LlmServer extends AsyncDisposable {
  /** With the version: what goes into TURBOBACKEND_LLM_BASE_URL. */
  readonly url: string;
  readonly requests: readonly LlmRequest[];
}

/**
 * A model's server on loopback that answers from a script: one reply after the other, or what a function says to each
 * request. Speaks OpenAI's chat completions, and the responses API on its path, as OpenAI and xAI have it.
 */
export async function startLlmServer(
  script: readonly LlmReply[] | ((request: LlmRequest, index: number) => LlmReply),
): Promise<LlmServer> {
  const requests: LlmRequest[] = [];
  const replyTo =
    typeof script === 'function' ? script : (_: LlmRequest, index: number) => script[index] ?? OUT_OF_SCRIPT;
  const server = createServer((incoming, outgoing) => {
    void serve(incoming, outgoing, (request) => {
      requests.push(request);
      return replyTo(request, requests.length - 1);
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/v1`,
    requests,
    async [Symbol.asyncDispose]() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

const OUT_OF_SCRIPT: LlmReply = { status: 418, error: { message: 'The script has no reply left' } };

async function serve(
  incoming: IncomingMessage,
  outgoing: ServerResponse,
  replyTo: (request: LlmRequest) => LlmReply,
): Promise<void> {
  const sent = await readText(incoming);
  const path = incoming.url ?? '';
  const body = JSON.parse(sent) as Record<string, unknown>;
  const reply = replyTo({ path, headers: incoming.headers, body, text: sent });
  if ('stalls' in reply) return;
  if ('breaksOff' in reply) {
    outgoing.writeHead(200, { 'content-type': 'application/json', 'content-length': '5000' });
    outgoing.write('{"id":"half","choices":[{"mess', () => outgoing.destroy());
    return;
  }
  if ('afterMs' in reply) await delay(reply.afterMs);
  const [status, headers, answer] = inWireFormat(path, body, reply);
  outgoing.writeHead(status, { 'content-type': 'application/json', ...headers });
  outgoing.end(answer);
}

type Answer = Exclude<LlmReply, { stalls: true } | { breaksOff: true }>;

function inWireFormat(
  path: string,
  body: Readonly<Record<string, unknown>>,
  reply: Answer,
): readonly [number, Readonly<Record<string, string>>, string] {
  if ('body' in reply) return [200, {}, reply.body];
  if ('status' in reply) {
    return [
      reply.status,
      reply.headers ?? {},
      JSON.stringify({ error: reply.error ?? { message: 'refused by the script' } }),
    ];
  }
  const answer = path.endsWith('/responses') ? asResponse(body, reply) : asChatCompletion(body, reply);
  return [200, {}, JSON.stringify(answer)];
}

type Said = Extract<LlmReply, { text?: string }>;

const NO_USAGE: LlmUsage = { tokensIn: 100, tokensOut: 20 };

function asChatCompletion(
  body: Readonly<Record<string, unknown>>,
  { text, toolCalls, finish, usage = NO_USAGE }: Said,
): unknown {
  const calls = toolCalls?.map(({ name, input }, index) => ({
    id: `call_${index}_${name}`,
    type: 'function',
    function: { name, arguments: argumentsOf(input) },
  }));
  return {
    id: 'chatcmpl-script',
    object: 'chat.completion',
    created: 1,
    model: body['model'],
    choices: [
      {
        index: 0,
        message: { role: 'assistant', content: text ?? null, ...(calls && { tool_calls: calls }) },
        finish_reason: finish ?? (calls ? 'tool_calls' : 'stop'),
      },
    ],
    usage: {
      prompt_tokens: usage.tokensIn,
      completion_tokens: usage.tokensOut,
      total_tokens: usage.tokensIn + usage.tokensOut,
      prompt_tokens_details: { cached_tokens: usage.tokensCached ?? 0 },
      ...(usage.costUsd !== undefined && { cost: usage.costUsd }),
    },
  };
}

function asResponse(
  body: Readonly<Record<string, unknown>>,
  { text, thoughts, toolCalls, finish, usage = NO_USAGE }: Said,
): unknown {
  const incomplete = finish === 'length' ? 'max_output_tokens' : finish === 'content_filter' ? finish : undefined;
  const status = incomplete === undefined ? 'completed' : 'incomplete';
  const message = {
    type: 'message',
    id: 'msg_script',
    role: 'assistant',
    status,
    content: [{ type: 'output_text', text: text ?? '', annotations: [] }],
  };
  const reasoning = { type: 'reasoning', id: 'rs_script', summary: [], encrypted_content: thoughts, status };
  const calls = (toolCalls ?? []).map(({ name, input }, index) => ({
    type: 'function_call',
    id: `fc_${index}`,
    call_id: `call_${index}_${name}`,
    name,
    arguments: argumentsOf(input),
    status,
  }));
  return {
    id: 'resp_script',
    object: 'response',
    created_at: 1,
    model: body['model'],
    status,
    incomplete_details: incomplete === undefined ? null : { reason: incomplete },
    output: [...(thoughts === undefined ? [] : [reasoning]), ...(text === undefined ? [] : [message]), ...calls],
    usage: {
      input_tokens: usage.tokensIn,
      output_tokens: usage.tokensOut,
      total_tokens: usage.tokensIn + usage.tokensOut,
      input_tokens_details: { cached_tokens: usage.tokensCached ?? 0 },
      output_tokens_details: { reasoning_tokens: 0 },
      ...(usage.costUsd !== undefined && { cost_in_usd_ticks: Math.round(usage.costUsd * 1e10) }),
    },
  };
}

/** Text goes out as it is, so that a script can send arguments that are not JSON. */
function argumentsOf(input: unknown): string {
  return typeof input === 'string' ? input : JSON.stringify(input);
}
