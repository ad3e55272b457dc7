import { mkdtemp, rm } from 'node:fs/promises';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { FakeMachine, type ExecuteBody } from './fake-machine.ts';
import { FaultList } from './fault-list.ts';
import { openDescription, type VendorDescription } from './vendor-description.ts';

export interface FakeDaytonaOptions {
  readonly apiKey: string;
  /** What programs are found by in its machines. */
  readonly path: string;
  /** How long a machine takes to another state. Default: 30. */
  readonly changeMs?: number;
}

interface SeenRequest {
  readonly method: string;
  readonly path: string;
  readonly query: URLSearchParams;
  readonly headers: IncomingMessage['headers'];
  readonly body: string;
}

export interface FakeDaytona {
  readonly url: string;
  readonly requests: readonly SeenRequest[];
  /** Those that are there, by name. */
  readonly machines: ReadonlyMap<string, FakeMachine>;
  readonly faults: FaultList;
  /** What the vendor's descriptions have against the requests; empty too when they are not there. */
  violations(): readonly string[];
  stop(): Promise<void>;
}

/** Daytona as its descriptions have it, as far as we and its own client use it. Commands run for real. */
export async function startFakeDaytona(options: FakeDaytonaOptions): Promise<FakeDaytona> {
  const root = await mkdtemp(join(tmpdir(), 'turbo-daytona-'));
  const [api, toolbox] = await Promise.all([
    openDescription('daytona-api.json'),
    openDescription('daytona-toolbox.json'),
  ]);
  const service = new Service(root, options, { api, toolbox });
  const server = createServer({ keepAliveTimeout: 60_000 }, (incoming, answer) => void service.serve(incoming, answer));
  await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening));
  service.url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  return {
    url: service.url,
    requests: service.requests,
    machines: service.machines,
    faults: service.faults,
    violations: () => [...(api?.violations ?? []), ...(toolbox?.violations ?? [])],
    async stop() {
      server.close();
      server.closeAllConnections();
      for (const machine of service.machines.values()) await machine.destroy();
      await rm(root, { recursive: true, force: true });
    },
  };
}

interface Descriptions {
  readonly api: VendorDescription | undefined;
  readonly toolbox: VendorDescription | undefined;
}

interface Reply {
  readonly status: number;
  readonly body?: unknown;
  /** Of a body that is bytes. */
  readonly type?: string | null;
}

const TOOLBOX = /^\/toolbox\/([^/]+)(\/.*)$/;

class Service {
  url = '';
  readonly requests: SeenRequest[] = [];
  readonly machines = new Map<string, FakeMachine>();
  readonly faults = new FaultList();
  readonly #root: string;
  readonly #options: FakeDaytonaOptions;
  readonly #descriptions: Descriptions;

  constructor(root: string, options: FakeDaytonaOptions, descriptions: Descriptions) {
    this.#root = root;
    this.#options = options;
    this.#descriptions = descriptions;
  }

  async serve(incoming: IncomingMessage, answer: ServerResponse): Promise<void> {
    const { method = 'GET', headers } = incoming;
    const { pathname: path, searchParams: query } = new URL(incoming.url ?? '/', this.url);
    const bytes = Buffer.concat(await incoming.toArray());
    const seen = { method, path, query, headers, body: bytes.toString() };
    this.requests.push(seen);
    const fault = this.faults.take(method, path);
    if (fault?.delayMs) await sleep(fault.delayMs);
    const isInstead = fault?.reset || fault?.status !== undefined;
    const reply = isInstead && !fault.after ? undefined : await this.#answer(seen, bytes);
    if (fault?.reset) incoming.socket.destroy();
    else if (fault?.status !== undefined) send(answer, { status: fault.status, body: fault.body }, fault.headers);
    else send(answer, reply ?? { status: 500 });
  }

