import { ProviderClient, type ProviderAnswer } from '../../cloud/provider-client.ts';
import { INSTALLATION_MARK } from '../../cloud/external-name.ts';
import type { Redactor } from '../../domain/redactor.ts';
import { Secret } from '../../domain/secret.ts';

export interface DaytonaApiSettings {
  readonly apiUrl: string;
  readonly apiKey: Secret;
  readonly redactor: Redactor;
  /** As `ProviderSettings` has them. */
  readonly budgetMs?: number | undefined;
  readonly timeoutMs?: number | undefined;
}

/** One of Daytona's sandboxes, as far as we look at it. */
export interface Machine {
  readonly id: string;
  readonly name: string;
  readonly labels?: Readonly<Record<string, string>> | null;
  readonly state?: string;
  readonly errorReason?: string | null;
  readonly recoverable?: boolean | null;
  /** Behind which, with the machine's id, its toolbox is. */
  readonly toolboxProxyUrl?: string | null;
}

export interface NewMachine {
  readonly name: string;
  readonly target?: string | undefined;
  readonly snapshot?: string | undefined;
  readonly buildInfo?: { readonly dockerfileContent: string } | undefined;
  readonly labels: Readonly<Record<string, string>>;
  readonly public: false;
  /** In minutes. */
  readonly autoStopInterval: number;
  /** In minutes; below 0 never. */
  readonly autoDeleteInterval: number;
}

export interface Execution {
  readonly command: string;
  readonly environment?: Readonly<Record<string, string>> | undefined;
  readonly timeoutS: number;
}

export interface Upload {
  readonly path: string;
  readonly content: string | Uint8Array<ArrayBuffer>;
}

interface MachinePage {
  readonly items: readonly Machine[];
  readonly nextCursor?: string | null;
}

/** For what goes wrong on the way of a call that takes long by itself. */
const BUDGET_MS = 60_000;
const ANSWER_MS = 10_000;
const UPLOAD_MS = 120_000;
const MOST_LISTED = 100;

/** Daytona's API and its sandboxes' toolboxes, as far as we need them. Rejects with `ProviderError`. */
export class DaytonaApi {
  readonly #client: ProviderClient;
  readonly #redactor: Redactor;
  readonly #apiUrl: URL;
  readonly #budgetMs: number;

