import { setTimeout as sleep } from 'node:timers/promises';
import { ProviderClient, type ProviderAnswer, type ProviderRequest } from '../../cloud/provider-client.ts';
import { ProviderError } from '../../cloud/provider-error.ts';
import type { Redactor } from '../../domain/redactor.ts';
import type { Secret } from '../../domain/secret.ts';
import type { FlyAddress, FlyApp, FlyMachine, LogPage } from './fly-answers.ts';
import type { MachineConfig } from './machine-config.ts';

export interface FlyApiSettings {
  /** Without `/v1`. */
  readonly apiUrl: string;
  readonly authorization: Secret;
  readonly redactor: Redactor;
  readonly budgetMs?: number | undefined;
  readonly timeoutMs?: number | undefined;
}

export interface MachineOrder {
  readonly name: string;
  readonly region: string;
  readonly config: MachineConfig;
  /** The machine waits for these before it starts; undefined when the answer did not tell. */
  readonly min_secrets_version?: number | undefined;
  /** Puts the configuration in place and starts nothing. */
  readonly skip_launch?: boolean;
}

const NOT_THERE = [404, 405, 501];
// Somebody else's change of the same machine is being carried out, or has a lease on it.
const RACES = [409, 412];
const RACE_WAITS_MS = [250, 500, 1000, 2000, 4000];

interface SlowCalls {
  readonly budgetMs: number;
  readonly timeoutMs: number;
}

/** The calls of Fly.io's Machines API that a deployment needs. Rejects with `ProviderError`. */
export class FlyApi {
  readonly #client: ProviderClient;
  /** For calls that are answered only when an image has been pulled. */
  readonly #slow: SlowCalls;
  readonly #signal: AbortSignal | undefined;

  constructor(client: ProviderClient, slow: SlowCalls, signal?: AbortSignal) {
    this.#client = client;
    this.#slow = slow;
    this.#signal = signal;
  }

