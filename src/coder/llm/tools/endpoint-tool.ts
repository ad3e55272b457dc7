import type { RunningCommand } from '../../../sandbox/sandbox.ts';
import { brief, untrusted } from '../model-text.ts';
import type { ToolInput } from './tool-input.ts';
import { failure, refusal, type ToolOutcome } from './tool-outcome.ts';
import type { Workbench } from './workbench.ts';

const METHODS = ['GET', 'POST', 'PUT', 'PATCH', 'DELETE'];
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
    const { status, text } = await send(address, method, input.value('body'), signal);
    const log = status >= 500 ? `\n${untrusted('log', lastLines(command))}` : '';
    return { output: `${status}\n${untrusted('answer', text)}${log}`, told: `${told} → ${status}` };
  } catch (error) {
    signal.throwIfAborted();
    const why = error instanceof Error && error.name === 'TimeoutError' ? `none in ${ANSWER_MS} ms` : 'it does not run';
    return failure(`${told} → no answer`, `No answer: ${why}.\n${untrusted('log', lastLines(command))}`);
  }
}

async function send(address: URL, method: string, body: unknown, signal: AbortSignal) {
  const given = body !== undefined && body !== null && method !== 'GET';
  const response = await fetch(address, {
    method,
    redirect: 'manual',
    signal: AbortSignal.any([signal, AbortSignal.timeout(ANSWER_MS)]),
    ...(given && {
      headers: { 'content-type': 'application/json' },
      body: typeof body === 'string' ? body : JSON.stringify(body),
    }),
  });
  return { status: response.status, text: await readSome(response) };
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
