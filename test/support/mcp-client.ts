import assert from 'node:assert/strict';
import { join } from 'node:path';
import { type CallToolResult, Client, type ClientOptions, type Transport } from '@modelcontextprotocol/client';
import { StdioClientTransport } from '@modelcontextprotocol/client/stdio';

const LAUNCHER = new URL('../../bin/turbobackend.mjs', import.meta.url).pathname;
const LONGEST_CALL_MS = 120_000;

export interface ConnectOptions {
  readonly era?: 'auto' | 'legacy';
  /** How the user answers a question; without it the client cannot ask. */
  readonly answer?: (message: string) => {
    readonly action: 'accept' | 'decline';
    readonly content?: { confirm: string };
  };
}

/** The protocol's own client, spoken to as an editor does. */
export async function connectMcp(transport: Transport, { era = 'auto', answer }: ConnectOptions = {}): Promise<Client> {
  const options: ClientOptions = {
    capabilities: answer ? { elicitation: { form: {} } } : {},
    versionNegotiation: { mode: era },
  };
  const client = new Client({ name: 'a-test', version: '1.0.0' }, options);
  if (answer) client.setRequestHandler('elicitation/create', ({ params }) => answer(params.message));
  await client.connect(transport);
  return client;
}

/** `turbobackend mcp` as a process of its own, with the state of a test home. */
export function stdioTransport(homeFolder: string, ...args: readonly string[]): StdioClientTransport {
  return new StdioClientTransport({
    command: process.execPath,
    args: [LAUNCHER, 'mcp', ...args],
    env: { PATH: process.env['PATH'] ?? '', HOME: homeFolder, TURBOBACKEND_HOME: join(homeFolder, 'state') },
    stderr: 'pipe',
  });
}

export interface CallOptions {
  readonly signal?: AbortSignal;
  readonly onprogress?: (progress: { readonly progress: number; readonly message?: string | undefined }) => void;
}

/** Calls a tool whose answer is no failure; resolves to what it answers with, for programs. */
export async function callOk<T = Record<string, unknown>>(
  client: Client,
  name: string,
  input: Record<string, unknown> = {},
  options: CallOptions = {},
): Promise<T> {
  const answer = await callTool(client, name, input, options);
  assert.equal(answer.isError ?? false, false, textOf(answer));
  return answer.structuredContent as T;
}

/** Calls a tool whose answer is a failure; resolves to its code, message and fix. */
export async function callFailed(
  client: Client,
  name: string,
  input: Record<string, unknown>,
): Promise<{ readonly code: string; readonly message: string; readonly fix: string }> {
  const answer = await callTool(client, name, input);
  assert.equal(answer.isError, true, textOf(answer));
  const { _meta: meta } = answer;
  return meta?.['turbobackend/error'] as { code: string; message: string; fix: string };
}

export async function callTool(
  client: Client,
  name: string,
  input: Record<string, unknown>,
  options: CallOptions = {},
): Promise<CallToolResult> {
  return client.callTool({ name, arguments: input }, { ...options, timeout: LONGEST_CALL_MS });
}

export function textOf({ content }: CallToolResult): string {
  return content.map((block) => (block.type === 'text' ? block.text : '')).join('\n');
}
