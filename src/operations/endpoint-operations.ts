import { z } from 'zod';
import { TurboError } from '../domain/errors.ts';
import { projectField } from './fields.ts';
import { defineOperation, type Operation, READS_FOREIGN_TEXT } from './operation.ts';

const LONGEST_CALL_MS = 20_000;
const MOST_BODY_BYTES = 100_000;

const READING_METHODS = ['GET', 'HEAD'] as const;
const METHODS = [...READING_METHODS, 'POST', 'PUT', 'PATCH', 'DELETE'] as const;

/** Calls a project's own backend, by any method. */
export const callEndpoint = defineEndpointOperation(METHODS, {
  scope: 'write',
  annotations: { readOnly: false, destructive: true, idempotent: false, openWorld: true },
});

/** The same for callers who may only read. */
export const readEndpoint = defineEndpointOperation(READING_METHODS, {
  scope: 'read',
  annotations: READS_FOREIGN_TEXT,
});

function defineEndpointOperation(
  methods: typeof METHODS | typeof READING_METHODS,
  { scope, annotations }: Pick<Operation, 'scope' | 'annotations'>,
): Operation {
  return defineOperation({
    name: 'call_endpoint',
    title: "Call a project's API",
    description:
      'Sends one request to the running backend of a project, and to nothing else, and shows what it answers. ' +
      'get_api_document tells which paths there are.',
    scope,
    annotations,
    http: { method: 'POST', path: '/v1/projects/{project}/calls', tag: 'Projects' },
    input: z.strictObject({
      project: projectField,
      method: z.enum(methods).default('GET'),
      path: z.string().max(8000).regex(/^\//).describe('With its query: /v1/posts?limit=5'),
      headers: z.record(z.string().max(100), z.string().max(8000)).optional(),
      body: z.looseObject({}).optional().describe('Sent as JSON'),
    }),
    output: z.object({
      status: z.int(),
      headers: z.record(z.string(), z.string()),
      body: z.string(),
      truncated: z.boolean().describe(`Whether the body was longer than ${MOST_BODY_BYTES} bytes`),
    }),
    async run({ project, path, ...request }, { backend, signal }) {
      const { name, url, status } = await backend.summarize(project);
      if (status !== 'running') {
        throw new TurboError('USAGE', `The backend of ${name} is not running`, {
          fix: 'Start it with control_backend.',
        });
      }
      return sendRequest(addressOf(url, path), request, signal);
    },
  });
}

/** Below the backend's own address: a path such as `//elsewhere` must not lead away from it. */
function addressOf(base: string, path: string): URL {
  const { origin } = new URL(base);
  const address = URL.canParse(path, base) ? new URL(path, base) : undefined;
  if (address?.origin === origin) return address;
  throw new TurboError('USAGE', `«${path.toWellFormed()}» is no path of the backend`, {
    fix: 'Begin it with one slash.',
  });
}

interface EndpointRequest {
  readonly method: string;
  readonly headers?: Readonly<Record<string, string>> | undefined;
  readonly body?: object | undefined;
}

async function sendRequest(address: URL, { method, headers, body }: EndpointRequest, signal: AbortSignal) {
  const enough = AbortSignal.any([signal, AbortSignal.timeout(LONGEST_CALL_MS)]);
  try {
    const response = await fetch(address, {
      method,
      headers: { ...headers, ...(body && { 'content-type': 'application/json' }) },
      ...(body && { body: JSON.stringify(body) }),
      // Where a backend sends its callers may be anywhere.
      redirect: 'manual',
      signal: enough,
    });
    return { status: response.status, headers: Object.fromEntries(response.headers), ...(await readBody(response)) };
  } catch (cause) {
    if (cause instanceof TurboError) throw cause;
    throw new TurboError('QUERY_FAILED', `${method} ${address.pathname} got no answer`, {
      cause,
      fix: 'See get_logs; the request may also be one that cannot be sent.',
    });
  }
}

async function readBody(response: Response): Promise<{ readonly body: string; readonly truncated: boolean }> {
  const chunks: Uint8Array[] = [];
  let size = 0;
  // Leaving the loop ends the transfer, however long the body is.
  for await (const chunk of response.body ?? []) {
    chunks.push(chunk);
    size += chunk.length;
    if (size > MOST_BODY_BYTES) break;
  }
  return { body: Buffer.concat(chunks).subarray(0, MOST_BODY_BYTES).toString(), truncated: size > MOST_BODY_BYTES };
}