  async #answer(seen: SeenRequest, bytes: Buffer): Promise<Reply> {
    if (seen.headers.authorization !== `Bearer ${this.#options.apiKey}`) return problem(401, 'Unauthorized');
    try {
      const [, id, path] = TOOLBOX.exec(seen.path) ?? [];
      this.#check(id === undefined ? this.#descriptions.api : this.#descriptions.toolbox, seen, path ?? seen.path);
      if (id === undefined || path === undefined) return await this.#manage(seen);
      const machine = this.#find(id);
      if (machine?.state !== 'started') return problem(400, 'Sandbox is not started');
      return await useToolbox(machine, { ...seen, path }, bytes);
    } catch (error) {
      return problem(500, String(error));
    }
  }

  #check(description: VendorDescription | undefined, seen: SeenRequest, path: string): void {
    const isJson = seen.headers['content-type'] === 'application/json';
    const body: unknown = isJson ? JSON.parse(seen.body) : undefined;
    description?.checkRequest({ ...seen, path, query: Object.fromEntries(seen.query), body });
  }

  async #manage({ method, path, query, body }: SeenRequest): Promise<Reply> {
    if (path === '/sandbox' && method === 'POST') return this.#create(JSON.parse(body) as Record<string, unknown>);
    if (path === '/sandbox' && method === 'GET') return this.#list(query);
    const [, key = '', rest = ''] = /^\/sandbox\/([^/]+)(\/.*)?$/.exec(path) ?? [];
    const machine = this.#find(decodeURIComponent(key));
    if (!machine) return problem(404, `Sandbox with ID or name ${key} not found`);
    const port = /^\/ports\/(\d+)\/preview-url$/.exec(rest)?.[1];
    if (port !== undefined) {
      const url = await machine.preview(Number(port));
      return { status: 200, body: { sandboxId: machine.id, url, token: machine.token } };
    }
    switch (`${method} ${rest}`) {
      case 'GET ':
        return { status: 200, body: this.#toDto(machine) };
      case 'DELETE ':
        this.#change(machine, 'destroying', 'destroyed', () => machine.destroy());
        return { status: 200, body: this.#toDto(machine) };
      case 'POST /start':
        if (machine.state === 'started') return problem(400, 'Sandbox is not in valid state');
        this.#change(machine, 'starting', 'started');
        return { status: 200, body: this.#toDto(machine) };
      case 'POST /recover':
        this.#change(machine, 'starting', 'started');
        return { status: 200, body: this.#toDto(machine) };
      case 'POST /stop':
        this.#change(machine, 'stopping', 'stopped', () => machine.halt());
        return { status: 200, body: this.#toDto(machine) };
      case 'GET /toolbox-proxy-url':
        return { status: 200, body: { url: `${this.url}/toolbox` } };
      default:
        return problem(404, `Cannot ${method} ${path}`);
    }
  }

  async #create(body: Record<string, unknown>): Promise<Reply> {
    const name = body['name'] as string;
    if (this.#find(name)) return problem(409, `Sandbox with name ${name} already exists`);
    const machine = await FakeMachine.make({ root: this.#root, path: this.#options.path, name, body });
    // Two requests may have come at a time.
    if (this.#find(name)) {
      await machine.destroy();
      return problem(409, `Sandbox with name ${name} already exists`);
    }
    this.machines.set(name, machine);
    this.#change(machine, 'creating', 'started');
    return { status: 200, body: this.#toDto(machine) };
  }

  #list(query: URLSearchParams): Reply {
    const labels = Object.entries(JSON.parse(query.get('labels') ?? '{}') as Record<string, string>);
    const limit = Number(query.get('limit') ?? 100);
    const offset = Number(query.get('cursor') ?? 0);
    const found = [...this.machines.values()].filter((machine) =>
      labels.every(([name, value]) => machine.labels[name] === value),
    );
    const items = found.slice(offset, offset + limit).map((machine) => this.#toDto(machine));
    const nextCursor = offset + limit < found.length ? String(offset + limit) : null;
    return { status: 200, body: { items, nextCursor } };
  }

  /** As it really is: asked for now, done a while later. */
  #change(machine: FakeMachine, meanwhile: string, then: string, work?: () => Promise<void>): void {
    machine.state = meanwhile;
    void (async () => {
      await Promise.all([work?.(), sleep(this.#options.changeMs ?? 30)]);
      if (machine.state === meanwhile) machine.state = then;
      if (then === 'destroyed') this.machines.delete(machine.name);
    })();
  }

  #find(key: string): FakeMachine | undefined {
    return this.machines.get(key) ?? [...this.machines.values()].find(({ id }) => id === key);
  }

  #toDto({ id, name, body, labels, state, errorReason, recoverable }: FakeMachine): object {
    const { env = {}, target = 'us', public: isPublic = false } = body;
    return {
      id,
      name,
      labels,
      state,
      errorReason,
      recoverable,
      env,
      target,
      public: isPublic,
      organizationId: 'organization',
      user: 'daytona',
      networkBlockAll: false,
      cpu: 1,
      gpu: 0,
      memory: 1,
      disk: 3,
      toolboxProxyUrl: `${this.url}/toolbox`,
    };
  }
}

async function useToolbox(machine: FakeMachine, seen: SeenRequest, bytes: Buffer): Promise<Reply> {
  const { method, path, query, headers } = seen;
  const named = query.get('path') ?? '.';
  switch (`${method} ${path}`) {
    case 'POST /process/execute': {
      const result = await machine.execute(JSON.parse(seen.body) as ExecuteBody);
      return result ? { status: 200, body: result } : problem(408, 'command execution timeout');
    }
    case 'POST /files/bulk-upload':
      await machine.upload(await readForm(headers['content-type'] ?? '', bytes));
      return { status: 200 };
    case 'GET /files/download':
      return orNotFound(async () => ({ status: 200, body: await machine.download(named) }));
    case 'GET /files':
      return orNotFound(async () => ({ status: 200, body: await machine.list(named) }));
    case 'DELETE /files':
      return orNotFound(async () => ({ status: 204, body: await machine.deleteFile(named) }));
    case 'POST /files/permissions':
      return orNotFound(async () => ({ status: 200, body: await machine.setMode(named, query.get('mode') ?? '644') }));
    case 'POST /files/bulk-download':
      return bulkDownload(machine, (JSON.parse(seen.body) as { readonly paths: readonly string[] }).paths);
    case 'GET /work-dir':
      return { status: 200, body: { dir: machine.directory } };
    default:
      return problem(404, `Cannot ${method} ${path}`);
  }
}

function readForm(type: string, bytes: Buffer): Promise<FormData> {
  return new Response(new Uint8Array(bytes), { headers: { 'content-type': type } }).formData();
}

/** The answer is multipart too: what it holds under `file`, and what is missing under `error`. */
async function bulkDownload(machine: FakeMachine, paths: readonly string[]): Promise<Reply> {
  const form = new FormData();
  for (const path of paths) {
    const bytes = await machine.download(path).catch(() => undefined);
    if (bytes) form.append('file', new Blob([new Uint8Array(bytes)]), path);
    else form.append('error', new Blob([JSON.stringify({ message: 'file not found' })]), path);
  }
  const answer = new Response(form);
  return { status: 200, body: Buffer.from(await answer.arrayBuffer()), type: answer.headers.get('content-type') };
}

async function orNotFound(work: () => Promise<Reply>): Promise<Reply> {
  return work().catch(() => problem(404, 'file not found'));
}

function problem(statusCode: number, message: string): Reply {
  return { status: statusCode, body: { statusCode, message, timestamp: new Date().toISOString() } };
}

function send(
  answer: ServerResponse,
  { status, body, type }: Reply,
  headers: Readonly<Record<string, string>> = {},
): void {
  if (Buffer.isBuffer(body)) {
    answer.writeHead(status, { 'content-type': type ?? 'application/octet-stream' }).end(body);
  } else if (body === undefined) {
    answer.writeHead(status, headers).end();
  } else {
    answer.writeHead(status, { 'content-type': 'application/json', ...headers }).end(JSON.stringify(body));
  }
}
