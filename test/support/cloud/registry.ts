import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { FaultList, type Fault } from './fault-list.ts';
import { RegistryAccess } from './registry-access.ts';
import {
  problem,
  RegistryStore,
  type RegistryAnswer,
  type RegistryRequest,
  type StoredRepository,
} from './registry-store.ts';

export interface RegistryOptions {
  /** The password; without one, everybody may do everything. */
  readonly token?: string;
  /** Default: `x`, as at Fly.io. */
  readonly user?: string;
  /** Default: `basic`. */
  readonly auth?: 'basic' | 'bearer';
  /** With `bearer`, readable without a key. */
  readonly publicRepositories?: readonly string[];
  /** With `bearer`, after how many calls a token has run out. Default: never. */
  readonly tokenUses?: number;
  /** Blobs are handed out by another host, to which the registry points; it refuses who brings a key. */
  readonly redirectBlobs?: boolean;
  /** Nothing is taken over from another repository: that is forbidden. */
  readonly refuseMounts?: boolean;
  /** Whether the repository may be written to: at Fly.io there has to be an app of the name. Default: any. */
  readonly isRepository?: (name: string) => boolean;
}

interface RecordedRequest {
  readonly method: string;
  /** Without the query. */
  readonly path: string;
  readonly query: string;
  readonly headers: Readonly<Record<string, string | undefined>>;
  readonly bodyBytes: number;
}

/** A Docker Registry on loopback, which keeps all in memory. */
export interface Registry {
  /** `http://127.0.0.1:<port>` */
  readonly url: string;
  readonly host: string;
  readonly requests: RecordedRequest[];
  /** Those that came to the host of the blobs. */
  readonly storageRequests: RecordedRequest[];
  readonly faults: FaultList;
  readonly store: RegistryStore;
  readonly repositories: ReadonlyMap<string, StoredRepository>;
  stop(): Promise<void>;
}

export async function startRegistry(options: RegistryOptions = {}): Promise<Registry> {
  const store = new RegistryStore();
  const { auth = 'basic', user = 'x', token, publicRepositories = [], tokenUses = Infinity } = options;
  const access = new RegistryAccess({ auth, user, token, publicRepositories, tokenUses });
  const faults = new FaultList();
  const requests: RecordedRequest[] = [];
  const storageRequests: RecordedRequest[] = [];
  const storage = createServer(onRequest(storageRequests, new FaultList(), (request) => handOut(store, request)));
  const storageUrl = await listen(storage);
  let url = '';
  const server = createServer(
    onRequest(requests, faults, (request) => {
      if (request.path === '/token') return access.giveToken(request);
      const refused = access.refuse(request, url) ?? refuseByRules(request, options);
      if (refused) return refused;
      if (request.path === '/v2/') return { status: 200, body: {} };
      const answer = store.answer(request);
      return options.redirectBlobs ? pointToStorage(request, answer, storageUrl) : answer;
    }),
  );
  url = await listen(server);
  return {
    url,
    host: new URL(url).host,
    requests,
    storageRequests,
    faults,
    store,
    repositories: store.repositories,
    stop: async () => {
      await Promise.all([close(server), close(storage)]);
    },
  };
}

function refuseByRules(request: RegistryRequest, options: RegistryOptions): RegistryAnswer | undefined {
  const { method, path, query } = request;
  const { isRepository = () => true, refuseMounts = false } = options;
  const name = /^\/v2\/(.+?)\/(?:manifests|blobs)\//.exec(path)?.[1];
  if (name === undefined || ['GET', 'HEAD'].includes(method)) return undefined;
  if (!isRepository(name)) return problem(404, 'NAME_UNKNOWN');
  return refuseMounts && query.has('mount') ? problem(403, 'DENIED') : undefined;
}

function pointToStorage({ method, path }: RegistryRequest, answer: RegistryAnswer, storageUrl: string): RegistryAnswer {
  const digest = /\/blobs\/(sha256:[0-9a-f]+)$/.exec(path)?.[1];
  if (digest === undefined || answer.status !== 200 || !['GET', 'HEAD'].includes(method)) return answer;
  return { status: 307, headers: { location: `${storageUrl}/storage/${digest}?signature=${method}-only` } };
}

/** As storage services do: one authorization is enough, and a second one an error. */
function handOut(store: RegistryStore, { method, path, query, headers }: RegistryRequest): RegistryAnswer {
  if (headers['authorization'] !== undefined) return { status: 400, body: { message: 'two authorizations' } };
  if (query.get('signature') !== `${method}-only`) return { status: 403, body: { message: 'not signed' } };
  const bytes = store.blobs.get(path.slice('/storage/'.length));
  return bytes ? { status: 200, body: bytes } : { status: 404 };
}

type Answerer = (request: RegistryRequest) => RegistryAnswer;

function onRequest(requests: RecordedRequest[], faults: FaultList, answer: Answerer) {
  return (incoming: IncomingMessage, response: ServerResponse): void => {
    handle(incoming, response, requests, faults, answer).catch(() => incoming.socket.destroy());
  };
}

async function handle(
  incoming: IncomingMessage,
  response: ServerResponse,
  requests: RecordedRequest[],
  faults: FaultList,
  answer: Answerer,
): Promise<void> {
  const { method = 'GET' } = incoming;
  const { pathname: path, searchParams: query } = new URL(incoming.url ?? '/', 'http://registry');
  const headers = incoming.headers as Readonly<Record<string, string | undefined>>;
  const fault = faults.take(method, path);
  if (fault?.delayMs !== undefined) await sleep(fault.delayMs);
  if (fault?.reset && !fault.after) {
    requests.push({ method, path, query: query.toString(), headers, bodyBytes: 0 });
    incoming.socket.destroy();
    return;
  }
  const body = await collect(incoming);
  requests.push({ method, path, query: query.toString(), headers, bodyBytes: body.length });
  const isDone = !fault || fault.after || fault.status === undefined;
  const done = isDone ? answer({ method, path, query, headers, body }) : undefined;
  if (fault?.reset) incoming.socket.destroy();
  else send(response, method, wrongAnswer(fault) ?? done ?? { status: 500 });
}

function wrongAnswer(fault: Fault | undefined): RegistryAnswer | undefined {
  if (fault?.status === undefined) return undefined;
  const { status, headers = {}, body } = fault;
  return { status, headers, body: (body as object | undefined) ?? { errors: [{ code: 'FAULT', message: 'as told' }] } };
}

function send(response: ServerResponse, method: string, { status, headers, body }: RegistryAnswer): void {
  const bytes = Buffer.isBuffer(body) ? body : Buffer.from(body === undefined ? '' : JSON.stringify(body));
  const type = body === undefined || Buffer.isBuffer(body) ? {} : { 'content-type': 'application/json' };
  response.writeHead(status, { ...type, ...headers, 'content-length': status === 204 ? 0 : bytes.length });
  response.end(method === 'HEAD' ? undefined : bytes);
}

async function collect(incoming: IncomingMessage): Promise<Buffer> {
  const chunks: Buffer[] = [];
  for await (const chunk of incoming) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks);
}

async function listen(server: Server): Promise<string> {
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

async function close(server: Server): Promise<void> {
  server.closeAllConnections();
  await new Promise((resolve) => server.close(resolve));
}
