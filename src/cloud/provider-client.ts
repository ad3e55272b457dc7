import { setTimeout as sleep } from 'node:timers/promises';
import { TurboError } from '../domain/errors.ts';
import type { Redactor } from '../domain/redactor.ts';
import { ProviderError } from './provider-error.ts';

export interface ProviderSettings {
  /** What messages call it: `Fly.io`. */
  readonly provider: string;
  /** What paths are put behind, without a trailing slash. */
  readonly baseUrl: string;
  /** Sent with every request. */
  readonly headers: Readonly<Record<string, string>>;
  /** Knows the key, which no message may hold whatever the provider answers. */
  readonly redactor: Redactor;
  /** For all tries of a request together, unless it says otherwise. Default: 60 000. */
  readonly budgetMs?: number | undefined;
  /** For one try, unless the request says otherwise. Default: 30 000. */
  readonly timeoutMs?: number | undefined;
}

export interface ProviderRequest {
  /** Default: `GET`. */
  readonly method?: 'GET' | 'HEAD' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';
  /** Behind the base address, or an address of its own. Never holds a secret. */
  readonly path: string;
  readonly query?: Readonly<Record<string, string | number | boolean | undefined>>;
  readonly headers?: Readonly<Record<string, string>>;
  readonly json?: unknown;
  /** Given anew for each try, as a body can be read once. */
  readonly body?: () => NonNullable<RequestInit['body']>;
  /**
   * Takes the body of an answer below 300, which is then not read into memory. What it rejects with fails the try: a
   * `ProviderError` as it says, a `TurboError` for good, anything else as an answer that did not come.
   */
  readonly receive?: (body: ReadableStream<Uint8Array>) => Promise<void>;
  /** Whether doing it twice is the same as doing it once. Default: true but for POST and PATCH. */
  readonly repeatable?: boolean;
  /** Statuses from 400 on that are answers to the question: 404 for «is there one?». */
  readonly expect?: readonly number[];
  readonly timeoutMs?: number;
  readonly budgetMs?: number;
  readonly signal?: AbortSignal | undefined;
}

export interface ProviderAnswer {
  readonly status: number;
  readonly headers: Headers;
  readonly bytes: Buffer;
  /** The body as JSON; undefined when it is empty. */
  json(): unknown;
}

const TIMEOUT_MS = 30_000;
const BUDGET_MS = 60_000;
const FIRST_WAIT_MS = 200;
const LONGEST_WAIT_MS = 10_000;
const LONGEST_TOLD = 500;
// A name that nobody knows, a port on which nobody listens: waiting for a minute mends neither, a moment may.
const NEVER_CONNECTED = new Set(['ECONNREFUSED', 'ENOTFOUND', 'EAI_AGAIN', 'bad port']);
const CONNECTION_TRIES = 5;

/** Asks one provider over HTTP, again where that is safe, and never follows where it points to. */
export class ProviderClient {
  readonly #settings: ProviderSettings;

  constructor(settings: ProviderSettings) {
    this.#settings = settings;
  }

  /**
   * Resolves to an answer below 400, or one that was expected. What may be repeated is, with growing waits; what was
   * throttled always may, after the time that was asked for. Rejects with `ProviderError`, and with the signal's reason.
   */
  async ask(request: ProviderRequest): Promise<ProviderAnswer> {
    const deadline = performance.now() + (request.budgetMs ?? this.#settings.budgetMs ?? BUDGET_MS);
    for (let attempt = 0; ; attempt += 1) {
      const { answer, error } = await this.#try(request, deadline);
      if (answer) return answer;
      const waitMs = waitBefore(attempt, request, error);
      if (waitMs === undefined || performance.now() + waitMs > deadline) throw error.failure;
      await sleep(waitMs, undefined, { signal: request.signal });
    }
  }

  async #try(request: ProviderRequest, deadline: number): Promise<Attempt> {
    request.signal?.throwIfAborted();
    const longestMs = request.timeoutMs ?? this.#settings.timeoutMs ?? TIMEOUT_MS;
    const timeoutMs = Math.max(1, Math.round(Math.min(longestMs, deadline - performance.now())));
    const timeout = AbortSignal.timeout(timeoutMs);
    try {
      const response = await fetch(this.#urlOf(request), {
        method: request.method ?? 'GET',
        headers: this.#headersOf(request),
        body: request.json === undefined ? (request.body?.() ?? null) : JSON.stringify(request.json),
        // Whoever answers for a provider does not decide where its key goes.
        redirect: 'manual',
        // What a body that is a stream wants to be told.
        duplex: 'half',
        signal: request.signal ? AbortSignal.any([timeout, request.signal]) : timeout,
      });
      return this.#judge(request, response, await readBody(request, response));
    } catch (cause) {
      request.signal?.throwIfAborted();
      if (cause instanceof TurboError) throw cause;
      if (cause instanceof ProviderError) return { error: { failure: cause } };
      return { error: { failure: this.#noAnswer(cause, timeout.aborted ? timeoutMs : undefined) } };
    }
  }

  #urlOf({ path, query = {} }: ProviderRequest): URL {
    const url = new URL(path.startsWith('/') ? `${this.#settings.baseUrl}${path}` : path);
    for (const [name, value] of Object.entries(query)) {
      if (value !== undefined) url.searchParams.set(name, String(value));
    }
    return url;
  }

