import { createHash } from 'node:crypto';
import type { IncomingHttpHeaders } from 'node:http';
import { FakeMachine, type MachineConfig } from './fly-machine.ts';

export interface FlyRequest {
  readonly method: string;
  /** With `/v1`, without the query. */
  readonly path: string;
  readonly query: string;
  readonly headers: IncomingHttpHeaders;
  readonly body: unknown;
}

export interface FakeApp {
  readonly name: string;
  readonly network: string | undefined;
  readonly org: string;
  readonly secrets: Map<string, string>;
  secretsVersion: number;
  readonly addresses: { readonly ip: string; readonly shared: boolean }[];
  readonly machines: FakeMachine[];
  readonly log: { readonly timestamp: string; readonly message: string; readonly provider: string }[];
}

export interface FakeFlyOptions {
  /** A macaroon is expected with a scheme of its own. */
  readonly token: string;
  readonly org: string;
  readonly registryUrl: string;
  /** Answers 404 to what only makes things nicer: metadata, cordon, the log. */
  readonly isMinimal?: boolean;
  /** Hands out the values of secrets to who asks for them. */
  readonly showsSecrets?: boolean;
}

export interface Answer {
  readonly status: number;
  readonly body?: unknown;
}

/** What the fake keeps, and what it answers when nothing goes wrong. */
export class FlyApps {
  readonly all = new Map<string, FakeApp>();
  readonly #options: FakeFlyOptions;
  #machines = 0;

  constructor(options: FakeFlyOptions) {
    this.#options = options;
  }

  add(name: string, org: string, network: string | undefined): FakeApp {
    const lists = { secrets: new Map<string, string>(), addresses: [], machines: [], log: [] };
    const app: FakeApp = { name, org, network: network || undefined, secretsVersion: 0, ...lists };
    this.all.set(name, app);
    return app;
  }

  async remove(name: string): Promise<void> {
    const app = this.all.get(name);
    this.all.delete(name);
    await Promise.all(app?.machines.map((machine) => machine.destroy()) ?? []);
  }

  /** Undefined for an app without an address. */
  machinesInPublic(name: string): readonly FakeMachine[] | undefined {
    const app = this.all.get(name);
    return app && app.addresses.length > 0 ? app.machines : undefined;
  }

  async answer(request: FlyRequest): Promise<Answer> {
    const { method, path, headers } = request;
    if (headers.authorization !== this.#authorization()) return failed(401, 'token validation error');
    const log = /^\/api\/v1\/apps\/([^/]+)\/logs$/.exec(path)?.[1];
    if (log !== undefined) return this.#log(log, queryOf(request)['next_token'] ?? '');
    if (path === '/v1/apps') return method === 'POST' ? this.#create(request.body as CreateApp) : this.#list(request);
    const [, name = '', rest = ''] = /^\/v1\/apps\/([^/]+)(\/.*)?$/.exec(path) ?? [];
    const app = this.all.get(name);
    if (!app) return failed(404, 'app not found');
    if (app.org !== this.#options.org) return failed(403, 'unauthorized');
    if (rest === '' && method === 'GET') return { status: 200, body: describeApp(app) };
    if (rest === '' && method === 'DELETE') {
      await this.remove(name);
      return { status: 202 };
    }
    if (rest.startsWith('/secrets')) return this.#secrets(app, request, rest.slice('/secrets/'.length));
    if (rest.startsWith('/ip_assignments')) return addresses(app, request);
    if (rest.startsWith('/machines')) return this.#machinesOf(app, request, rest.slice('/machines'.length));
    return failed(404, 'no such route');
  }

  #authorization(): string {
    const { token } = this.#options;
    return `${token.startsWith('fm2_') ? 'FlyV1' : 'Bearer'} ${token}`;
  }

  #create({ name, org_slug: org, network }: CreateApp): Answer {
    if (this.all.has(name))
      return { status: 422, body: { error: 'Name has already been taken', status: 'name_taken' } };
    if (org !== this.#options.org) return failed(404, 'organization not found');
    this.add(name, org, network);
    return { status: 201 };
  }

  #list(request: FlyRequest): Answer {
    const { org_slug: org } = queryOf(request);
    if (org !== this.#options.org) return failed(404, 'organization not found');
    const apps = [...this.all.values()].filter((app) => app.org === org).map(describeApp);
    return { status: 200, body: { apps, total_apps: apps.length } };
  }

  #log(name: string, token: string): Answer {
    const app = this.all.get(name);
    if (!app || this.#options.isMinimal) return failed(404, 'app not found');
    const from = token === '' ? Math.max(0, app.log.length - 100) : Number(token);
    const data = app.log.slice(from).map(({ timestamp, message, provider }, index) => ({
      id: String(from + index),
      type: 'log',
      attributes: { timestamp, message, level: 'info', instance: 'web', meta: { event: { provider } } },
    }));
    return { status: 200, body: { data, meta: { next_token: String(app.log.length) } } };
  }

  #secrets(app: FakeApp, request: FlyRequest, name: string): Answer {
    const isShown = this.#options.showsSecrets === true && queryOf(request)['show_secrets'] === 'true';
    const list = (): object[] =>
      [...app.secrets].map(([key, value]) => ({ name: key, digest: digestOf(value), ...(isShown ? { value } : {}) }));
    if (request.method === 'GET') return { status: 200, body: { secrets: list() } };
    if (request.method === 'DELETE') app.secrets.delete(name);
    else {
      const { values } = request.body as { readonly values: Readonly<Record<string, string>> };
      for (const [key, value] of Object.entries(values)) app.secrets.set(key, value);
    }
    app.secretsVersion += 1;
    return { status: 200, body: { secrets: list(), version: app.secretsVersion } };
  }