  constructor({ apiUrl, apiKey, redactor, budgetMs, timeoutMs }: DaytonaApiSettings) {
    redactor.add(apiKey);
    this.#redactor = redactor;
    this.#apiUrl = new URL(apiUrl);
    this.#budgetMs = budgetMs ?? BUDGET_MS;
    this.#client = new ProviderClient({
      provider: 'Daytona',
      baseUrl: apiUrl,
      headers: { authorization: `Bearer ${apiKey.reveal()}` },
      redactor,
      budgetMs,
      timeoutMs,
    });
  }

  get host(): string {
    return this.#apiUrl.host;
  }

  async check(signal: AbortSignal | undefined): Promise<void> {
    await this.#client.ask({ path: '/sandbox', query: { limit: 1 }, signal });
  }

  /** Undefined when there is none, or only one that is gone. */
  async find(nameOrId: string): Promise<Machine | undefined> {
    const answer = await this.#client.ask({ path: `/sandbox/${encodeURIComponent(nameOrId)}`, expect: [404] });
    if (answer.status === 404) return undefined;
    const machine = answer.json() as Machine;
    return machine.state === 'destroyed' ? undefined : machine;
  }

  async create(machine: NewMachine): Promise<Machine> {
    const answer = await this.#client.ask({ method: 'POST', path: '/sandbox', json: machine });
    return answer.json() as Machine;
  }

  /** Asked of one that is on its way already, it does nothing. */
  async start(id: string): Promise<void> {
    await this.#change('POST', `/sandbox/${id}/start`, [400, 409]);
  }

  async recover(id: string): Promise<void> {
    await this.#change('POST', `/sandbox/${id}/recover`, [400, 409]);
  }

  /** False when it cannot be deleted at this moment, as it is on its way to another state. */
  async delete(id: string): Promise<boolean> {
    const { status } = await this.#change('DELETE', `/sandbox/${id}`, [400, 404, 409]);
    return status < 400 || status === 404;
  }

  /** All of an installation's, page by page. */
  async list(installationId: string): Promise<readonly Machine[]> {
    const found: Machine[] = [];
    const labels = JSON.stringify({ [INSTALLATION_MARK]: installationId });
    for (let cursor: string | undefined; ;) {
      const answer = await this.#client.ask({ path: '/sandbox', query: { labels, limit: MOST_LISTED, cursor } });
      const { items, nextCursor } = answer.json() as MachinePage;
      found.push(...items.filter((machine) => machine.labels?.[INSTALLATION_MARK] === installationId));
      if (!nextCursor || nextCursor === cursor) return found;
      cursor = nextCursor;
    }
  }

  /** Where the machine's toolbox is, without a trailing slash. Rejects when the key must not be sent there. */
  async toolboxOf({ id, toolboxProxyUrl }: Machine): Promise<string> {
    const url = toolboxProxyUrl || (await this.#toolboxProxyUrl(id));
    const { protocol, hostname } = new URL(url);
    if (protocol !== 'https:' && hostname !== this.#apiUrl.hostname)
      throw new Error(`Daytona wants the key to be sent to ${hostname} in the clear`);
    return `${url.replace(/\/+$/, '')}/${id}`;
  }

  /** What was printed. The command may be given more than once, as answers get lost: it must not matter. */
  async execute(toolbox: string, { command, environment, timeoutS }: Execution): Promise<string> {
    const answer = await this.#client.ask({
      method: 'POST',
      path: `${toolbox}/process/execute`,
      json: { command, timeout: timeoutS, ...(environment ? { envs: environment } : {}) },
      timeoutMs: timeoutS * 1000 + ANSWER_MS,
      budgetMs: timeoutS * 1000 + this.#budgetMs,
      repeatable: true,
    });
    const body = answer.json() as { readonly result?: string } | undefined;
    return body?.result ?? '';
  }

  async upload(toolbox: string, files: readonly Upload[]): Promise<void> {
    await this.#client.ask({
      method: 'POST',
      path: `${toolbox}/files/bulk-upload`,
      body: () => formOf(files),
      timeoutMs: UPLOAD_MS,
      budgetMs: UPLOAD_MS + this.#budgetMs,
      repeatable: true,
    });
  }

  /** A nicety where the provider has it: what is uploaded lies in a folder that is ours alone. */
  async setMode(toolbox: string, path: string, mode: number): Promise<void> {
    await this.#client.ask({
      method: 'POST',
      path: `${toolbox}/files/permissions`,
      query: { path, mode: mode.toString(8) },
      expect: [404, 405],
      repeatable: true,
    });
  }

  /** Where a port of the machine can be reached, and what has to be shown there. */
  async previewOf(id: string, port: number): Promise<{ readonly url: string; readonly token: Secret }> {
    const answer = await this.#client.ask({ path: `/sandbox/${id}/ports/${port}/preview-url` });
    const { url, token } = answer.json() as { readonly url: string; readonly token?: string };
    const secret = new Secret(token ?? '');
    this.#redactor.add(secret);
    return { url, token: secret };
  }

  async #toolboxProxyUrl(id: string): Promise<string> {
    const answer = await this.#client.ask({ path: `/sandbox/${id}/toolbox-proxy-url` });
    return (answer.json() as { readonly url: string }).url;
  }

  #change(method: 'POST' | 'DELETE', path: string, expect: readonly number[]): Promise<ProviderAnswer> {
    return this.#client.ask({ method, path, expect, repeatable: true });
  }
}

function formOf(files: readonly Upload[]): FormData {
  const form = new FormData();
  for (const [index, { path, content }] of files.entries()) {
    form.append(`files[${index}].path`, path);
    form.append(`files[${index}].file`, new Blob([content]), path);
  }
  return form;
}
