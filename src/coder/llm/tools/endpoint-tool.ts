import type { RunningCommand } from '../../../sandbox/sandbox.ts';
import { brief, untrusted } from '../../model-text.ts';
import { InvalidInput, type ToolInput } from './tool-input.ts';
import { failure, refusal, type ToolOutcome } from './tool-outcome.ts';
import type { Workbench } from './workbench.ts';

export const METHODS: readonly string[] = ['GET', 'POST', 'PUT', 'PATCH', 'DELETE', 'HEAD', 'OPTIONS'];
const ANSWER_MS = 15_000;
const LONGEST_ANSWER_BYTES = 64 * 1024;

/** Sends one request to the backend in the sandbox, and to nothing else. */
export async function callEndpoint(bench: Workbench, input: ToolInput, signal: AbortSignal): Promise<ToolOutcome> {
  const method = input.text('method').toUpperCase();
  const path = input.text('path');
  const told = brief(`${method} ${path}`);
  if (!METHODS.includes(method)) return failure(told, `method has to be one of ${METHODS.join(', ')}.`);
  const { url, command } = await bench.backend();
  const address = URL.parse(path, url);
  if (!path.startsWith('/') || address?.origin !== new URL(url).origin) {
    return refusal(told, 'path has to begin with a slash and stay with the backend');
  }
  try {
    const request = { method, headers: headersIn(input), body: input.value('body') };
    const { status, headers, text } = await send(address, request, signal);
    const log = status >= 500 ? `\n${untrusted('log', lastLines(command))}` : '';
    return { output: `${status}\n${untrusted('answer', `${headers}${text}`)}${log}`, told: `${told} → ${status}` };
  } catch (error) {
    signal.throwIfAborted();
    const why = error instanceof Error && error.name === 'TimeoutError' ? `none in ${ANSWER_MS} ms` : 'it does not run';
    return failure(`${told} → no answer`, `No answer: ${why}.\n${untrusted('log', lastLines(command))}`);
  }
}

interface Sent {
  readonly method: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: unknown;
}

function headersIn(input: ToolInput): Record<string, string> {
  const given = input.value('headers') ?? {};
  if (typeof given !== 'object' || Array.isArray(given)) throw new InvalidInput('headers has to be an object of texts');
  const headers = new Headers();
  for (const [name, value] of Object.entries(given)) {
    try {
      headers.set(name, typeof value === 'string' ? value : JSON.stringify(value));
    } catch {
      throw new InvalidInput(`${JSON.stringify(name)} with this value is no header`);
    }
  }
  return Object.fromEntries(headers);
}

async function send(address: URL, { method, headers, body }: Sent, signal: AbortSignal) {
  const given = body !== undefined && body !== null && method !== 'GET' && method !== 'HEAD';
  const response = await fetch(address, {
    method,
    redirect: 'manual',
    signal: AbortSignal.any([signal, AbortSignal.timeout(ANSWER_MS)]),
    headers: { ...(given && { 'content-type': 'application/json' }), ...headers },
    ...(given && { body: typeof body === 'string' ? body : JSON.stringify(body) }),
  });
  return { status: response.status, headers: toldHeaders(response), text: await readSome(response) };
}

/** Those that say something about the answer and are not the same everywhere. */
function toldHeaders({ headers }: Response): string {
  const told = ['location', 'www-authenticate', 'set-cookie', 'etag', 'retry-after', 'allow'];
  return told.flatMap((name) => (headers.has(name) ? [`${name}: ${headers.get(name)}\n`] : [])).join('');
}

async function readSome(response: Response): Promise<string> {
  const chunks: Uint8Array[] = [];
  let sizeBytes = 0;
  for await (const chunk of response.body ?? []) {
    chunks.push(chunk);
    sizeBytes += chunk.byteLength;
    // Leaving the loop ends the connection.
    if (sizeBytes > LONGEST_ANSWER_BYTES) break;
  }
  return Buffer.concat(chunks).toString();
}

function lastLines(command: RunningCommand): string {
  return command.output().split('\n').slice(-15).join('\n').slice(-4000);
}
