import { ProviderClient, type ProviderAnswer } from '../../cloud/provider-client.ts';
import { ProviderError } from '../../cloud/provider-error.ts';
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

const PROVIDER = 'Daytona';
/** For what goes wrong on the way of a call that takes long by itself. */
const BUDGET_MS = 60_000;
const ANSWER_MS = 10_000;
/** Whoever asks whether it is there does not wait until it is. */
const CHECK_MS = 10_000;
const UPLOAD_MS = 120_000;
const MOST_LISTED = 100;
const NOT_SERVED = [404, 405];

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
      provider: PROVIDER,
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

  /** Whether it lists sandboxes for the key. */
  async check(signal: AbortSignal | undefined): Promise<boolean> {
    const answer = await this.#client.ask({
      path: '/sandbox',
      query: { limit: 1 },
      expect: NOT_SERVED,
      budgetMs: Math.min(CHECK_MS, this.#budgetMs),
      signal,
    });
    if (NOT_SERVED.includes(answer.status)) return false;
    readPage(answer);
    return true;
  }

  /** Undefined when there is none, or only one that is gone. */
  async find(nameOrId: string): Promise<Machine | undefined> {
    const answer = await this.#client.ask({ path: `/sandbox/${encodeURIComponent(nameOrId)}`, expect: [404] });
    if (answer.status === 404) return undefined;
    const machine = answer.json() as Machine;
    return machine.state === 'destroyed' ? undefined : machine;
  }

  /** Undefined where machines are not listed, too. */
  async findListed({ name, labels }: Pick<NewMachine, 'name' | 'labels'>): Promise<Machine | undefined> {
    const query = { name, labels: JSON.stringify(labels), limit: MOST_LISTED };
    const answer = await this.#client.ask({ path: '/sandbox', query, expect: NOT_SERVED });
    if (NOT_SERVED.includes(answer.status)) return undefined;
    const listed = readPage(answer).items.find((machine) => machine.name === name);
    return listed && this.find(listed.id);
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

  /** All of an installation's, page by page. One that was made just now may be missing. */
  async list(installationId: string): Promise<readonly Machine[]> {
    const found: Machine[] = [];
    const labels = JSON.stringify({ [INSTALLATION_MARK]: installationId });
    for (let cursor: string | undefined; ;) {
      const answer = await this.#client.ask({ path: '/sandbox', query: { labels, limit: MOST_LISTED, cursor } });
      const { items, nextCursor } = readPage(answer);
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

/** Rejects what others answer who stand at the address: the provider's own web pages, whatever the key. */
function readPage(answer: ProviderAnswer): MachinePage {
  const page = answer.json() as MachinePage | readonly Machine[] | undefined;
  // Older installations answer with the machines alone.
  if (Array.isArray(page)) return { items: page as readonly Machine[] };
  if (page && typeof page === 'object' && 'items' in page) return page;
  const { status } = answer;
  throw new ProviderError('What answers does not list sandboxes', { provider: PROVIDER, status, mayBeDone: false });
}

function formOf(files: readonly Upload[]): FormData {
  const form = new FormData();
  for (const [index, { path, content }] of files.entries()) {
    form.append(`files[${index}].path`, path);
    form.append(`files[${index}].file`, new Blob([content]), path);
  }
  return form;
}