  async #machinesOf(app: FakeApp, { method, body, query }: FlyRequest, rest: string): Promise<Answer> {
    if (rest === '' && method === 'GET') return { status: 200, body: app.machines.map((one) => one.describe()) };
    if (rest === '') return this.#createMachine(app, body as MachineOrder);
    const [, id, action = ''] = /^\/([^/]+)(?:\/(.+))?$/.exec(rest) ?? [];
    const machine = app.machines.find((one) => one.id === id);
    if (!machine) return failed(404, 'machine not found');
    if (action !== '') return this.#act(machine, method, action, body);
    if (method === 'GET') return { status: 200, body: machine.describe() };
    if (method === 'DELETE') {
      if (machine.state === 'started' && !query.includes('force=true')) return failed(412, 'machine is started');
      app.machines.splice(app.machines.indexOf(machine), 1);
      await machine.destroy();
      return { status: 200, body: { ok: true } };
    }
    const order = body as MachineOrder;
    if ((order.min_secrets_version ?? 0) > app.secretsVersion) return failed(400, 'secrets version not found');
    machine.update(order.config, order.skip_launch !== true);
    return { status: 200, body: machine.describe() };
  }

  #createMachine(app: FakeApp, order: MachineOrder): Answer {
    if (app.machines.some(({ name }) => name === order.name)) {
      return failed(409, `already_exists: unique machine name violation: ${order.name}`);
    }
    if ((order.min_secrets_version ?? 0) > app.secretsVersion) return failed(400, 'secrets version not found');
    this.#machines += 1;
    const { registryUrl, token } = this.#options;
    const machine = new FakeMachine(order.name, order.config, {
      registryUrl,
      authorization: `Basic ${Buffer.from(`x:${token}`).toString('base64')}`,
      // One of the 16 million addresses of this machine that nobody else is likely to use.
      address: `127.${100 + (process.pid % 100)}.${Math.floor(process.pid / 100) % 250}.${this.#machines}`,
      region: order.region,
      secrets: () => app.secrets,
      print: (message, provider) => void app.log.push({ timestamp: new Date().toISOString(), message, provider }),
    });
    app.machines.push(machine);
    if (order.skip_launch !== true) machine.launch();
    return { status: 200, body: machine.describe() };
  }

  async #act(machine: FakeMachine, method: string, action: string, body: unknown): Promise<Answer> {
    const key = /^metadata\/(.+)$/.exec(action)?.[1];
    if (this.#options.isMinimal && (key !== undefined || action.endsWith('cordon')))
      return failed(404, 'no such route');
    if (method !== 'POST') return failed(404, 'no such route');
    if (key !== undefined) {
      const { value } = body as { readonly value: string };
      machine.config = { ...machine.config, metadata: { ...machine.config.metadata, [key]: value } };
      return { status: 204 };
    }
    if (action === 'start') {
      if (machine.state === 'started') return failed(412, 'unable to start machine from current state: started');
      void machine.start('user');
    } else if (action === 'stop') void machine.stop('user');
    else if (action === 'cordon' || action === 'uncordon') machine.cordoned = action === 'cordon';
    else return failed(404, 'no such route');
    return { status: 200, body: { ok: true } };
  }
}

interface CreateApp {
  readonly name: string;
  readonly org_slug: string;
  readonly network?: string;
}

interface MachineOrder {
  readonly name: string;
  readonly region: string;
  readonly config: MachineConfig;
  readonly min_secrets_version?: number;
  readonly skip_launch?: boolean;
}

function failed(status: number, error: string): Answer {
  return { status, body: { error } };
}

function describeApp({ name, org, network, machines }: FakeApp): object {
  const status = machines.length > 0 ? 'deployed' : 'pending';
  const organization = { name: org, slug: org };
  return { id: name, name, network: network ?? 'default', status, machine_count: machines.length, organization };
}

function addresses(app: FakeApp, { method, path, body }: FlyRequest): Answer {
  const describe = ({ ip, shared }: FakeApp['addresses'][number]): object => ({ ip, shared, region: 'global' });
  if (method === 'GET') return { status: 200, body: { ips: app.addresses.map(describe) } };
  if (method === 'DELETE') {
    const index = app.addresses.findIndex(({ ip }) => path.endsWith(`/${ip}`));
    if (index < 0) return failed(404, 'no such address');
    app.addresses.splice(index, 1);
    return { status: 204 };
  }
  const shared = (body as { readonly type: string }).type === 'shared_v4';
  const number = app.addresses.length + 1;
  const address = { ip: shared ? `66.241.124.${number}` : `2a09:8280:1::${number}`, shared };
  app.addresses.push(address);
  return { status: 200, body: describe(address) };
}

function digestOf(value: string): string {
  return createHash('sha256').update(value).digest('hex').slice(0, 16);
}

export function queryOf({ query }: FlyRequest): Record<string, string> {
  return Object.fromEntries(new URLSearchParams(query));
}