  /** The same calls, given up when the signal says so. */
  until(signal: AbortSignal | undefined): FlyApi {
    return new FlyApi(this.#client, this.#slow, signal);
  }

  /** Undefined when the organization is not known, or nobody tells of it. */
  async findApps(org: string): Promise<readonly FlyApp[] | undefined> {
    const answer = await this.#ask({ path: '/apps', query: { org_slug: org }, expect: NOT_THERE });
    if (answer.status >= 400) return undefined;
    return (answer.json() as { readonly apps?: readonly FlyApp[] } | undefined)?.apps ?? [];
  }

  /** `forbidden` when the name is held by an organization that the token does not see. */
  async findApp(app: string): Promise<FlyApp | 'forbidden' | undefined> {
    const answer = await this.#ask({ path: `/apps/${app}`, expect: [403, 404] });
    if (answer.status === 403) return 'forbidden';
    return answer.status === 404 ? undefined : ((answer.json() as FlyApp | undefined) ?? {});
  }

  async createApp(order: {
    readonly name: string;
    readonly org_slug: string;
    readonly network: string;
  }): Promise<void> {
    await this.#ask({ method: 'POST', path: '/apps', json: order });
  }

  /** With its machines, secrets and addresses. */
  async deleteApp(app: string): Promise<void> {
    await this.#ask({ method: 'DELETE', path: `/apps/${app}`, expect: [404] });
  }

  /** Undefined where nobody tells. */
  async listAddresses(app: string): Promise<readonly FlyAddress[] | undefined> {
    const answer = await this.#ask({ path: `/apps/${app}/ip_assignments`, expect: NOT_THERE });
    if (NOT_THERE.includes(answer.status)) return undefined;
    return (answer.json() as { readonly ips?: readonly FlyAddress[] } | undefined)?.ips ?? [];
  }

  async assignAddress(app: string, type: 'shared_v4' | 'v6', org: string): Promise<FlyAddress> {
    const json = { type, org_slug: org };
    const path = `/apps/${app}/ip_assignments`;
    const answer = await this.#ask({ method: 'POST', path, json, expect: NOT_THERE });
    return NOT_THERE.includes(answer.status) ? {} : (answer.json() as FlyAddress);
  }

  async releaseAddress(app: string, ip: string): Promise<void> {
    await this.#change({ method: 'DELETE', path: `/apps/${app}/ip_assignments/${ip}`, expect: NOT_THERE });
  }

  /** The values by name; a value is missing when the token may not see it. Undefined where nobody tells. */
  async readSecrets(app: string): Promise<ReadonlyMap<string, string | undefined> | undefined> {
    const path = `/apps/${app}/secrets`;
    const shown = await this.#ask({ path, query: { show_secrets: true }, expect: [400, 401, 403, ...NOT_THERE] });
    const answer = shown.status < 400 ? shown : await this.#ask({ path, expect: NOT_THERE });
    if (answer.status >= 400) return undefined;
    type Secrets = { readonly secrets?: readonly { readonly name?: string; readonly value?: string }[] };
    const secrets = (answer.json() as Secrets | undefined)?.secrets ?? [];
    return new Map(secrets.flatMap(({ name, value }) => (name === undefined ? [] : [[name, value]])));
  }

  /** Resolves to the version that has them. */
  async setSecrets(app: string, values: Readonly<Record<string, string>>): Promise<number | undefined> {
    const path = `/apps/${app}/secrets`;
    const answer = await this.#change({ method: 'POST', path, json: { values } });
    return (answer.json() as { readonly version?: number } | undefined)?.version;
  }

  async deleteSecret(app: string, name: string): Promise<void> {
    await this.#change({ method: 'DELETE', path: `/apps/${app}/secrets/${name}`, expect: NOT_THERE });
  }

  /** Empty when there is no such app. */
  async listMachines(app: string): Promise<readonly FlyMachine[]> {
    const answer = await this.#ask({ path: `/apps/${app}/machines`, expect: [404] });
    return answer.status === 404 ? [] : ((answer.json() as readonly FlyMachine[] | undefined) ?? []);
  }

  async readMachine(app: string, id: string): Promise<FlyMachine | undefined> {
    const answer = await this.#ask({ path: machinePath(app, id), expect: [404] });
    return answer.status === 404 ? undefined : (readMachine(answer) ?? { id });
  }

  async createMachine(app: string, order: MachineOrder): Promise<FlyMachine> {
    const answer = await this.#ask({ method: 'POST', path: `/apps/${app}/machines`, json: order, ...this.#slow });
    return readMachine(answer) ?? untold(answer);
  }

  /** Starts the machine anew, unless it is told not to. */
  async updateMachine(app: string, id: string, order: MachineOrder): Promise<FlyMachine> {
    const answer = await this.#change({ method: 'POST', path: machinePath(app, id), json: order, ...this.#slow });
    return readMachine(answer) ?? (await this.readMachine(app, id)) ?? untold(answer);
  }

  async deleteMachine(app: string, id: string): Promise<void> {
    const query = { force: true };
    await this.#change({ method: 'DELETE', path: machinePath(app, id), query, expect: [404] });
  }

  /** That it runs already, or is about to, is no failure. */
  async startMachine(app: string, id: string): Promise<void> {
    await this.#change({ method: 'POST', path: `${machinePath(app, id)}/start`, expect: [400, ...RACES] });
  }

  async stopMachine(app: string, id: string): Promise<void> {
    await this.#change({ method: 'POST', path: `${machinePath(app, id)}/stop`, expect: [404] });
  }

  /** A cordoned machine gets no requests, and none starts it. */
  async cordonMachine(app: string, id: string, cordoned: boolean): Promise<void> {
    const path = `${machinePath(app, id)}/${cordoned ? 'cordon' : 'uncordon'}`;
    await this.#change({ method: 'POST', path, expect: NOT_THERE });
  }

  /** Leaves the machine running. Resolves to false where that is not known. */
  async setMetadata(app: string, id: string, key: string, value: string): Promise<boolean> {
    const path = `${machinePath(app, id)}/metadata/${key}`;
    const answer = await this.#change({ method: 'POST', path, json: { value }, expect: NOT_THERE });
    return answer.status < 400;
  }

  /** A page of an app's log, in the shape of the service that `flyctl logs` asks; undefined where nobody keeps one. */
  async readLog(logsUrl: string, app: string, token: string | undefined): Promise<LogPage | undefined> {
    const path = `${logsUrl}/api/v1/apps/${app}/logs`;
    const answer = await this.#ask({ path, query: { next_token: token }, expect: [401, 403, ...NOT_THERE] });
    return answer.status >= 400 ? undefined : ((answer.json() as LogPage | undefined) ?? {});
  }

  #ask(request: ProviderRequest): Promise<ProviderAnswer> {
    return this.#client.ask({ signal: this.#signal, ...request });
  }

  /** For what is the same done once or twice; waits while another change is being carried out. */
  async #change(request: ProviderRequest): Promise<ProviderAnswer> {
    for (const waitMs of RACE_WAITS_MS) {
      try {
        return await this.#ask({ repeatable: true, ...request });
      } catch (error) {
        if (!(error instanceof ProviderError && RACES.includes(error.status ?? 0))) throw error;
        await sleep(waitMs, undefined, { signal: this.#signal });
      }
    }
    return this.#ask({ repeatable: true, ...request });
  }
}

export function openFlyApi({ apiUrl, authorization, redactor, budgetMs, timeoutMs }: FlyApiSettings): FlyApi {
  const headers = { authorization: authorization.reveal() };
  const client = new ProviderClient({
    provider: 'Fly.io',
    baseUrl: `${apiUrl}/v1`,
    headers,
    redactor,
    budgetMs,
    timeoutMs,
  });
  return new FlyApi(client, { budgetMs: budgetMs ?? 120_000, timeoutMs: timeoutMs ?? 90_000 });
}

/** Undefined when the answer does not say which machine it is of. */
function readMachine(answer: ProviderAnswer): FlyMachine | undefined {
  const machine = answer.json() as Partial<FlyMachine> | undefined;
  return machine?.id === undefined ? undefined : { ...machine, id: machine.id };
}

/** It was done, so whoever asked finds it when it looks again. */
function untold({ status }: ProviderAnswer): never {
  const message = `Fly.io answered ${status} without telling of the machine`;
  throw new ProviderError(message, { provider: 'Fly.io', status, mayBeDone: true });
}

function machinePath(app: string, id: string): string {
  return `/apps/${app}/machines/${id}`;
}
