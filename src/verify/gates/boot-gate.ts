import { isDeepStrictEqual } from 'node:util';
import type { SourceFile } from '../../domain/source-file.ts';
import { readApiDocument, type ApiDocument } from '../api-document.ts';
import { serverLines, waitFor, type BackendServer } from '../backend-server.ts';
import type { GateOutcome } from '../gate-runner.ts';
import { HttpClient, type HttpAnswer } from '../http-client.ts';

const START_TIMEOUT_MS = 30_000;

interface BootOutcome extends GateOutcome {
  /** What the server serves; undefined when the gate failed. */
  readonly document?: ApiDocument;
}

/**
 * Waits for the started server to say that it is up and ready, and reads its document, which has to be valid OpenAPI
 * 3.1 and the one in the source. `startedAtMs` is `performance.now()` before the server was started.
 */
export async function bootGate(
  server: BackendServer,
  files: readonly SourceFile[],
  startedAtMs: number,
  signal: AbortSignal,
): Promise<BootOutcome> {
  const client = new HttpClient(server.url);
  try {
    const healthy = await waitForStart(client, server, signal);
    const healthyMs = Math.round(performance.now() - startedAtMs);
    if (healthy.status !== 200) return failed(await notStarted(server, healthy), server);
    const ready = await waitFor(client, '/readyz', { timeoutMs: 5000, signal });
    if (ready.status !== 200) return failed(unexpected(ready, '200'), server);
    const readyMs = Math.round(performance.now() - startedAtMs);
    const served = await client.send({ method: 'GET', path: '/openapi.json' }, signal);
    const { document, faults } = readApiDocument(served.json);
    const faulty = served.status === 200 ? [...faults, ...sourceFaults(served, files)] : [unexpected(served, '200')];
    if (faulty.length > 0) return failed(`/openapi.json: ${faulty[0]}`, server, faulty);
    return passed(document, healthyMs, readyMs);
  } finally {
    client.close();
  }
}

function passed(document: ApiDocument, healthyMs: number, readyMs: number): BootOutcome {
  const evidence = [
    `GET /healthz: 200, first after ${healthyMs} ms`,
    `GET /readyz: 200 after ${readyMs} ms`,
    `GET /openapi.json: valid OpenAPI 3.1 with ${document.operations.length} operations, the same as in the source`,
  ];
  const summary = `Healthy after ${healthyMs} ms, ready after ${readyMs} ms`;
  return { status: 'passed', summary, evidence, document };
}

async function waitForStart(client: HttpClient, server: BackendServer, signal: AbortSignal): Promise<HttpAnswer> {
  let ended = false;
  void server.command.ended.then(() => (ended = true));
  return waitFor(client, '/healthz', { timeoutMs: START_TIMEOUT_MS, signal, gaveUp: () => ended });
}

async function notStarted(server: BackendServer, answer: HttpAnswer): Promise<string> {
  const ended = await Promise.race([server.command.ended, Promise.resolve(undefined)]);
  if (!ended) return unexpected(answer, '200');
  return `The server ended with exit code ${ended.exitCode ?? 'none'} instead of listening`;
}

/** The document in the source is what the owner reads: it may not say anything else than the server does. */
function sourceFaults(served: HttpAnswer, files: readonly SourceFile[]): string[] {
  const file = files.find(({ path }) => path === 'openapi.json');
  if (!file) return ['the source has no openapi.json'];
  return isDeepStrictEqual(parse(file.content), served.json) ? [] : ['differs from openapi.json in the source'];
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function unexpected(answer: HttpAnswer, expected: string): string {
  const found = answer.status === 0 ? answer.text : `${answer.status} ${answer.text.slice(0, 300)}`;
  return `GET ${answer.request.path}: expected ${expected}; found ${found}`;
}

function failed(summary: string, server: BackendServer, faults: readonly string[] = []): GateOutcome {
  return { status: 'failed', summary, evidence: [...faults.slice(0, 20), ...serverLines(server)] };
}