  #headersOf(request: ProviderRequest): Record<string, string> {
    const headers = { ...this.#settings.headers, ...request.headers };
    return request.json === undefined ? headers : { 'content-type': 'application/json', ...headers };
  }

  #judge(request: ProviderRequest, response: Response, bytes: Buffer): Attempt {
    const { status, headers } = response;
    if (status < 400 || request.expect?.includes(status)) {
      return { answer: { status, headers, bytes, json: () => this.#parse(status, bytes) } };
    }
    const { message, code } = readProblem(bytes);
    const told = this.#settings.redactor.redact(message.slice(0, LONGEST_TOLD));
    const { provider } = this.#settings;
    const failure = new ProviderError(`${provider} answered ${status}${told === '' ? '' : `: ${told}`}`, {
      provider,
      status,
      code,
      mayBeDone: status >= 500 || status === 408,
    });
    return { error: { failure, askedWaitMs: readRetryAfter(headers) } };
  }

  #parse(status: number, bytes: Buffer): unknown {
    if (bytes.length === 0) return undefined;
    try {
      return JSON.parse(bytes.toString('utf8'));
    } catch (cause) {
      const { provider } = this.#settings;
      throw new ProviderError(`${provider} answered with something that is not JSON`, {
        provider,
        status,
        mayBeDone: true,
        cause,
      });
    }
  }

  #noAnswer(cause: unknown, timeoutMs: number | undefined): ProviderError {
    const { provider, baseUrl } = this.#settings;
    const why = timeoutMs === undefined ? causeOf(cause) : `no answer within ${timeoutMs} ms`;
    const message = `${provider} cannot be reached at ${new URL(baseUrl).host} (${why})`;
    const mayBeDone = !NEVER_CONNECTED.has(why);
    return new ProviderError(this.#settings.redactor.redact(message), { provider, mayBeDone, cause });
  }
}

type Attempt =
  | { readonly answer: ProviderAnswer; readonly error?: undefined }
  | { readonly answer?: undefined; readonly error: FailedTry };

interface FailedTry {
  readonly failure: ProviderError;
  readonly askedWaitMs?: number | undefined;
}

async function readBody({ receive }: ProviderRequest, response: Response): Promise<Buffer> {
  if (!receive || !response.ok || !response.body) return Buffer.from(await response.arrayBuffer());
  await receive(response.body);
  return Buffer.alloc(0);
}

/** Milliseconds until the next try; undefined when there must be none. Full jitter, so that many do not come together. */
function waitBefore(
  attempt: number,
  request: ProviderRequest,
  { failure, askedWaitMs }: FailedTry,
): number | undefined {
  const repeatable = request.repeatable ?? !['POST', 'PATCH'].includes(request.method ?? 'GET');
  // Throttled, or turned away with a time to come back: it was not done.
  const wasNotDone = failure.status === 429 || (failure.status === 503 && askedWaitMs !== undefined);
  const neverConnected = failure.status === undefined && !failure.mayBeDone;
  if (neverConnected && attempt + 1 >= CONNECTION_TRIES) return undefined;
  if (!wasNotDone && !neverConnected && !(repeatable && failure.mayBeDone)) return undefined;
  return askedWaitMs ?? Math.random() * Math.min(LONGEST_WAIT_MS, FIRST_WAIT_MS * 2 ** attempt) + FIRST_WAIT_MS / 4;
}

/** `Retry-After` in seconds or as a date; some send milliseconds under a name of their own. */
function readRetryAfter(headers: Headers): number | undefined {
  const milliseconds = headers.get('retry-after-ms');
  if (milliseconds !== null && /^\d+$/.test(milliseconds)) return Number(milliseconds);
  const text = headers.get('retry-after');
  if (text === null) return undefined;
  if (/^\d+(?:\.\d+)?$/.test(text)) return Number(text) * 1000;
  const dateMs = Date.parse(text);
  return Number.isNaN(dateMs) ? undefined : Math.max(0, dateMs - Date.now());
}

/** What the body says went wrong, in whichever of the common shapes it does. */
function readProblem(bytes: Buffer): { readonly message: string; readonly code: string | undefined } {
  const text = bytes.toString('utf8');
  try {
    const body = JSON.parse(text) as Record<string, unknown>;
    // Registries of images put what went wrong into a list.
    const [first] = (Array.isArray(body['errors']) ? body['errors'] : []) as readonly (typeof body | undefined)[];
    const told = [body['message'], body['error'], body['details'], first?.['message']];
    const message = told.find((value) => typeof value === 'string');
    const code = [body['code'], body['status'], first?.['code']].find((value) => typeof value === 'string');
    return { message: message ?? '', code };
  } catch {
    return { message: /^\s*</.test(text) ? '' : text.trim(), code: undefined };
  }
}

/** `fetch` hides what happened to the connection one level down. */
function causeOf(error: unknown): string {
  const { cause } = error as { readonly cause?: { readonly code?: string; readonly message?: string } };
  return cause?.code ?? cause?.message ?? (error instanceof Error ? error.message : String(error));
}
