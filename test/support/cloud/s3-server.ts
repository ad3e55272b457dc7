import { once } from 'node:events';
import { createServer, type IncomingHttpHeaders, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { buildApp } from 'fauxqs';
import { FaultList, type Fault } from './fault-list.ts';
import { signatureFault, type SigningKey } from './sigv4.ts';

interface S3Request {
  readonly method: string;
  /** Decoded, without the query. */
  readonly path: string;
  readonly query: string;
  readonly headers: IncomingHttpHeaders;
  readonly body: Buffer;
}

/** A server that speaks S3, fauxqs, behind a door of ours that checks signatures, as fauxqs itself does not. */
export interface S3Server {
  readonly url: string;
  readonly key: SigningKey;
  readonly requests: readonly S3Request[];
  readonly faults: FaultList;
  /** The keys in a bucket; undefined when there is no such bucket. */
  objects(bucket: string): Promise<readonly string[] | undefined>;
  /** The metadata of an object, as headers. */
  metadata(bucket: string, key: string): Promise<Readonly<Record<string, unknown>>>;
  /** Puts an object there behind everybody's back. */
  place(bucket: string, key: string, content: Buffer, headers?: Readonly<Record<string, string>>): Promise<void>;
  stop(): Promise<void>;
}

export interface S3ServerOptions {
  readonly buckets: readonly string[];
  /** How many keys a page of a list holds at most; a server may send fewer than it was asked for. */
  readonly pageSize?: number;
  readonly region?: string;
  readonly sessionToken?: string;
}

type Upstream = Awaited<ReturnType<typeof buildApp>>;

const STATUS: Readonly<Record<string, number>> = {
  AuthorizationHeaderMalformed: 400,
  InvalidToken: 400,
  XAmzContentSHA256Mismatch: 400,
};

/** Listens on loopback; `stop` it. */
export async function startS3Server(options: S3ServerOptions): Promise<S3Server> {
  const upstream = await buildApp({ logger: false });
  const key: SigningKey = {
    accessKeyId: 'AKIAEXAMPLEKEY',
    secretAccessKey: 'an-example-secret/with+signs=',
    sessionToken: options.sessionToken,
    region: options.region ?? 'eu-test-1',
  };
  const requests: S3Request[] = [];
  const faults = new FaultList();
  const server = createServer((message, response) => {
    void readRequest(message)
      .then((request) => {
        requests.push(request);
        return answer({ upstream, key, faults, options, request, response, target: message.url ?? '/' });
      })
      .catch(() => response.destroy());
  });
  for (const bucket of options.buckets) await upstream.inject({ method: 'PUT', url: `/${bucket}` });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}`,
    key,
    requests,
    faults,
    async objects(bucket) {
      const { statusCode, body } = await upstream.inject({ method: 'GET', url: `/${bucket}?list-type=2` });
      return statusCode === 404 ? undefined : [...body.matchAll(/<Key>([^<]*)<\/Key>/g)].map(([, name]) => name ?? '');
    },
    async metadata(bucket, name) {
      return { ...(await upstream.inject({ method: 'HEAD', url: `/${bucket}/${name}` })).headers };
    },
    async place(bucket, name, content, headers = {}) {
      await upstream.inject({ method: 'PUT', url: `/${bucket}/${name}`, headers, payload: content });
    },
    async stop() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
      await upstream.close();
    },
  };
}

async function readRequest(message: IncomingMessage): Promise<S3Request> {
  const chunks: Buffer[] = [];
  for await (const chunk of message) chunks.push(chunk as Buffer);
  const { pathname, search } = new URL(message.url ?? '/', 'http://host');
  return {
    method: message.method ?? 'GET',
    path: decodeURIComponent(pathname),
    query: search,
    headers: message.headers,
    body: Buffer.concat(chunks),
  };
}

interface Exchange {
  readonly upstream: Upstream;
  readonly key: SigningKey;
  readonly faults: FaultList;
  readonly options: S3ServerOptions;
  readonly request: S3Request;
  readonly response: ServerResponse;
  /** As it arrived. */
  readonly target: string;
}

async function answer(exchange: Exchange): Promise<void> {
  const { faults, request, response, key, target } = exchange;
  const fault = faults.take(request.method, request.path);
  if (fault?.delayMs !== undefined) await sleep(fault.delayMs);
  if (fault && !fault.after && commit(fault, response)) return;
  const wrong = signatureFault({ ...request, target }, key);
  if (wrong !== undefined) {
    refuse(exchange, wrong);
    return;
  }
  const done = await forward(exchange);
  if (fault?.after && commit({ ...fault, reset: fault.reset ?? fault.status === undefined }, response)) return;
  response.writeHead(done.status, done.headers);
  response.end(done.body);
}

/** Whether there was anything wrong to be done. */
function commit({ reset, status, headers, body }: Fault, response: ServerResponse): boolean {
  if (reset) response.socket?.resetAndDestroy();
  else if (status !== undefined) {
    response.writeHead(status, { 'content-type': 'application/xml', ...headers });
    response.end(typeof body === 'string' ? body : '');
  }
  return reset === true || status !== undefined;
}

function refuse({ request, response, key }: Exchange, code: string): void {
  response.writeHead(STATUS[code] ?? 403, { 'content-type': 'application/xml', 'x-amz-bucket-region': key.region });
  response.end(
    request.method === 'HEAD' ? '' : errorBody(code, code === 'AuthorizationHeaderMalformed' ? key.region : ''),
  );
}

/** As S3 words its errors. */
export function errorBody(code: string, region = ''): string {
  const where = region === '' ? '' : `<Region>${region}</Region>`;
  const message = `<Message>This is ${code}</Message>`;
  return `<?xml version="1.0" encoding="UTF-8"?>\n<Error><Code>${code}</Code>${message}${where}<RequestId>1</RequestId></Error>`;
}

async function forward({ upstream, options, request, target }: Exchange): Promise<{
  readonly status: number;
  readonly headers: Record<string, string | string[] | number | undefined>;
  readonly body: Buffer;
}> {
  const url = new URL(target, 'http://host');
  if (url.searchParams.has('list-type') && options.pageSize !== undefined) {
    url.searchParams.set('max-keys', String(options.pageSize));
  }
  const { statusCode, headers, rawPayload } = await upstream.inject({
    method: request.method as 'GET',
    url: url.pathname + url.search,
    headers: request.headers,
    ...(request.body.length > 0 && { payload: request.body }),
  });
  const { connection: _, 'transfer-encoding': __, ...kept } = headers;
  return { status: statusCode, headers: kept, body: rawPayload };
}
