import { isDeepStrictEqual } from 'node:util';
import type { DatabaseSchema } from '../domain/database-schema.ts';
import type { GateResult } from '../domain/receipt.ts';
import { Redactor } from '../domain/redactor.ts';
import type { Secret } from '../domain/secret.ts';
import { describeApi } from '../scaffold/scaffold.ts';
import { readApiDocument, type ApiDocument, type Operation } from './api-document.ts';
import { waitFor } from './backend-server.ts';
import { GateRunner, verificationError, type GateOutcome } from './gate-runner.ts';
import { HttpClient, type HttpAnswer } from './http-client.ts';
import { Prober } from './prober.ts';

interface DeploymentToVerify {
  readonly url: string;
  /** Undefined for a backend without a database. */
  readonly schema: DatabaseSchema | undefined;
  /** The text of the source's openapi.json. */
  readonly openapi: string;
  /** What no answer may hold. */
  readonly secrets: readonly Secret[];
  readonly signal: AbortSignal;
}

const START_TIMEOUT_MS = 60_000;

/**
 * The gate `deployed-healthy`: waits until the deployment is healthy, then asks for its documents and a page of every
 * table, for what is not there and for what makes no sense. Writes nothing. Rejects with `VERIFICATION_FAILED` when it
 * could not be carried out.
 */
export async function verifyDeployment(deployment: DeploymentToVerify): Promise<GateResult> {
  const { signal } = deployment;
  const redactor = new Redactor();
  redactor.add(...deployment.secrets);
  const runner = new GateRunner(redactor, signal, () => Promise.resolve());
  try {
    await runner.run('deployed-healthy', () => visit(deployment, redactor));
  } catch (cause) {
    throw verificationError(cause, signal);
  }
  const [result] = runner.results;
  if (!result) throw new Error('The gate gave no result');
  return result;
}

async function visit({ url, schema, openapi, signal }: DeploymentToVerify, redactor: Redactor): Promise<GateOutcome> {
  const client = new HttpClient(url);
  try {
    for (const path of ['/healthz', '/readyz']) {
      const answer = await waitFor(client, path, { timeoutMs: START_TIMEOUT_MS, signal });
      if (answer.status !== 200) return unhealthy(answer);
    }
  } finally {
    client.close();
  }
  const expected: unknown = JSON.parse(openapi);
  const { document } = readApiDocument(expected);
  const prober = new Prober(url, document, signal, redactor);
  try {
    const asked = await askEverything(prober, document, expected, schema);
    return judge(prober, asked);
  } finally {
    prober.close();
  }
}

/** Resolves to what was asked and how it was answered, a line each. */
async function askEverything(
  prober: Prober,
  document: ApiDocument,
  expected: unknown,
  schema: DatabaseSchema | undefined,
): Promise<string[]> {
  const answers: HttpAnswer[] = [];
  const ask = async (path: string, status: number): Promise<HttpAnswer> => {
    const answer = await prober.send({ method: 'GET', path });
    prober.expect(answer, answer.status === status, String(status));
    answers.push(answer);
    return answer;
  };
  await ask('/docs', 200);
  const served = await ask('/openapi.json', 200);
  prober.expect(served, isDeepStrictEqual(served.json, expected), 'the document of the verified source');
  for (const list of listsOf(document, schema)) answers.push(await askList(prober, list));
  await ask('/no-such-path', 404);
  const list = listsOf(document, schema).find(({ needsToken }) => !needsToken);
  if (list) answers.push(await askNonsense(prober, list));
  return answers.map(({ request, status }) => `${request.method} ${request.path}: ${status}`);
}

async function askList(prober: Prober, list: Operation): Promise<HttpAnswer> {
  const answer = await prober.call(list, { query: { limit: '1' } });
  const status = list.needsToken ? 401 : 200;
  prober.expect(answer, answer.status === status, String(status));
  return answer;
}

async function askNonsense(prober: Prober, list: Operation): Promise<HttpAnswer> {
  const answer = await prober.call(list, { query: { limit: 'none' } });
  prober.expect(answer, answer.status === 400, '400');
  return answer;
}

function listsOf(document: ApiDocument, schema: DatabaseSchema | undefined): Operation[] {
  const paths = new Set(schema ? describeApi(schema).map((api) => api.collectionPath) : []);
  return document.operations.filter(({ method, path }) => method === 'GET' && paths.has(path));
}

function judge(prober: Prober, asked: readonly string[]): GateOutcome {
  const faults = prober.faultLines();
  if (faults.length === 0) {
    return { status: 'passed', summary: `Healthy; ${asked.length} requests answered as documented`, evidence: asked };
  }
  return { status: 'failed', summary: faults[0] ?? '', evidence: faults };
}

function unhealthy(answer: HttpAnswer): GateOutcome {
  const found = answer.status === 0 ? answer.text : `${answer.status} ${answer.text.slice(0, 300)}`;
  return { status: 'failed', summary: `GET ${answer.request.path}: expected 200; found ${found}`, evidence: [] };
}
